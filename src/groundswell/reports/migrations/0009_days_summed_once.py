"""Sum the days of a month once, over all units of a row, and not for each unit by itself before.

`offset 0` keeps the look-up unit by unit (0007), which the planner would else give up.
"""

from django.db import migrations

DAYS = """
create or replace function figures_of_days(units bigint[], row_ids bigint[], asked_rows bigint[],
    asked_months date[], known_at timestamptz)
  returns table (row_id bigint, day date, members bigint)
  language plpgsql stable security definer set search_path = public, pg_temp
  set plan_cache_mode = force_custom_plan as $$
declare known_below bigint := org_known_below(known_at);
begin
  perform figures_require(units);
  return query
    select a.row_id, s.day, sum(s.delta)::bigint
    from unnest(asked_rows, asked_months) a(row_id, month)
    join unnest(units, row_ids) p(unit_id, row_id) on p.row_id = a.row_id
    cross join lateral (
      select m.day, m.delta from people_movement m
      where m.unit_id = p.unit_id and m.day >= a.month and m.day < (a.month + interval '1 month')::date
        and m.counts and (known_at is null or (m.recorded_at <= known_at and m.recorded_stamp < known_below))
      offset 0) s
    group by 1, 2;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0008_figures_once_within_reach")]
    operations = [migrations.RunSQL(DAYS, migrations.RunSQL.noop)]
