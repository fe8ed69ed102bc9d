"""What hangs on people follows them home in one statement a table, however many move at once.

One by one each update was planned anew, for every table and person: the split of a large unit took 6 ms a member,
and nearly all of it was this.
"""

from django.db import migrations

# Most updates move nobody. The join that finds out is full, so that its plan is never one by pairs (0023), and stays
# full by its condition, which a missing row meets too. The update is planned each time for as many as moved.
FOLLOW = """
create or replace function people_follow() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
  moved bigint[];
  homes bigint[];
begin
  select array_agg(n.id), array_agg(n.unit_id) into moved, homes
    from was o full join made n on n.id = o.id where n.unit_id is distinct from o.unit_id;
  if moved is not null then
    execute format('update %s f set unit_id = h.unit_id from unnest($1, $2) h (id, unit_id)'
      ' where f.person_id = h.id', tg_argv[0]::regclass) using moved, homes;
  end if;
  return null;
end $$;
"""
# Rooms above hung theirs as well, each under its table's name. In a new database they hang like this already.
HUNG_ANEW = """
do $$
declare follower text;
begin
  for follower in select substr(tgname, length('follow_') + 1) from pg_trigger
    where tgrelid = 'people_person'::regclass and tgfoid = 'people_follow()'::regprocedure
  loop
    execute format('drop trigger %I on people_person', 'follow_' || follower);
    execute format(
      'create trigger %I after update on people_person referencing old table as was new table as made'
      ' for each statement execute function people_follow(%L)', 'follow_' || follower, follower);
  end loop;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0031_who_joined_anew")]
    operations = [
        migrations.RunSQL(FOLLOW, migrations.RunSQL.noop),
        migrations.RunSQL(HUNG_ANEW, migrations.RunSQL.noop),
    ]
