"""An auditor's office yields no range of units whose names are read (decision 0688)."""

from django.db import migrations

from groundswell.access.operations import Definer

NAMED = Definer(
    "scope_named()",
    returns="int8multirange",
    body="""
declare
  who record := scope_session();
  within int8multirange := '{}';
  held int8multirange;
begin
  if who.kind in ('operator', 'worker') then
    return '{(,)}';
  end if;
  if who.person_id is not null then
    for held in
      select reach.named from accounts_mandate m
      join structure_unit top on top.id = m.unit_id join structure_reach reach on reach.unit_id = m.unit_id
      where m.person_id = who.person_id and m.office = any ('{organiser,secretary,treasurer,dpo}')
        and m.valid @> org_today() and upper_inf(m.recorded) and top.holds_names
    loop
      within := within + held;
    end loop;
  end if;
  return within;
end
""",
    again=True,
)


class Migration(migrations.Migration):
    dependencies = [
        ("structure", "0008_everything_is_a_range"),
        ("access", "0010_no_names_for_an_auditor"),
    ]
    operations = [NAMED]
