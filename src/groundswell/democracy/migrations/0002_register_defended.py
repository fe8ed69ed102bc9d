"""Who sees bodies and resolutions, and who writes them."""

from django.db import migrations

from groundswell.access.operations import RowSecurity, Trailed

KNOWN = "(select scope_known())"
WRITE = "(select scope_all()) or unit_id in (select unnest(scope_structure_units()))"


class Migration(migrations.Migration):
    dependencies = [("democracy", "0001_tables"), ("access", "0002_trail")]
    operations = [
        RowSecurity("democracy_body", read=KNOWN, write=WRITE),
        RowSecurity("democracy_resolution", read=KNOWN, write=WRITE),
        Trailed("democracy_body", unit="unit_id"),
        Trailed("democracy_resolution", unit="unit_id"),
    ]
