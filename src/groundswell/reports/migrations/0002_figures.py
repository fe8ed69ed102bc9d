"""Figures leave the database through these functions alone.

Each asks once whether the session may see the figures of every unit it names, and then sums without
row security: a policy on every row would cost more than the sum (docs/decisions). `row_ids` says for
each unit in which row of the report it counts; the same number twice is the same row, so that a
transfer inside it cancels.
"""

from django.db import migrations

from groundswell.access.operations import RowSecurity, Trailed

# Rows of what is summed: the roll-up, less what was not known yet at the moment asked for.
FUNCTIONS = """
create function figures_require(units bigint[]) returns void language plpgsql stable security definer
set search_path = public, pg_temp as $$
begin
  if scope_all() or units <@ coalesce(scope_figures(), '{}') then return; end if;
  raise exception using errcode = '42501', message = 'these figures are not within reach';
end $$;
alter function figures_require(bigint[]) owner to gs_search;

create function figures_by_month(units bigint[], row_ids bigint[], special bigint[], first_month date,
    last_month date, skipped date[], known_at timestamptz)
  returns table (row_id bigint, month date, members bigint, joined bigint, "left" bigint,
                 moved_in bigint, moved_out bigint)
  language plpgsql stable security definer set search_path = public, pg_temp as $$
declare known_below bigint;
begin
  perform figures_require(units);
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
alter function figures_by_month(bigint[], bigint[], bigint[], date, date, date[], timestamptz) owner to gs_search;

create function figures_by_day(units bigint[], row_ids bigint[], special bigint[], first_day date,
    last_day date, known_at timestamptz)
  returns table (row_id bigint, day date, members bigint, joined bigint, "left" bigint,
                 moved_in bigint, moved_out bigint)
  language plpgsql stable security definer set search_path = public, pg_temp as $$
declare known_below bigint := org_known_below(known_at);
begin
  perform figures_require(units);
  return query
    select p.row_id, m.day, sum(m.delta),
           coalesce(sum(m.delta) filter (where m.flow = 'entry'), 0),
           -coalesce(sum(m.delta) filter (where m.flow = 'exit'), 0),
           coalesce(sum(m.delta) filter (where m.flow = 'opening' or m.flow = 'move_in'
              and o.row_id is distinct from p.row_id and (m.other_id = any (special)) is not true), 0),
           -coalesce(sum(m.delta) filter (where m.flow = 'move_out'
              and o.row_id is distinct from p.row_id and (m.other_id = any (special)) is not true), 0)
    from people_movement m
    join unnest(units, row_ids) p(unit_id, row_id) on p.unit_id = m.unit_id
    left join unnest(units, row_ids) o(unit_id, row_id) on o.unit_id = m.other_id
    where m.counts and m.day between first_day and last_day
      and (known_at is null or (m.recorded_at <= known_at and m.recorded_stamp < known_below))
    group by 1, 2;
end $$;
alter function figures_by_day(bigint[], bigint[], bigint[], date, date, timestamptz) owner to gs_search;

-- For units that changed their row within the window, and for moves between them and the others.
create function figures_of_special(units bigint[], special bigint[], last_day date, known_at timestamptz)
  returns table (unit_id bigint, other_id bigint, day date, flow text, delta bigint)
  language plpgsql stable security definer set search_path = public, pg_temp as $$
declare known_below bigint := org_known_below(known_at);
begin
  perform figures_require(units || special);
  return query
    select m.unit_id, m.other_id, m.day, m.flow::text, sum(m.delta)
    from people_movement m
    where m.counts and m.day <= last_day
      and (m.unit_id = any (special) or (m.other_id = any (special) and m.unit_id = any (units)))
      and (known_at is null or (m.recorded_at <= known_at and m.recorded_stamp < known_below))
    group by 1, 2, 3, 4;
end $$;
alter function figures_of_special(bigint[], bigint[], date, timestamptz) owner to gs_search;

-- What the public front shows to a visitor who has signed in to nothing.
create function published_report() returns table (
    unit_id bigint, as_of date, since date, known_at timestamptz, structure varchar, body jsonb, made_at timestamptz)
  language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  return query select f.unit_id, f.as_of, f.since, f.known_at, f.structure, f.body, f.made_at
    from reports_frozen f join structure_unit u on u.id = f.unit_id
    where f.published and not u.protected order by f.as_of desc, f.id desc limit 1;
end $$;
alter function published_report() owner to gs_search;
create function published_resolutions() returns table (day date, titles jsonb, kind varchar, result varchar)
  language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  return query select r.day, r.titles, r.kind, r.result from democracy_resolution r
    join structure_unit u on u.id = r.unit_id where r.public and not u.protected order by r.day desc, r.id desc;
end $$;
alter function published_resolutions() owner to gs_search;
create function published_organisation() returns table (code varchar, names jsonb, locale varchar, time_zone varchar)
  language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  return query select u.code, n.names, u.locale, u.time_zone from structure_unit u
    join structure_unitname n on n.unit_id = u.id and upper_inf(n.recorded) and n.valid @> org_today()
    where not u.protected and u.path = '/' || u.id || '/' order by u.id limit 1;
end $$;
alter function published_organisation() owner to gs_search;
"""
DROP = """
drop function published_organisation();
drop function published_resolutions();
drop function published_report();
drop function figures_of_special(bigint[], bigint[], date, timestamptz);
drop function figures_by_day(bigint[], bigint[], bigint[], date, date, timestamptz);
drop function figures_by_month(bigint[], bigint[], bigint[], date, date, date[], timestamptz);
drop function figures_require(bigint[]);
"""

KNOWN = "(select scope_known())"
ALL = "(select scope_all())"
FIGURES = f"{ALL} or unit_id in (select unnest(scope_figures()))"
WRITE = f"{ALL} or unit_id in (select unnest(scope_structure_units()))"


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0001_tables"),
        ("people", "0003_returns"),
        ("democracy", "0002_register_defended"),
    ]
    operations = [
        migrations.RunSQL(FUNCTIONS, DROP),
        RowSecurity("reports_threshold", read=KNOWN, write=ALL),
        RowSecurity("reports_target", read=FIGURES, write=WRITE),
        RowSecurity("reports_frozen", read=FIGURES, write=WRITE),
        Trailed("reports_target", unit="unit_id"),
        Trailed("reports_frozen", unit="unit_id"),
    ]
