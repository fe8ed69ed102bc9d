"""Who comes is looked up in ranges; whoever asks to come shows her membership to those who decide."""

from django.db import migrations

# As ranges, not as an array: a row is looked up in them, and the planner has one subquery less to think of.
COMERS = """
create function scope_comers() returns int8multirange language sql stable security definer
set search_path = public, pg_temp as $$
  select coalesce(range_agg(int8range(person_id, person_id, '[]')), '{}') from (
    select person_id from people_membership
    where not home and upper_inf(recorded) and valid @> org_today()
      and unit_id in (select unnest(scope_units()))
    union all
    select person_id from people_asking
    where decided_at is null and kind = 'transfer' and unit_id in (select unnest(scope_units()))
  ) seen
$$;
alter function scope_comers() owner to gs_search;

create function scope_askers() returns int8multirange language sql stable security definer
set search_path = public, pg_temp as $$
  select coalesce(range_agg(int8range(person_id, person_id, '[]')), '{}') from people_asking
  where decided_at is null and kind = 'transfer' and unit_id in (select unnest(scope_units()))
$$;
alter function scope_askers() owner to gs_search;
"""
NAMED = "(select scope_all()) or coalesce((select scope_named()) @> unit_id, false)"
POLICIES = {
    "people_person": (
        f"{NAMED} or id = (select scope_person()) or coalesce((select scope_comers()) @> id, false)",
        f"{NAMED} or id = (select scope_person()) or id in (select unnest((select scope_guests())))",
    ),
    "people_membership": (
        f"{NAMED} or person_id = (select scope_person()) or coalesce((select scope_askers()) @> person_id, false)",
        f"{NAMED} or person_id = (select scope_person())",
    ),
}


class Migration(migrations.Migration):
    dependencies = [("people", "0017_read_by_ranges")]
    operations = [
        migrations.RunSQL(COMERS, "drop function scope_askers(); drop function scope_comers();"),
        *(
            migrations.RunSQL(*(f"alter policy gs_read on {table} using ({condition})" for condition in both))
            for table, both in POLICIES.items()
        ),
    ]
