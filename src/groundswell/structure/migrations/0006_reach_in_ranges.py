"""What lies below each unit, kept as ranges of numbers: whether a row is in reach is one look into them.

`scope_units()` gathers a section's units anew in every statement, and the statement builds a hash of them:
most of what row security cost where a single row is read. The ranges are kept by triggers on the tree, closed
to the application, and read by a definer function (decision 0611).
"""

from django.db import migrations

from groundswell.access.operations import Definer, RowSecurity

# The trigger that makes and ends its rows stands for a foreign key.
TABLES = """
create table structure_reach (
  unit_id bigint primary key,
  named int8multirange not null
);
revoke all on structure_reach from public, gs_app;
grant select, insert, update, delete on structure_reach to gs_search;
insert into structure_reach (unit_id, named)
select top.id, coalesce((
  select range_agg(int8range(below.id, below.id, '[]')) from structure_unit below
  where below.path >= top.path and below.path < left(top.path, -1) || '0' and below.holds_names), '{}')
from structure_unit top;
"""

# Both images in one function: what left a unit's reach goes out of it, what came into it goes in.
KEPT = """
create function structure_reach_moved(gone bigint[], from_paths text[], come bigint[], to_paths text[])
  returns void language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  with said as (
    select top::bigint as unit_id, u.id, u.side
    from (select id, path, -1 as side from unnest(gone, from_paths) g (id, path)
          union all select id, path, 1 from unnest(come, to_paths) c (id, path)) u
    cross join lateral unnest(string_to_array(trim(both '/' from u.path), '/')) top
  ), changed as (
    select unit_id,
           coalesce(range_agg(int8range(id, id, '[]')) filter (where side < 0), '{}') as minus,
           coalesce(range_agg(int8range(id, id, '[]')) filter (where side > 0), '{}') as plus
    from said group by unit_id
  )
  update structure_reach r set named = r.named - c.minus + c.plus
  from changed c where c.unit_id = r.unit_id and c.minus <> c.plus
$$;
revoke execute on function structure_reach_moved(bigint[], text[], bigint[], text[]) from public;
alter function structure_reach_moved(bigint[], text[], bigint[], text[]) owner to gs_search;

create function structure_reach_kept() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    insert into structure_reach (unit_id, named) select id, '{}' from made;
    perform structure_reach_moved(null, null, array_agg(id), array_agg(path)) from made where holds_names;
  elsif tg_op = 'DELETE' then
    delete from structure_reach where unit_id in (select id from was);
    perform structure_reach_moved(array_agg(id), array_agg(path), null, null) from was where holds_names;
  else
    perform structure_reach_moved(
      array_agg(o.id) filter (where o.holds_names), array_agg(o.path) filter (where o.holds_names),
      array_agg(m.id) filter (where m.holds_names), array_agg(m.path) filter (where m.holds_names))
    from was o join made m using (id)
    where (o.path, o.holds_names) <> (m.path, m.holds_names) having count(*) > 0;
  end if;
  return null;
end $$;
revoke execute on function structure_reach_kept() from public;
alter function structure_reach_kept() owner to gs_search;
create trigger structure_reach_made after insert on structure_unit
  referencing new table as made for each statement execute function structure_reach_kept();
create trigger structure_reach_changed after update on structure_unit
  referencing old table as was new table as made for each statement execute function structure_reach_kept();
create trigger structure_reach_gone after delete on structure_unit
  referencing old table as was for each statement execute function structure_reach_kept();
"""
DROP = """
drop trigger structure_reach_gone on structure_unit;
drop trigger structure_reach_changed on structure_unit;
drop trigger structure_reach_made on structure_unit;
drop function structure_reach_kept();
drop function structure_reach_moved(bigint[], text[], bigint[], text[]);
drop table structure_reach;
"""

# The same reach as scope_units(), by the same rules of session, mandate and names.
NAMED = Definer(
    "scope_named()",
    returns="int8multirange",
    body="""
declare
  person bigint := (scope_session()).person_id;
  within int8multirange := '{}';
  held int8multirange;
begin
  if person is not null then
    for held in
      select reach.named from accounts_mandate m
      join structure_unit top on top.id = m.unit_id join structure_reach reach on reach.unit_id = m.unit_id
      where m.person_id = person and m.office = any ('{organiser,secretary,treasurer,dpo,auditor}')
        and m.valid @> org_today() and upper_inf(m.recorded) and top.holds_names
    loop
      within := within + held;
    end loop;
  end if;
  return within;
end
""",
)

# For tests and for whoever doubts: units whose ranges are not what the tree says.
WRONG = Definer(
    "structure_reach_wrong()",
    returns="setof varchar",
    body="""
begin
  if not scope_all() then
    raise exception 'Only the operator compares the reach with the tree.' using errcode = '42501';
  end if;
  return query select top.code from structure_unit top left join structure_reach kept on kept.unit_id = top.id
    where kept.named is distinct from coalesce((
      select range_agg(int8range(below.id, below.id, '[]')) from structure_unit below
      where starts_with(below.path, top.path) and below.holds_names), '{}');
end
""",
)


class Migration(migrations.Migration):
    dependencies = [("structure", "0005_changes_defended")]
    operations = [
        migrations.RunSQL(TABLES + KEPT, DROP),
        NAMED,
        WRONG,
        RowSecurity("structure_reach", read="false"),
    ]
