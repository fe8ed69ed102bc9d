"""The figures of a unit that left a reach stay part of the rows in which they counted.

A section that lost a branch to another still shows what it counted with it: its officers may have the
sums of the units that ever lay below theirs, as believed at any moment. Which days count in which row
is the report's to say (`reports/placement.py`); the page of such a unit is not theirs any more.
"""

from django.db import migrations

REQUIRE = """
create or replace function figures_require(units bigint[]) returns void language plpgsql stable security definer
set search_path = public, pg_temp as $$
declare
  outside bigint[];
begin
  if scope_all() then return; end if;
  -- A unit that is null is in no reach: `is not true` keeps it with those that lie outside.
  select array_agg(asked.unit_id) into outside from unnest(units) as asked (unit_id)
  where (asked.unit_id in (select unnest((select scope_figures())))) is not true;
  if units is not null and outside is null then return; end if;
  if units is null or exists (
    with recursive above (asked_id, unit_id) as (
      select asked.unit_id, asked.unit_id from unnest(outside) as asked (unit_id)
      union
      select above.asked_id, lay.parent_id
      from above join structure_unitparent lay on lay.unit_id = above.unit_id
    )
    select from unnest(outside) as asked (unit_id)
    where not exists (
      select from above
      where above.asked_id = asked.unit_id and above.unit_id in (select unnest((select scope_figures()))))
  ) then
    raise exception using errcode = '42501', message = 'these figures are not within reach';
  end if;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0007_days_unit_by_unit"),
        ("structure", "0005_changes_defended"),
    ]
    operations = [migrations.RunSQL(REQUIRE, migrations.RunSQL.noop)]
