"""Who sees and writes what hangs on a person; it follows her home; who asks to come is seen where she asks."""

from django.db import migrations

from groundswell.access.operations import BY_UNIT_OR_SELF, BY_WRITE_UNIT, EVERYTHING, RowSecurity, Trailed
from groundswell.people.operations import FollowsHome

FOLLOW = """
create function people_follow() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  execute format('update %s set unit_id = $1 where person_id = $2', tg_argv[0]::regclass)
    using new.unit_id, new.id;
  return null;
end $$;
alter function people_follow() owner to gs_search;
revoke execute on function people_follow() from public;
"""
DROP_FOLLOW = "drop function people_follow();"

# A guest, and whoever asks to be transferred, is seen by the offices of the unit she comes to.
GUESTS = """
create or replace function scope_guests() returns bigint[] language sql stable security definer
set search_path = public, pg_temp as $$
  select coalesce(array_agg(distinct person_id), '{}') from (
    select person_id from people_membership
    where not home and upper_inf(recorded) and valid @> org_today()
      and unit_id in (select unnest(scope_units()))
    union all
    select person_id from people_asking
    where decided_at is null and kind = 'transfer' and unit_id in (select unnest(scope_units()))
  ) seen
$$;
"""
GUESTS_BEFORE = """
create or replace function scope_guests() returns bigint[] language sql stable security definer
set search_path = public, pg_temp as $$
  select coalesce(array_agg(distinct person_id), '{}') from people_membership
  where not home and upper_inf(recorded) and valid @> org_today()
    and unit_id in (select unnest(scope_units()))
$$;
"""
# The same for ways to reach her, by the offices that may know them.
CONTACT_GUESTS = """
create function scope_contact_guests() returns bigint[] language sql stable security definer
set search_path = public, pg_temp as $$
  select coalesce(array_agg(distinct person_id), '{}') from (
    select person_id from people_membership
    where not home and upper_inf(recorded) and valid @> org_today()
      and unit_id in (select unnest(scope_contact_units()))
    union all
    select person_id from people_asking
    where decided_at is null and kind = 'transfer' and unit_id in (select unnest(scope_contact_units()))
  ) seen
$$;
alter function scope_contact_guests() owner to gs_search;
"""

# She puts her own details right; where she belongs is decided by those who write there.
HERSELF = """
drop policy gs_update on people_person;
create policy gs_update on people_person for update
  using ((select scope_all()) or unit_id in (select unnest((select scope_write_units())))
         or id = (select scope_person()))
  with check ((select scope_all()) or unit_id in (select unnest((select scope_write_units())))
              or id = (select scope_person()));
create function people_stays_where_she_is() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
  if current_user = 'gs_app' and not scope_all() and not old.unit_id = any (scope_write_units()) then
    raise exception 'Nobody moves herself to another unit.' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger people_stays_where_she_is before update of unit_id on people_person for each row
  when (old.unit_id is distinct from new.unit_id) execute function people_stays_where_she_is();
"""
NOT_HERSELF = """
drop trigger people_stays_where_she_is on people_person;
drop function people_stays_where_she_is();
drop policy gs_update on people_person;
create policy gs_update on people_person for update
  using ((select scope_all()) or unit_id in (select unnest((select scope_write_units()))))
  with check ((select scope_all()) or unit_id in (select unnest((select scope_write_units()))));
"""

OWN = "person_id = (select scope_person())"
CONTACTS = f"{EVERYTHING} or unit_id in (select unnest(scope_contact_units()))"
REACHED = f"{CONTACTS} or {OWN} or person_id in (select unnest(scope_contact_guests()))"
# Each circle holds the one after it: a secretary reads what organisers wrote for organisers.
CIRCLES = f"""{EVERYTHING}
  or visibility = 'organisers' and unit_id in (select unnest(scope_contact_units()))
  or visibility = 'secretaries' and unit_id in (select unnest(scope_deciding_units()))
  or visibility = 'protection' and unit_id in (select unnest(scope_protection_units()))"""
ASKED = (
    f"{EVERYTHING} or unit_id in (select unnest(scope_contact_units()))"
    f" or from_unit_id in (select unnest(scope_contact_units())) or {OWN}"
)
FOLLOWERS = ("people_contact", "people_tag", "people_standing", "people_note")


class Migration(migrations.Migration):
    dependencies = [("people", "0008_details"), ("access", "0007_scope_of_contacts")]
    operations = [
        migrations.RunSQL(FOLLOW, DROP_FOLLOW),
        *(FollowsHome(table) for table in FOLLOWERS),
        migrations.RunSQL(GUESTS, GUESTS_BEFORE),
        migrations.RunSQL(CONTACT_GUESTS, "drop function scope_contact_guests();"),
        migrations.RunSQL(HERSELF, NOT_HERSELF),
        RowSecurity("people_contact", read=REACHED, write=f"{BY_WRITE_UNIT} or {OWN}"),
        RowSecurity("people_tag", read=f"{CONTACTS} or {OWN}", write=BY_WRITE_UNIT),
        RowSecurity("people_standing", read=BY_UNIT_OR_SELF, write=BY_WRITE_UNIT),
        RowSecurity("people_note", read=CIRCLES, write=CIRCLES),
        RowSecurity(
            "people_asking",
            read=ASKED,
            insert=f"{BY_WRITE_UNIT} or from_unit_id in (select unnest(scope_write_units())) or {OWN}",
            update=ASKED,
            delete=EVERYTHING,
        ),
        *(Trailed(table, person="person_id") for table in (*FOLLOWERS, "people_asking")),
    ]
