"""What a member may have of the figures of her branch, its section and the whole: month ends, in fives.

Every answer is rounded down to a multiple of five, so whatever is added to or taken from whatever else is
one too: no total less its rows and no month less the one before tells of a single person (decision 0732).
"""

from django.db import migrations

from groundswell.access.operations import Definer

OF_OWN = Definer(
    "figures_of_own(asked bigint)",
    returns="table (month_end date, members bigint)",
    body="""
declare
  own structure_unit;
  sections bigint[];
  of_this_month date := date_trunc('month', org_today())::date;
begin
  select u.* into own from people_person p join structure_unit u on u.id = p.unit_id
  where p.id = scope_person() and exists (
    select from people_membership m
    where m.person_id = p.id and m.home and m.valid @> org_today() and upper_inf(m.recorded));
  if not found then return; end if;
  if asked = split_part(own.path, '/', 2)::bigint then
    sections := array(select coalesce(u.section_id, u.id) from structure_unit u group by 1);
  elsif asked = own.section_id then
    sections := array[asked];
  elsif asked is distinct from own.id then
    return;
  end if;
  return query
    with summed as (
      select r.month, sum(r.opening + r.entry + r.exit + r.move_in + r.move_out) as members
      from people_sectionrollup r where r.section_id = any (sections) group by r.month
      union all
      select r.month, sum(r.opening + r.entry + r.exit + r.move_in + r.move_out)
      from people_rollup r join structure_unit u on u.id = r.unit_id
      where sections is null and u.path >= own.path and u.path < left(own.path, -1) || '0' group by r.month
    )
    select months.after - 1, (coalesce(sum(s.members), 0) - coalesce(sum(s.members), 0) % 5)::bigint
    from (select (of_this_month - make_interval(months => n))::date as after from generate_series(0, 12) n) months
    left join summed s on s.month < months.after
    group by months.after order by months.after;
end
""",
)


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0009_days_summed_once"),
        ("people", "0023_endings_in_one_pass"),
        ("structure", "0009_no_names_for_an_auditor"),
    ]
    operations = [OF_OWN]
