"""Accounts, sign-in links and mandates are taken from the application only (decision 0405)."""

from django.db import migrations

from groundswell.access.operations import Vouched


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_mandates_defended")]
    operations = [
        Vouched("accounts_account", "new.email", "new.password", "new.person_id", "new.is_active"),
        Vouched("accounts_signinlink", "encode(new.digest, 'hex')", "new.account_id", "new.expires_at"),
        Vouched(
            "accounts_mandate",
            "new.person_id",
            "new.unit_id",
            "new.office",
            "new.valid",
            "upper_inf(new.recorded)",
        ),
    ]
