"""Holders of single mandates are called as `accounts_holders` calls them: those of a day past, of a line of the trail."""

from django.db import migrations

from groundswell.access.operations import Definer

CALLED = Definer(
    "accounts_called(mandates bigint[])",
    returns="table (mandate bigint, name text)",
    body="""
declare
    everything boolean := scope_all();
    reach bigint[] := scope_figures();
begin
    return query
        select held.id, people_called(held.person_id) from accounts_mandate held
        where held.id = any (mandates) and (everything or held.unit_id = any (reach));
end
""",
)


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0013_under_eighteen"),
        ("accounts", "0009_an_account_used_stays"),
    ]
    operations = [CALLED]
