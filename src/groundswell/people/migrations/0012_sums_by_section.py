"""The sums by section forget which other section a move came from or went to: nobody asks for it.

A report by section needs to know that a move crossed its edge, not whither; units whose row is not their
section of today are put right from the sums by unit, which keep the other side. A twentieth of the rows.
And the days of a unit are found in the index alone, for milestones.
"""

from django.db import migrations, models

WITHOUT_OTHER = """
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
  insert into people_sectionrollup (section_id, month, opening, entry, exit, move_in, move_out)
  select coalesce(u.section_id, u.id), s.month,
         sum(s.opening), sum(s.entry), sum(s.exit), sum(s.move_in), sum(s.move_out)
  from summed s join structure_unit u on u.id = s.unit_id left join structure_unit o on o.id = s.other_id
  where o.id is null or coalesce(u.section_id, u.id) <> coalesce(o.section_id, o.id)
  group by 1, 2;
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
    select section_id, month from people_sectionrollup group by 1, 2 having count(*) > 1
  ), gone as (
    delete from people_sectionrollup r using crowded c
    where r.section_id = c.section_id and r.month = c.month
    returning r.*
  ), summed as (
    insert into people_sectionrollup (section_id, month, opening, entry, exit, move_in, move_out)
    select section_id, month, sum(opening), sum(entry), sum(exit), sum(move_in), sum(move_out)
    from gone group by 1, 2
  ) select count(*) into more from gone;
  return merged + more;
end $$;

create or replace function people_sections_changed() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare
  moved bigint[];
begin
  select array_agg(n.id) into moved from was o join made n using (id)
  where n.section_id is distinct from o.section_id;
  if moved is null then return null; end if;
  perform pg_advisory_xact_lock(hashtext('structure'));
  insert into people_sectionrollup (section_id, month, opening, entry, exit, move_in, move_out)
  select k.unit_key, r.month, k.sign * sum(r.opening), k.sign * sum(r.entry), k.sign * sum(r.exit),
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
  group by k.unit_key, r.month, k.sign;
  return null;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0011_transfers_across_reach")]
    operations = [
        migrations.RemoveField("sectionrollup", "other_id"),
        migrations.RunSQL(WITHOUT_OTHER, migrations.RunSQL.noop),
        migrations.RemoveIndex("movement", "people_movement_unit_day"),
        migrations.AddIndex(
            "movement",
            models.Index(
                fields=["unit", "day"], name="people_movement_unit_day", include=["delta", "counts"]
            ),
        ),
    ]
