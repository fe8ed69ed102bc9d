"""The directory of a branch is that of the one it was merged into, with the members of both."""

import importlib

from django.db import migrations

from groundswell.access.operations import Definer

BEFORE = importlib.import_module("groundswell.protection.migrations.0006_directory").DIRECTORY
DIRECTORY = Definer(
    BEFORE.signature,
    returns=BEFORE.returns,
    body=BEFORE.body.replace("on u.id = m.unit_id", "on u.id = structure_goes_on_in(m.unit_id)").replace(
        "m.unit_id = home.id",
        "m.unit_id in (select one.id from structure_unit one"
        " where starts_with(one.path, home.path) and structure_goes_on_in(one.id) = home.id)",
    ),
    again=True,
)


class Migration(migrations.Migration):
    dependencies = [
        ("protection", "0011_corrections_wait_beside_each_other"),
        ("structure", "0013_where_a_merged_unit_goes_on"),
    ]
    operations = [
        DIRECTORY,
        # Going back, it must not look for a function that is gone.
        migrations.RunSQL(
            migrations.RunSQL.noop, [BEFORE.forwards()[0].replace("create ", "create or replace ", 1)]
        ),
    ]
