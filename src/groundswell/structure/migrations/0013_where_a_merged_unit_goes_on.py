"""In which unit one that was merged goes on today; and its outline says into which it was merged."""

import importlib

from django.db import migrations

from groundswell.access.operations import Definer

GOES_ON = Definer(
    "structure_goes_on_in(asked bigint)",
    returns="bigint",
    body="""
declare
  taken_in_by bigint;
begin
  loop
    select lies.parent_id into taken_in_by from structure_unitparent lies
    where lies.unit_id = asked and lies.absorbed and lies.valid @> org_today() and upper_inf(lies.recorded);
    if not found then
      return asked;
    end if;
    asked := taken_in_by;
  end loop;
end
""",
)
BEFORE = importlib.import_module("groundswell.structure.migrations.0010_outline_of_a_unit").OUTLINE
OUTLINE = Definer(
    BEFORE.signature,
    returns=BEFORE.returns,
    body=BEFORE.body.replace(
        "when starts_with(itself.path, u.path) then 'above'",
        """when exists (
                  select from structure_unitparent lies
                  where lies.unit_id = itself.id and lies.parent_id = u.id and lies.absorbed
                    and lies.valid @> org_today() and upper_inf(lies.recorded)) then 'into'
                when starts_with(itself.path, u.path) then 'above'""",
    ),
    again=True,
)


class Migration(migrations.Migration):
    dependencies = [("structure", "0012_what_hangs_on_a_unit")]
    operations = [
        GOES_ON,
        OUTLINE,
        # Going back, nobody must be told of a place that the program does not know.
        migrations.RunSQL(
            migrations.RunSQL.noop, [BEFORE.forwards()[0].replace("create ", "create or replace ", 1)]
        ),
    ]
