"""What somebody asks to have put right waits beside what she asked to have put right before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("protection", "0010_under_eighteen")]
    operations = [
        migrations.RemoveConstraint("datarequest", "protection_datarequest_one_open"),
        migrations.AddConstraint(
            "datarequest",
            models.UniqueConstraint(
                fields=["person", "kind"],
                name="protection_datarequest_one_open",
                condition=models.Q(decided_at__isnull=True) & ~models.Q(kind="correct"),
            ),
        ),
    ]
