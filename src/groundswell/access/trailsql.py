"""The SQL of the trail's triggers: one function per trailed table, run once per statement.

The statements are fixed per table (no dynamic SQL), so their plans are kept. A kept plan made for one
row would join thousands by nested loops: these are off. One random secret is drawn per statement, the
salt of each row is derived from it, and the secret is forgotten.
"""

_ENTRIES = """
        with changed as materialized (
            select nextval('access_trail_id_seq') as id, c.row_id, c.unit_id, c.person_id, c.old, c.new,
                   sha256(secret || convert_to(c.row_id, 'UTF8')) as salt
            from ({changes}) c
        ), entered as (
            insert into access_trail
                (id, stamp, section_id, unit_id, table_name, row_id, op, by_kind, account_id, purpose, digest)
            select c.id, stamp, (select u.section_id from structure_unit u where u.id = c.unit_id), c.unit_id,
                   '{table}', c.row_id, op, by_kind, account, purpose,
                   trail_digest(c.salt, c.old, c.new)
            from changed c
        )
        insert into access_trailpayload (trail_id, person_id, salt, old, new)
        select c.id, c.person_id, c.salt, c.old, c.new from changed c;
"""

_FUNCTION = """
create function {name}() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp set enable_nestloop = off set work_mem = '64MB' as $trail$
declare
    secret bytea := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
    stamp bigint := org_stamp();
    op text := lower(tg_op);
    purpose text := nullif(current_setting('app.purpose', true), '');
    by_kind text;
    account bigint;
begin
    select s.kind, s.account_id into by_kind, account from scope_session() s;
    by_kind := coalesce(by_kind, case session_user when 'gs_app' then 'nobody' else session_user end);
    if tg_op = 'INSERT' then {insert}
    elsif tg_op = 'DELETE' then {delete}
    else {update}
    end if;
    return null;
end
$trail$
"""


def _columns(row: str, key: str, unit: str | None, person: str | None) -> str:
    unit_id = f"{row}.{unit}" if unit else "null::bigint"
    person_id = f"{row}.{person}" if person else "null::bigint"
    return f"{row}.{key}::text as row_id, {unit_id} as unit_id, {person_id} as person_id"


def trail_function(name: str, table: str, *, key: str, unit: str | None, person: str | None) -> str:
    """Return the statement that makes the trigger function of one table."""
    # OFFSET 0 keeps the planner from computing the same JSON twice. All names come from migrations.
    insert = f"""
        select {_columns("n", key, unit, person)}, null::json as old, row_to_json(n) as new
        from new_rows n offset 0"""  # noqa: S608  # nosec B608 - names from migrations
    delete = f"""
        select {_columns("o", key, unit, person)}, row_to_json(o) as old, null::json as new
        from old_rows o offset 0"""  # noqa: S608  # nosec B608 - the same
    # A full join: a row whose key itself was changed shows as gone and as come.
    both = f"coalesce(n.{key}, o.{key})::text as row_id"
    unit_id = f"coalesce(n.{unit}, o.{unit})" if unit else "null::bigint"
    person_id = f"coalesce(n.{person}, o.{person})" if person else "null::bigint"
    update = f"""
        select {both}, {unit_id} as unit_id, {person_id} as person_id,
               case when o.{key} is not null then row_to_json(o) end as old,
               case when n.{key} is not null then row_to_json(n) end as new
        from old_rows o full join new_rows n on n.{key} = o.{key}
        where o::text is distinct from n::text offset 0"""  # noqa: S608  # nosec B608 - the same
    return _FUNCTION.format(
        name=name,
        **{
            op: _ENTRIES.format(changes=changes, table=table)
            for op, changes in (("insert", insert), ("delete", delete), ("update", update))
        },
    )


def trail_triggers(name: str, table: str) -> list[str]:
    """Return the statements that hang the function on the table, once per kind of change."""
    images = {
        "insert": "new table as new_rows",
        "delete": "old table as old_rows",
        "update": "old table as old_rows new table as new_rows",
    }
    return [
        f"create trigger gs_trail_{op} after {op} on {table} referencing {image}"
        f" for each statement execute function {name}()"
        for op, image in images.items()
    ]
