"""That a record became one with another is told to whoever sees hers, not to her officer alone.

What undoing needs of a merge stays the officer's: the rows themselves hold it.
"""

from django.db import migrations

from groundswell.access.operations import Definer

TOLD = Definer(
    "duplicates_merges_of(asked bigint)",
    returns="table (at timestamptz, undone_at timestamptz, other bigint)",
    body="""
begin
  if not exists (select from people_person p where p.id = asked
                 and (scope_all() or p.unit_id = any (scope_units()) or p.id = scope_person())) then
    return;
  end if;
  return query
    select m.at, m.undone_at, case when m.person_id = asked then m.goes else m.person_id end
    from duplicates_merge m where m.person_id = asked or m.goes = asked order by m.at, m.id;
end
""",
)


class Migration(migrations.Migration):
    dependencies = [("duplicates", "0004_offices_go_over")]
    operations = [TOLD]
