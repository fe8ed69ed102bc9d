"""Sessions that the runtime role cannot read, and the functions that resolve a session to its scope.

Every function is plpgsql, so it may name tables of rooms above that do not exist yet, belongs to
`gs_search` (which row security does not bind) and pins its search path with `pg_temp` last, so that a
temporary table cannot stand in for a real one.
"""

from typing import Any

from django.db import migrations

from groundswell.access import gate
from groundswell.access.operations import Definer, RowSecurity

TABLES = """
create table access_gate (
    id smallint primary key default 1 check (id = 1),
    gate_key bytea not null check (length(gate_key) = 32)
);
create table access_session (
    digest bytea primary key check (length(digest) = 32),
    kind text not null check (kind in ('visitor', 'person', 'operator', 'worker')),
    account_id bigint,
    data text not null default '',
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    ended_at timestamptz,
    check ((kind = 'person') = (account_id is not null))
);
create index access_session_account on access_session (account_id) where account_id is not null;
create index access_session_expires on access_session (expires_at);
revoke all on access_gate, access_session from public, gs_app;
grant select, insert, update, delete on access_gate, access_session to gs_search;
"""

DROP_TABLES = "drop table access_session; drop table access_gate;"

# HMAC in its nested form; the database has no pgcrypto, and sha256() is in the core. Rooms above use it
# in their own definer functions: the runtime role acts for the application only with the gate's proof.
PROVES = Definer(
    "gate_proves(message text, mac bytea)",
    returns="boolean",
    body="""
declare
    gate bytea;
begin
    select gate_key into gate from access_gate;
    if gate is null then
        raise exception 'The gate has no key: run "groundswell migrate".';
    end if;
    -- Both sides are hashed once more, so that the time of the comparison tells nothing.
    return coalesce(
        sha256(mac) = sha256(sha256(gate || sha256(gate || convert_to(message, 'UTF8')))), false);
end
""",
)

# Each value with its length before it, so that no two lists of values make the same message.
MESSAGE = """
create function gate_message(subject text, said text[]) returns text
language sql immutable parallel safe as $$
    select subject || coalesce((
        select string_agg(coalesce(octet_length(convert_to(value, 'UTF8')) || ':' || value, '-'), '|' order by place)
        from unnest(said) with ordinality listed (value, place)), '')
$$;
"""

OPEN = Definer(
    "session_open(new_digest bytea, new_kind text, account bigint, expires bigint, new_data text, mac bytea)",
    returns="boolean",
    volatility="volatile",
    body="""
declare
    changed integer;
begin
    if new_kind not in ('visitor', 'person') then
        raise exception 'A session of this kind is not opened here.' using errcode = '42501';
    end if;
    if not gate_proves(
            format('open|%s|%s|%s|%s', encode(new_digest, 'hex'), new_kind, coalesce(account::text, '-'), expires),
            mac) then
        raise exception 'This session was not opened by the application.' using errcode = '42501';
    end if;
    insert into access_session as held (digest, kind, account_id, data, expires_at)
    values (new_digest, new_kind, account, new_data, to_timestamp(expires))
    on conflict (digest) do update
        set kind = excluded.kind, account_id = excluded.account_id, data = excluded.data,
            expires_at = excluded.expires_at
        where held.kind = 'visitor' and held.ended_at is null;
    get diagnostics changed = row_count;
    return changed = 1;
end
""",
)

READ = Definer(
    "session_read(secret text)",
    returns="table (data text, account_id bigint, expires_at timestamptz)",
    volatility="stable",
    body="""
begin
    return query
        select held.data, held.account_id, held.expires_at from access_session held
        where held.digest = sha256(convert_to(secret, 'UTF8')) and held.kind in ('visitor', 'person')
          and held.ended_at is null and held.expires_at > now();
end
""",
)

WRITE = Definer(
    "session_write(secret text, new_data text)",
    returns="boolean",
    volatility="volatile",
    body="""
begin
    update access_session held set data = new_data
    where held.digest = sha256(convert_to(secret, 'UTF8')) and held.kind in ('visitor', 'person')
      and held.ended_at is null and held.expires_at > now();
    return found;
end
""",
)

END = Definer(
    "session_end(secret text)",
    returns="boolean",
    volatility="volatile",
    body="""
begin
    update access_session held set ended_at = now(), data = ''
    where held.digest = sha256(convert_to(secret, 'UTF8')) and held.kind in ('visitor', 'person')
      and held.ended_at is null;
    return found;
end
""",
)

END_ALL = Definer(
    "session_end_all(account bigint)",
    returns="integer",
    volatility="volatile",
    body="""
declare
    ended integer;
begin
    if not coalesce(scope_all() or scope_account() = account, false) then
        raise exception 'Only the holder of an account ends all of its sessions.' using errcode = '42501';
    end if;
    update access_session held set ended_at = now(), data = ''
    where held.account_id = account and held.ended_at is null;
    get diagnostics ended = row_count;
    return ended;
end
""",
)

SWEEP = Definer(
    "session_sweep()",
    returns="integer",
    volatility="volatile",
    body="""
declare
    swept integer;
begin
    -- A week's grace keeps the digest taken, so that an opening cannot be played again.
    delete from access_session where expires_at < now() - interval '7 days';
    get diagnostics swept = row_count;
    return swept;
end
""",
)

SESSION = Definer(
    "scope_session(out kind text, out account_id bigint, out person_id bigint)",
    returns="record",
    body="""
declare
    secret text := current_setting('app.session', true);
begin
    -- After SET LOCAL a setting is '' and not NULL.
    if coalesce(secret, '') = '' then
        return;
    end if;
    select held.kind, held.account_id into kind, account_id from access_session held
    where held.digest = sha256(convert_to(secret, 'UTF8')) and held.kind <> 'visitor'
      and held.ended_at is null and held.expires_at > now();
    if kind = 'person' then
        select account.person_id into person_id from accounts_account account
        where account.id = scope_session.account_id and account.is_active;
        if not found then
            kind := null;
            account_id := null;
        end if;
    end if;
end
""",
)

REACH = Definer(
    "scope_reach(offices text[], names boolean)",
    returns="bigint[]",
    body="""
declare
    person bigint := scope_person();
    tops text[];
begin
    if person is null then
        return '{}';
    end if;
    tops := array(
        select top.path from accounts_mandate held join structure_unit top on top.id = held.unit_id
        where held.person_id = person and held.office = any (offices)
          and held.valid @> org_today() and upper_inf(held.recorded)
          and (top.holds_names or not names));
    if cardinality(tops) = 0 then
        return '{}';
    end if;
    -- '0' follows '/': the range holds the unit itself and all below, and a plain index serves it.
    if cardinality(tops) = 1 then
        return array(
            select below.id from structure_unit below
            where below.path >= tops[1] and below.path < left(tops[1], -1) || '0'
              and (below.holds_names or not names));
    end if;
    return array(
        select distinct below.id from unnest(tops) as top (path)
        join structure_unit below on below.path >= top.path and below.path < left(top.path, -1) || '0'
        where below.holds_names or not names);
end
""",
)


def reach(name: str, offices: str, *, names: bool) -> Definer:
    """Return a function of no arguments that resolves the session's reach in these offices."""
    return Definer(
        f"{name}()",
        returns="bigint[]",
        body=f"begin return scope_reach('{{{offices}}}', {str(names).lower()}); end",
    )


EVERY_OFFICE = "organiser,secretary,treasurer,dpo,auditor"


def open_the_gate(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 - Django's signature
    """Install the keys now, so that migrations of other rooms in the same run may move data."""
    gate.prepare_migrations(schema_editor.connection)


class Migration(migrations.Migration):
    initial = True
    dependencies = [("kernel", "0001_clock")]
    operations = [
        migrations.RunSQL(TABLES, DROP_TABLES),
        PROVES,
        migrations.RunSQL(MESSAGE, "drop function gate_message(text, text[]);"),
        SESSION,
        Definer(
            "scope_known()", returns="boolean", body="begin return (scope_session()).kind is not null; end"
        ),
        Definer(
            "scope_all()",
            returns="boolean",
            # The prefix proves nothing; it spares everybody else's statements a look-up.
            body="""
begin
    return coalesce(
        starts_with(current_setting('app.session', true), 'all-')
        and (scope_session()).kind in ('operator', 'worker'), false);
end
""",
        ),
        Definer("scope_person()", returns="bigint", body="begin return (scope_session()).person_id; end"),
        Definer("scope_account()", returns="bigint", body="begin return (scope_session()).account_id; end"),
        REACH,
        reach("scope_units", EVERY_OFFICE, names=True),
        reach("scope_figures", EVERY_OFFICE, names=False),
        reach("scope_write_units", "organiser,secretary", names=True),
        reach("scope_structure_units", "secretary", names=False),
        OPEN,
        READ,
        WRITE,
        END,
        END_ALL,
        SWEEP,
        # Moving the clock would bring an ended mandate back to life, and a false mark would change figures.
        RowSecurity("kernel_clock", read="true", write="(select scope_all())", force=False),
        RowSecurity("kernel_settlemark", read="true", write="(select scope_all())", force=False),
        migrations.RunPython(open_the_gate, migrations.RunPython.noop),
    ]
