"""allauth's tables, guarded: the e-mail addresses stay empty, second factors are written by their holder alone.

They are read before anybody is known, so reading them is free; what they hold is sealed or a public key.
"""

from django.db import migrations, models

from groundswell.access.operations import EVERYTHING, RowSecurity, Trailed, Vouched

OWN = f"{EVERYTHING} or user_id = (select scope_account())"
MEMORY = """
create table accounts_memory (
    key text primary key check (length(key) <= 250),
    value text not null,
    expires_at timestamptz not null
);
create index accounts_memory_expires on accounts_memory (expires_at);
grant select, insert, update, delete on accounts_memory to gs_app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_rows_that_carry_rights"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]
    operations = [
        # Accounts keep their one address themselves; a second one would be a second way in.
        RowSecurity("account_emailaddress", read="true"),
        RowSecurity("account_emailconfirmation", read="true"),
        # While she signs in nobody is known yet, and a code used is marked: what is changed needs a voucher.
        RowSecurity("mfa_authenticator", read="true", insert=OWN, update="true", delete=OWN),
        Vouched("mfa_authenticator", "new.user_id", "new.type", "new.data"),
        migrations.RunSQL(MEMORY, "drop table accounts_memory"),
        migrations.CreateModel(
            name="FactorDemand",
            fields=[("office", models.CharField(max_length=20, primary_key=True, serialize=False))],
        ),
        migrations.RunSQL(
            "insert into accounts_factordemand (office) values ('secretary'), ('treasurer'), ('dpo')",
            "delete from accounts_factordemand",
        ),
        RowSecurity("accounts_factordemand", read="true", write=EVERYTHING),
        Trailed("accounts_factordemand", unit=None, key="office"),
    ]
