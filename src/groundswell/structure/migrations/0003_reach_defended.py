"""A unit's path ends in its own number, and whether it holds names is the application's word alone.

Both decide how far a session sees (decision 0405): with a path of '/' a secretary's reach would be
everything, and with names held so would the international's.
"""

from django.db import migrations

from groundswell.access.operations import Vouched

CHECK = """
alter table structure_unit add constraint structure_unit_path_ends_in_its_own_number
  check (path like '/%' and right(path, length(id::text) + 2) = '/' || id || '/')
"""
DROP = "alter table structure_unit drop constraint structure_unit_path_ends_in_its_own_number"


class Migration(migrations.Migration):
    dependencies = [("structure", "0002_tree_defends_itself")]
    operations = [
        migrations.RunSQL(CHECK, DROP),
        Vouched("structure_unit", "new.code", "new.holds_names"),
    ]
