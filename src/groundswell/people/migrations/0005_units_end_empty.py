"""Whether a unit is empty from a day on, also asked by offices that see no names."""

from django.db import migrations

EMPTY = """
create function people_still_in(unit bigint, from_day date) returns boolean language plpgsql stable
security definer set search_path = public, pg_temp as $$
begin
  if not (scope_all() or unit = any (scope_structure_units())) then
    raise exception using errcode = '42501', message = 'this unit is not within reach';
  end if;
  return exists (
    with recursive taken_in(unit_id) as (
      select unit
      union
      select p.unit_id from structure_unitparent p join taken_in t on p.parent_id = t.unit_id
      where p.absorbed and upper_inf(p.recorded)
    )
    select from people_membership m join taken_in using (unit_id)
    where upper_inf(m.recorded) and (upper_inf(m.valid) or upper(m.valid) > from_day)
    union all
    select from people_movement m join taken_in using (unit_id)
    where m.origin = 'return' group by m.unit_id having sum(m.delta) <> 0
  );
end $$;
alter function people_still_in(bigint, date) owner to gs_search;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0004_section_rollups")]
    operations = [migrations.RunSQL(EMPTY, "drop function people_still_in(bigint, date);")]
