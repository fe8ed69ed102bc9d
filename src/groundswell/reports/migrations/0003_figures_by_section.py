"""A report whose rows are sections sums the roll-up by section, put right for the few units whose row is
not their section of today; every other report sums the roll-up by unit.
"""

from django.db import migrations

BY_SECTION = """
create function figures_of_sections(units bigint[], row_ids bigint[], special bigint[], sections bigint[],
    odd bigint[], first_month date, last_month date, skipped date[])
  returns table (row_id bigint, month date, members bigint, joined bigint, "left" bigint,
                 moved_in bigint, moved_out bigint)
  language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  return query
    select r.section_id, greatest(r.month, first_month),
           sum(r.opening + r.entry + r.exit + r.move_in + r.move_out), sum(r.entry), -sum(r.exit),
           sum(r.opening + r.move_in), -sum(r.move_out)
    from people_sectionrollup r
    where r.section_id = any (sections) and r.month <= last_month and not r.month = any (skipped)
    group by 1, 2;
  if odd = '{}' then return; end if;
  -- Take the odd units' rows out as the sections hold them, and put them in where they count.
  return query
    select k.row_id, greatest(r.month, first_month),
           k.sign * sum(r.opening + r.entry + r.exit + r.move_in + r.move_out), k.sign * sum(r.entry),
           -k.sign * sum(r.exit), k.sign * sum(r.opening + case when k.moves then r.move_in else 0 end),
           -k.sign * sum(case when k.moves then r.move_out else 0 end)
    from people_rollup r
    join structure_unit u on u.id = r.unit_id
    left join structure_unit o on o.id = r.other_id
    left join unnest(units, row_ids) pu(unit_id, row_id) on pu.unit_id = r.unit_id
    left join unnest(units, row_ids) po(unit_id, row_id) on po.unit_id = r.other_id
    cross join lateral (
      select -1 as sign, coalesce(u.section_id, u.id) as row_id, true as moves
      where coalesce(u.section_id, u.id) = any (sections)
        and (o.id is null or coalesce(o.section_id, o.id) <> coalesce(u.section_id, u.id))
      union all
      select 1, pu.row_id, r.other_id is null
        or (po.row_id is distinct from pu.row_id and not r.other_id = any (special))
      where pu.row_id is not null
    ) k
    where (r.unit_id = any (odd) or r.other_id = any (odd))
      and r.month <= last_month and not r.month = any (skipped)
    group by k.row_id, greatest(r.month, first_month), k.sign;
end $$;
revoke execute on function
  figures_of_sections(bigint[], bigint[], bigint[], bigint[], bigint[], date, date, date[]) from public;
alter function figures_of_sections(bigint[], bigint[], bigint[], bigint[], bigint[], date, date, date[])
  owner to gs_search;

create function figures_of_units(units bigint[], row_ids bigint[], special bigint[], first_month date,
    last_month date, skipped date[])
  returns table (row_id bigint, month date, members bigint, joined bigint, "left" bigint,
                 moved_in bigint, moved_out bigint)
  language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  return query
    select p.row_id, greatest(r.month, first_month),
           sum(r.opening + r.entry + r.exit + r.move_in + r.move_out), sum(r.entry), -sum(r.exit),
           sum(r.opening + case when r.other_id is null or (o.row_id is distinct from p.row_id
                                 and not r.other_id = any (special)) then r.move_in else 0 end),
           -sum(case when r.other_id is null or (o.row_id is distinct from p.row_id
                      and not r.other_id = any (special)) then r.move_out else 0 end)
    from people_rollup r
    join unnest(units, row_ids) p(unit_id, row_id) on p.unit_id = r.unit_id
    left join unnest(units, row_ids) o(unit_id, row_id) on o.unit_id = r.other_id
    where r.month <= last_month and not r.month = any (skipped)
    group by 1, 2;
end $$;
revoke execute on function figures_of_units(bigint[], bigint[], bigint[], date, date, date[]) from public;
alter function figures_of_units(bigint[], bigint[], bigint[], date, date, date[]) owner to gs_search;

create or replace function figures_by_month(units bigint[], row_ids bigint[], special bigint[],
    first_month date, last_month date, skipped date[], known_at timestamptz)
  returns table (row_id bigint, month date, members bigint, joined bigint, "left" bigint,
                 moved_in bigint, moved_out bigint)
  language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  known_below bigint;
  sections bigint[];
  odd bigint[];
begin
  perform figures_require(units);
  select array_agg(u.id) into sections from structure_unit u
  where u.id = any (select unnest(row_ids)) and coalesce(u.section_id, u.id) = u.id;
  select coalesce(array_agg(u.id), '{}') into odd
  from structure_unit u left join unnest(units, row_ids) p(unit_id, row_id) on p.unit_id = u.id
  where case when p.unit_id is null
        then u.id = any (special) or coalesce(u.section_id, u.id) = any (sections)
        else p.row_id <> coalesce(u.section_id, u.id) or not p.row_id = any (coalesce(sections, '{}')) end;
  if sections is not null and 4 * cardinality(odd) < cardinality(units) then
    return query select * from
      figures_of_sections(units, row_ids, special, sections, odd, first_month, last_month, skipped);
  else
    return query select * from figures_of_units(units, row_ids, special, first_month, last_month, skipped);
  end if;
  if known_at is null then return; end if;
  known_below := org_known_below(known_at);
  return query
    select p.row_id, greatest(date_trunc('month', m.day)::date, first_month), -sum(m.delta),
           -coalesce(sum(m.delta) filter (where m.flow = 'entry'), 0),
           coalesce(sum(m.delta) filter (where m.flow = 'exit'), 0),
           -coalesce(sum(m.delta) filter (where m.flow = 'opening' or m.flow = 'move_in'
              and o.row_id is distinct from p.row_id and (m.other_id = any (special)) is not true), 0),
           coalesce(sum(m.delta) filter (where m.flow = 'move_out'
              and o.row_id is distinct from p.row_id and (m.other_id = any (special)) is not true), 0)
    from people_movement m
    join unnest(units, row_ids) p(unit_id, row_id) on p.unit_id = m.unit_id
    left join unnest(units, row_ids) o(unit_id, row_id) on o.unit_id = m.other_id
    where m.counts and (m.recorded_at > known_at or m.recorded_stamp >= known_below)
      and date_trunc('month', m.day)::date <= last_month
      and not date_trunc('month', m.day)::date = any (skipped)
    group by 1, 2;
end $$;
"""
DROP = """
drop function figures_of_units(bigint[], bigint[], bigint[], date, date, date[]);
drop function figures_of_sections(bigint[], bigint[], bigint[], bigint[], bigint[], date, date, date[]);
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_figures"), ("people", "0004_section_rollups")]
    operations = [migrations.RunSQL(BY_SECTION, DROP)]
