"""A member of a branch that was merged may have the figures of the one it went into, not of what is left."""

import importlib

from django.db import migrations

from groundswell.access.operations import Definer

BEFORE = importlib.import_module("groundswell.reports.migrations.0010_members_see_fives").OF_OWN
OF_OWN = Definer(
    BEFORE.signature,
    returns=BEFORE.returns,
    body=BEFORE.body.replace("u.id = p.unit_id", "u.id = structure_goes_on_in(p.unit_id)"),
    again=True,
)


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0011_months_in_a_run"),
        ("structure", "0013_where_a_merged_unit_goes_on"),
    ]
    operations = [
        OF_OWN,
        # Going back, it must not look for a function that is gone.
        migrations.RunSQL(
            migrations.RunSQL.noop, [BEFORE.forwards()[0].replace("create ", "create or replace ", 1)]
        ),
    ]
