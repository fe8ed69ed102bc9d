"""Who sees and writes imports: the offices that may reach people in the unit that the list goes to."""

from django.db import migrations

from groundswell.access.operations import BY_WRITE_UNIT, EVERYTHING, RowSecurity, Trailed

SEEN = f"{EVERYTHING} or unit_id in (select unnest(scope_contact_units()))"


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_batches"), ("people", "0011_transfers_across_reach")]
    operations = [
        *(
            RowSecurity(table, read=SEEN, write=BY_WRITE_UNIT)
            for table in ("exchange_batch", "exchange_line", "exchange_rememberedmapping")
        ),
        Trailed("exchange_batch"),
    ]
