"""Which offices demand a second factor is chosen by whoever is secretary of the top unit."""

from django.db import migrations

from groundswell.access.operations import Definer

# The application vouches for the whole choice (decision 0405): an injection under her session must not
# take the demand away from anybody, and a row that is deleted asks no voucher of its own.
DEMAND = Definer(
    "accounts_demand_factors(chosen text[])",
    returns="void",
    volatility="volatile",
    body="""
begin
    if not scope_all() and not coalesce((
        select top.id = any (scope_structure_units()) from structure_unit top order by top.path limit 1)
        and gate_proves(
            gate_message('accounts_factordemand', array[array_to_string(chosen, ',')]),
            decode(coalesce(current_setting('app.proof', true), ''), 'hex')), false) then
        raise exception 'Which offices demand a second factor is not chosen by this session.'
            using errcode = '42501';
    end if;
    delete from accounts_factordemand demanded where demanded.office <> all (chosen);
    insert into accounts_factordemand (office) select unnest(chosen) on conflict do nothing;
end
""",
)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_mandates_written_once"), ("structure", "0008_everything_is_a_range")]
    operations = [DEMAND]
