"""What is foreseen for each row of a list that waits, so that a long one can be looked through by it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0006_rows_passed_over")]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="foreseen_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="line",
            name="foreseen",
            field=models.CharField(blank=True, db_default="", default="", max_length=12),
        ),
    ]
