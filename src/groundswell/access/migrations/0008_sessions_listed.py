"""Sessions say on what device and about when they were used, to their holder alone, who may end each."""

from django.db import migrations

from groundswell.access.operations import Definer

COLUMNS = """
alter table access_session
    add column device text not null default '' check (length(device) <= 60),
    add column seen_at timestamptz not null default date_trunc('hour', now());
"""
DROP = "alter table access_session drop column device, drop column seen_at;"

# By the hour: enough to know a session of one's own, too coarse to follow anybody through her day.
SEEN = Definer(
    "session_seen(secret text, on_device text)",
    returns="boolean",
    volatility="volatile",
    body="""
begin
    update access_session held set seen_at = date_trunc('hour', now()), device = left(on_device, 60)
    where held.digest = sha256(convert_to(secret, 'UTF8')) and held.kind = 'person'
      and held.ended_at is null and held.expires_at > now();
    return found;
end
""",
)
# What `session_read` gives, and whether this hour is noted already: no second question in a request.
LOOK = Definer(
    "session_look(secret text)",
    returns="table (data text, account_id bigint, noted boolean)",
    body="""
begin
    return query
        select held.data, held.account_id, held.device <> '' and held.seen_at >= date_trunc('hour', now())
        from access_session held
        where held.digest = sha256(convert_to(secret, 'UTF8')) and held.kind in ('visitor', 'person')
          and held.ended_at is null and held.expires_at > now();
end
""",
)
# A handle names a session and opens nothing: it is a digest of the digest.
LISTED = Definer(
    "session_list()",
    returns="table (handle text, device text, created_at timestamptz, seen_at timestamptz, here boolean)",
    body="""
begin
    return query
        select encode(sha256(held.digest), 'hex'), held.device, held.created_at, held.seen_at,
               held.digest = sha256(convert_to(current_setting('app.session', true), 'UTF8'))
        from access_session held
        where held.account_id = scope_account() and held.ended_at is null and held.expires_at > now()
        order by held.created_at desc;
end
""",
)
END_ONE = Definer(
    "session_end_one(of_handle text)",
    returns="boolean",
    volatility="volatile",
    body="""
begin
    update access_session held set ended_at = now(), data = ''
    where held.account_id = scope_account() and held.ended_at is null
      and encode(sha256(held.digest), 'hex') = of_handle;
    return found;
end
""",
)
END_OTHERS = Definer(
    "session_end_others()",
    returns="integer",
    volatility="volatile",
    body="""
declare
    ended integer;
begin
    update access_session held set ended_at = now(), data = ''
    where held.account_id = scope_account() and held.ended_at is null
      and held.digest <> sha256(convert_to(current_setting('app.session', true), 'UTF8'));
    get diagnostics ended = row_count;
    return ended;
end
""",
)


class Migration(migrations.Migration):
    dependencies = [("access", "0007_scope_of_contacts")]
    operations = [migrations.RunSQL(COLUMNS, DROP), SEEN, LOOK, LISTED, END_ONE, END_OTHERS]
