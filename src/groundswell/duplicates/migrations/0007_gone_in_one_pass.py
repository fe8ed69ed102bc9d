"""Pairs go with the persons they are of by one statement, however many persons go at once.

For each of 20,000 persons of an undone list a statement, and after it the trail's of no row, took a sixth of
the time of the undoing. What each was in is looked up by its indexes, in a `lateral` kept apart by `offset 0`:
a plan made for one person stays right for thousands.
"""

from django.db import migrations

GONE = """
create function duplicates_gone() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  delete from duplicates_likeness where id in (
    select pair.id from was cross join lateral (
      select l.id from duplicates_likeness l where l.person_id = was.id
      union all select l.id from duplicates_likeness l where l.other_id = was.id offset 0
    ) pair);
  return null;
end $$;
alter function duplicates_gone() owner to gs_search;
revoke execute on function duplicates_gone() from public;
drop trigger duplicates_gone on people_person;
create trigger duplicates_gone after delete on people_person
  referencing old table as was for each statement execute function duplicates_gone();
"""
ONE_BY_ONE = """
drop trigger duplicates_gone on people_person;
drop function duplicates_gone();
create trigger duplicates_gone after delete on people_person for each row execute function duplicates_follow();
"""


class Migration(migrations.Migration):
    dependencies = [("duplicates", "0006_the_other_of_a_pair")]
    operations = [migrations.RunSQL(GONE, ONE_BY_ONE)]
