"""The days of chosen months of chosen rows, in one question: where a passing is settled to the day."""

from django.db import migrations

DAYS = """
create function figures_of_days(units bigint[], row_ids bigint[], asked_rows bigint[], asked_months date[],
    known_at timestamptz)
  returns table (row_id bigint, day date, members bigint)
  language plpgsql stable security definer set search_path = public, pg_temp as $$
declare known_below bigint := org_known_below(known_at);
begin
  perform figures_require(units);
  return query
    select a.row_id, m.day, sum(m.delta)
    from unnest(asked_rows, asked_months) a(row_id, month)
    join unnest(units, row_ids) p(unit_id, row_id) on p.row_id = a.row_id
    join people_movement m on m.unit_id = p.unit_id
      and m.day >= a.month and m.day < (a.month + interval '1 month')::date
    where m.counts and (known_at is null or (m.recorded_at <= known_at and m.recorded_stamp < known_below))
    group by 1, 2;
end $$;
alter function figures_of_days(bigint[], bigint[], bigint[], date[], timestamptz) owner to gs_search;
"""
DROP = "drop function figures_of_days(bigint[], bigint[], bigint[], date[], timestamptz);"


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_figures_by_section")]
    operations = [migrations.RunSQL(DAYS, DROP)]
