"""Words of names go in sorted as their index is, and lean on their person for their unit: half the pages."""

from django.db import migrations

# The unit is that of the person, whose own foreign key holds it.
FREE = "alter table people_nameword drop constraint people_nameword_unit_id_fkey;"
HELD = "alter table people_nameword add foreign key (unit_id) references structure_unit(id);"
KEPT = """
create or replace function people_names_kept() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp set work_mem = '64MB' as $$
begin
  if tg_op <> 'INSERT' then
    delete from people_nameword n using was o where n.person_id = o.id;
  end if;
  if tg_op <> 'DELETE' then
    insert into people_nameword (word, folded, person_id, unit_id)
    select distinct w collate "C" as w, folded, id, unit_id
    from made, unnest(string_to_array(folded, ' ')) w where w <> '' order by w, folded, id;
    insert into people_nameform (word, shorter)
    select w, people_shorter(w) from (
      select distinct w collate "C" as w from made, unnest(string_to_array(folded, ' ')) w where w <> ''
    ) words where not exists (select from people_nameform f where f.word = w) order by w
    on conflict do nothing;
  end if;
  if tg_op <> 'INSERT' then
    delete from people_nameform f using (
      select distinct w from was, unnest(string_to_array(folded, ' ')) w
    ) gone where f.word = gone.w and not exists (select from people_nameword n where n.word = gone.w);
  end if;
  return null;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0018_who_comes")]
    operations = [migrations.RunSQL(FREE, HELD), migrations.RunSQL(KEPT, migrations.RunSQL.noop)]
