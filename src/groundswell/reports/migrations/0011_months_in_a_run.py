"""Look up months of a row that follow each other as one range of days, once for each of its units.

A threshold that a growing section nears may be passed in any of four or five months: each was looked up
in each of its branches by itself.
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
    from (select asked.row_id,
                 unnest(range_agg(daterange(asked.month, (asked.month + interval '1 month')::date))) as run
          from unnest(asked_rows, asked_months) asked(row_id, month) group by 1) a
    join unnest(units, row_ids) p(unit_id, row_id) on p.row_id = a.row_id
    cross join lateral (
      select m.day, m.delta from people_movement m
      where m.unit_id = p.unit_id and m.day >= lower(a.run) and m.day < upper(a.run)
        and m.counts and (known_at is null or (m.recorded_at <= known_at and m.recorded_stamp < known_below))
      offset 0) s
    group by 1, 2;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0010_members_see_fives")]
    operations = [migrations.RunSQL(DAYS, migrations.RunSQL.noop)]
