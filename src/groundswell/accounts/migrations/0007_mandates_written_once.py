"""Mandates are written once: an end and a correction are rows of their own."""

from django.db import migrations

from groundswell.access.operations import WrittenOnce


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_who_may_hold"), ("kernel", "0001_clock")]
    operations = [WrittenOnce("accounts_mandate")]
