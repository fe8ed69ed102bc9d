"""Whether anybody was ever known in a unit or below it, also asked by offices that see no names."""

from django.db import migrations

from groundswell.access.operations import Definer

KNOWN_IN = Definer(
    "people_known_in(unit bigint, but bigint[])",
    returns="boolean",
    body="""
begin
    if not (scope_all() or unit = any (scope_structure_units())) then
        raise exception 'This unit is not within reach.' using errcode = '42501';
    end if;
    return exists (
        with within as (
            select below.id from structure_unit top join structure_unit below
              on below.path >= top.path and below.path < left(top.path, -1) || '0'
            where top.id = unit)
        select from people_membership m join within on within.id = m.unit_id
        where upper_inf(m.recorded) and not m.id = any (but)
        union all
        select from people_person p join within on within.id = p.unit_id
        where not exists (
            select from people_membership m
            where m.person_id = p.id and m.id = any (but) and upper_inf(m.recorded)));
end
""",
)


class Migration(migrations.Migration):
    dependencies = [("people", "0006_names_are_found")]
    operations = [KNOWN_IN]
