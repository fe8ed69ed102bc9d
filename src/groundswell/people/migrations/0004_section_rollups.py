"""A second roll-up by section: what a report over all sections sums, a hundred times fewer rows.

It says what the roll-up by unit says under today's sections: moves inside a section are left out, and
when a unit changes its section its rows are carried over. A unit above the sections is its own.
Joining and changing the tree keep apart by the tree's lock, shared by whoever writes movements.
"""

from django.db import migrations, models

from groundswell.access.operations import RowSecurity

ROLLED_UP = """
create or replace function people_movement_rolled_up() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if exists (
    select from made n left join people_counting c on c.unit_id = n.unit_id and c.valid @> n.day
    where (n.origin = 'return') <> (c.id is not null)
  ) then
    raise exception using errcode = '23514', constraint = 'people_one_way_of_counting',
      message = 'a unit counts by persons or by returns over a period, never both';
  end if;
  perform pg_advisory_xact_lock_shared(hashtext('structure'));
  with summed as (
    insert into people_rollup (unit_id, other_id, month, opening, entry, exit, move_in, move_out)
    select unit_id, other_id, date_trunc('month', day)::date,
           coalesce(sum(delta) filter (where flow = 'opening'), 0),
           coalesce(sum(delta) filter (where flow = 'entry'), 0),
           coalesce(sum(delta) filter (where flow = 'exit'), 0),
           coalesce(sum(delta) filter (where flow = 'move_in'), 0),
           coalesce(sum(delta) filter (where flow = 'move_out'), 0)
    from made where counts group by 1, 2, 3
    returning *
  )
  insert into people_sectionrollup (section_id, other_id, month, opening, entry, exit, move_in, move_out)
  select coalesce(u.section_id, u.id), coalesce(o.section_id, o.id), s.month,
         sum(s.opening), sum(s.entry), sum(s.exit), sum(s.move_in), sum(s.move_out)
  from summed s join structure_unit u on u.id = s.unit_id left join structure_unit o on o.id = s.other_id
  where o.id is null or coalesce(u.section_id, u.id) <> coalesce(o.section_id, o.id)
  group by 1, 2, 3;
  return null;
end $$;

create or replace function people_rollup_compact() returns bigint language plpgsql security definer
set search_path = public, pg_temp as $$
declare merged bigint;
declare more bigint;
begin
  if not pg_try_advisory_xact_lock(hashtext('people_rollup_compact')) then return 0; end if;
  with crowded as (
    select unit_id, other_id, month from people_rollup group by 1, 2, 3 having count(*) > 1
  ), gone as (
    delete from people_rollup r using crowded c
    where r.unit_id = c.unit_id and r.month = c.month and r.other_id is not distinct from c.other_id
    returning r.*
  ), summed as (
    insert into people_rollup (unit_id, other_id, month, opening, entry, exit, move_in, move_out)
    select unit_id, other_id, month, sum(opening), sum(entry), sum(exit), sum(move_in), sum(move_out)
    from gone group by 1, 2, 3
  ) select count(*) into merged from gone;
  with crowded as (
    select section_id, other_id, month from people_sectionrollup group by 1, 2, 3 having count(*) > 1
  ), gone as (
    delete from people_sectionrollup r using crowded c
    where r.section_id = c.section_id and r.month = c.month and r.other_id is not distinct from c.other_id
    returning r.*
  ), summed as (
    insert into people_sectionrollup (section_id, other_id, month, opening, entry, exit, move_in, move_out)
    select section_id, other_id, month, sum(opening), sum(entry), sum(exit), sum(move_in), sum(move_out)
    from gone group by 1, 2, 3
  ) select count(*) into more from gone;
  return merged + more;
end $$;
"""

CARRIED_OVER = """
create function people_sections_changed() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare
  moved bigint[];
begin
  select array_agg(n.id) into moved from was o join made n using (id)
  where n.section_id is distinct from o.section_id;
  if moved is null then return null; end if;
  perform pg_advisory_xact_lock(hashtext('structure'));
  insert into people_sectionrollup (section_id, other_id, month, opening, entry, exit, move_in, move_out)
  select k.unit_key, k.other_key, r.month, k.sign * sum(r.opening), k.sign * sum(r.entry), k.sign * sum(r.exit),
         k.sign * sum(r.move_in), k.sign * sum(r.move_out)
  from people_rollup r
  join structure_unit u on u.id = r.unit_id
  left join structure_unit o on o.id = r.other_id
  left join was uw on uw.id = r.unit_id
  left join was ow on ow.id = r.other_id
  cross join lateral (
    values (-1, coalesce(case when uw.id is null then u.section_id else uw.section_id end, u.id),
                coalesce(case when ow.id is null then o.section_id else ow.section_id end, o.id)),
           (1, coalesce(u.section_id, u.id), coalesce(o.section_id, o.id))
  ) k(sign, unit_key, other_key)
  where (r.unit_id = any (moved) or r.other_id = any (moved))
    and (k.other_key is null or k.unit_key <> k.other_key)
  group by k.unit_key, k.other_key, r.month, k.sign;
  return null;
end $$;
alter function people_sections_changed() owner to gs_search;
create trigger people_sections_changed after update on structure_unit
  referencing old table as was new table as made for each statement execute function people_sections_changed();
create index people_rollup_other on people_rollup (other_id) where other_id is not null;
revoke insert, update, delete on people_sectionrollup from gs_app;
"""
DROP = """
drop index people_rollup_other;
drop trigger people_sections_changed on structure_unit;
drop function people_sections_changed();
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0003_returns")]
    operations = [
        migrations.CreateModel(
            name="SectionRollup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("section_id", models.BigIntegerField()),
                ("other_id", models.BigIntegerField(null=True)),
                ("month", models.DateField()),
                ("opening", models.IntegerField()),
                ("entry", models.IntegerField()),
                ("exit", models.IntegerField()),
                ("move_in", models.IntegerField()),
                ("move_out", models.IntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["section_id", "month"], name="people_sectionrollup_month")]
            },
        ),
        migrations.RunSQL(ROLLED_UP, migrations.RunSQL.noop),
        migrations.RunSQL(CARRIED_OVER, DROP),
        RowSecurity(
            "people_sectionrollup",
            read="(select scope_all()) or section_id in (select unnest(scope_figures()))",
        ),
    ]
