"""Who sees mandates and who writes them."""

from django.db import migrations

from groundswell.access.operations import RowSecurity, Trailed

READ = "(select scope_all()) or unit_id in (select unnest(scope_figures())) or person_id = (select scope_person())"
WRITE = "(select scope_all()) or unit_id in (select unnest(scope_structure_units()))"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_whose_they_are"), ("access", "0002_trail")]
    operations = [
        RowSecurity("accounts_mandate", read=READ, write=WRITE),
        Trailed("accounts_mandate", unit="unit_id", person="person_id"),
    ]
