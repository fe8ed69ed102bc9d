"""The officer of a breach ends the sessions of the accounts through which it happened."""

from django.db import migrations, models

from groundswell.access.operations import Definer

# Only accounts that the breach names and whose persons lie in the officer's own reach: a breach that was
# written past the application ends nobody else's. The session that asks goes on. Links that were sent and
# not used open nothing afterwards. Without `finish` it only counts.
SESSIONS = Definer(
    "protection_breach_sessions(breach bigint, finish boolean)",
    returns="table (accounts bigint, sessions bigint)",
    volatility="volatile",
    body="""
declare
    told protection_breach;
    own bytea := sha256(convert_to(coalesce(current_setting('app.session', true), ''), 'UTF8'));
    named bigint[];
    found bytea[];
begin
    select b.* into told from protection_breach b where b.id = breach;
    if told.id is null or not (scope_all() or told.unit_id = any (scope_reach('{dpo}', false))) then
        raise exception 'This session does not answer for this breach.' using errcode = '42501';
    end if;
    named := array(
        select a.id from accounts_account a join people_person p on p.id = a.person_id
        where a.id = any (told.accounts) and (scope_all() or p.unit_id = any (scope_reach('{dpo}', true))));
    if finish then
        delete from accounts_signinlink l where l.account_id = any (named) and l.used_at is null;
    end if;
    found := array(
        select held.digest from access_session held
        where held.account_id = any (named) and held.digest <> own
          and held.ended_at is null and held.expires_at > now());
    if finish then
        update access_session held set ended_at = now(), data = '' where held.digest = any (found);
    end if;
    return query select count(distinct held.account_id), count(*) from access_session held
        where held.digest = any (found);
end
""",
)


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0012_erasing_many"),
        ("accounts", "0008_demanded_from_the_top"),
        ("protection", "0008_purposes_of_the_whole"),
    ]
    operations = [
        migrations.AddField("breach", "sessions_ended", models.IntegerField(default=0, db_default=0)),
        migrations.AddField("breach", "sessions_ended_at", models.DateTimeField(null=True)),
        SESSIONS,
    ]
