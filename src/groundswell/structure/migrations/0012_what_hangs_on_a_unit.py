"""What hangs on a unit, also asked by offices that may not see it: the table of a row that leads to it.

Whatever a room has, or will have, with a unit is found by its foreign key. What undoing the unit's founding
takes back itself is left out: the unit's own rows, and of a split the transfers of those who went over.
"""

from django.db import migrations

from groundswell.access.operations import Definer

HANGS_ON = Definer(
    "structure_hangs_on(asked bigint)",
    returns="text",
    body="""
declare
  one record;
  hangs boolean;
begin
  if not (scope_all() or asked = any (scope_structure_units())) then
    raise exception 'This unit is not within reach.' using errcode = '42501';
  end if;
  for one in
    select c.conrelid::regclass as place, a.attname as name
    from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any (c.conkey)
    where c.contype = 'f' and c.confrelid = 'structure_unit'::regclass
      and c.conrelid::regclass::text not in (
        'structure_unit', 'structure_unitevent', 'structure_unitkind', 'structure_unitname',
        'structure_unitparent', 'structure_change', 'structure_preparation', 'people_person',
        'people_membership', 'people_transfer')
    order by c.conrelid::regclass::text
  loop
    execute format('select exists (select from %s where %I = $1)', one.place, one.name) into hangs using asked;
    if hangs then
      return one.place::text;
    end if;
  end loop;
  return null;
end
""",
)


class Migration(migrations.Migration):
    dependencies = [("structure", "0011_protected_with_what_is_above")]
    operations = [HANGS_ON]
