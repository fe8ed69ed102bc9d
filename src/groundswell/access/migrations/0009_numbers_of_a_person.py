"""A person may have had more than one number: what is held of her, and what goes with her, is under all of them."""

from django.db import migrations

from groundswell.access.operations import Definer, RowSecurity

TABLE = """
create table access_merged (
    goes bigint primary key,
    stays bigint not null,
    at timestamptz not null default now(),
    check (goes <> stays)
);
create index access_merged_stays on access_merged (stays);
revoke all on access_merged from public, gs_app;
grant select on access_merged to gs_app;
"""

NUMBERS = Definer(
    "person_numbers(person bigint)",
    returns="bigint[]",
    private=True,
    body="""
begin
    return array(select m.goes from access_merged m where m.stays = person) || person;
end
""",
)

# As the one who asks, not as a definer: who sees a person sees the keys of records merged into hers.
SEES = """
create or replace function scope_sees_person(person bigint) returns boolean
language plpgsql stable parallel safe set search_path = pg_catalog, public, pg_temp as $$
begin
    return exists (select 1 from people_person p where p.id = person) or exists (
        select 1 from access_merged m join people_person p on p.id = m.stays where m.goes = person);
end
$$;
"""

# The condition that finds her rows in a declared table; $1 are her numbers.
WHERE = Definer(
    "personal_where(one access_personal)",
    returns="text",
    private=True,
    body="""
begin
    if one.via_table is null then
        return format('%I = any($1)', one.owner_column);
    end if;
    return format('%I in (select id from %s where %I = any($1))',
                  one.owner_column, one.via_table::regclass, one.via_column);
end
""",
    again=True,
)

EMPTY = Definer(
    "personal_empty(one access_personal, person bigint, emptied jsonb)",
    returns="bigint",
    volatility="volatile",
    private=True,
    body="""
declare
    counted bigint;
    changes text;
begin
    select string_agg(format('%I = %s', key, value), ', ') into changes from jsonb_each_text(emptied);
    if changes is null then
        execute format('delete from %s where %s', one.table_name::regclass, personal_where(one)) using person_numbers(person);
    else
        execute format('update %s set %s where %s', one.table_name::regclass, changes, personal_where(one))
            using person_numbers(person);
    end if;
    get diagnostics counted = row_count;
    return counted;
end
""",
    again=True,
)

HELD = Definer(
    "person_held(person bigint)",
    returns="table (table_name text, held jsonb)",
    body="""
declare
    one access_personal;
begin
    if not coalesce(scope_person() = person or scope_may_erase(person), false) then
        raise exception 'What is held of a person is for herself and her data protection officer.'
            using errcode = '42501';
    end if;
    for one in select * from access_personal p where p.handed_out order by p.place loop
        if one.table_name = 'access_trailpayload' then
            return query
                select one.table_name, jsonb_build_object(
                    'at', entry.at, 'table', entry.table_name, 'op', entry.op,
                    'old', payload.old::jsonb - coalesce(other.withheld, '{}'::text[]),
                    'new', payload.new::jsonb - coalesce(other.withheld, '{}'::text[]))
                from access_trailpayload payload
                join access_trail entry on entry.id = payload.trail_id
                left join access_personal other on other.table_name = entry.table_name
                where payload.person_id = any(person_numbers(person)) order by entry.id;
        else
            return query execute format('select %L::text, to_jsonb(t) - %L::text[] from %s t where %s',
                one.table_name, one.withheld, one.table_name::regclass, personal_where(one)) using person_numbers(person);
        end if;
    end loop;
end
""",
    again=True,
)

REDUCE = Definer(
    "person_reduce(person bigint)",
    returns="jsonb",
    volatility="volatile",
    body="""
declare
    one access_personal;
    counts jsonb := '{}';
begin
    if not scope_may_erase(person) then
        raise exception 'Reducing a person is for her data protection officer.' using errcode = '42501';
    end if;
    if exists (select from people_hold h where h.person_id = person and h.lifted_at is null) then
        raise exception 'This person is kept by a legal hold.'
            using errcode = '23514', constraint = 'people_hold_keeps_the_person';
    end if;
    for one in select * from access_personal p where p.reduces order by p.place loop
        counts := counts || jsonb_build_object(one.table_name, personal_empty(one, person, one.leaner));
    end loop;
    -- What the trail keeps of these rows goes with them.
    update access_trailpayload payload set person_id = null, salt = null, old = null, new = null
    from access_trail entry
    where payload.person_id = any(person_numbers(person)) and entry.id = payload.trail_id
      and entry.table_name in (select p.table_name from access_personal p where p.reduces);
    return counts;
end
""",
    again=True,
)


class Migration(migrations.Migration):
    dependencies = [("access", "0008_sessions_listed"), ("people", "0017_read_by_ranges")]
    operations = [
        migrations.RunSQL(TABLE, "drop table access_merged;"),
        RowSecurity(
            "access_merged", read="(select scope_all()) or stays in (select p.id from people_person p)"
        ),
        migrations.RunSQL(SEES, migrations.RunSQL.noop),
        NUMBERS,
        WHERE,
        EMPTY,
        HELD,
        REDUCE,
    ]
