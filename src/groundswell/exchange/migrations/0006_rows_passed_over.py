"""Lines of a list in which nobody stands (sums, pages, the day of a printout) are passed over, and shown as such."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0005_rows_of_whom_is_erased")]

    operations = [
        migrations.RemoveConstraint(
            model_name="line",
            name="exchange_line_outcome",
        ),
        migrations.AddField(
            model_name="batch",
            name="passed",
            field=models.IntegerField(default=0),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "outcome__in",
                        ("waiting", "new", "known", "doubtful", "refused", "passed", "gone", "undone"),
                    )
                ),
                name="exchange_line_outcome",
            ),
        ),
    ]
