"""A second factor hangs again on a sign-in that comes back when a merge is undone."""

from django.db import migrations

from groundswell.access.operations import Definer

# The application vouches for each (decision 0405); one comes back only to the account that came back itself,
# so none hangs on a sign-in that somebody else has made with the same e-mail since.
FACTOR_BACK = Definer(
    "duplicates_factor_back(merge bigint, factor jsonb)",
    returns="void",
    volatility="volatile",
    body="""
declare
    told duplicates_merge;
begin
    select m.* into told from duplicates_merge m where m.id = merge and m.undone_at is null;
    if told.id is null or not (scope_may_erase(told.person_id) and scope_may_erase(told.goes)) then
        raise exception 'Undoing a merge is for the data protection officer of the person.' using errcode = '42501';
    end if;
    insert into mfa_authenticator
    select f.* from jsonb_populate_record(null::mfa_authenticator, factor) f
    join accounts_account a on a.id = f.user_id and a.person_id = told.goes
    on conflict do nothing;
end
""",
)


class Migration(migrations.Migration):
    dependencies = [
        ("duplicates", "0002_merging"),
        ("accounts", "0008_demanded_from_the_top"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]
    operations = [FACTOR_BACK]
