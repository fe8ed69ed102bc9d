"""The kinds every organisation starts with, the tree that cannot bite its tail, and row security."""

from django.db import migrations

from groundswell.access.operations import RowSecurity, Trailed

KINDS = """
insert into structure_kind (code, names, position, holds_names) values
  ('international', '{"en": "international", "de": "Internationale"}', 10, false),
  ('section',       '{"en": "section", "de": "Sektion"}', 20, true),
  ('group',         '{"en": "group", "de": "Gruppe"}', 30, true),
  ('region',        '{"en": "region", "de": "Region"}', 40, true),
  ('branch',        '{"en": "branch", "de": "Ortsgruppe"}', 50, true);
"""

# Walks up from a new parent through the periods believed now; a unit met again on a day that all
# of them share is a circle. Judged at the end of the transaction, like the other constraints.
NO_CIRCLE = """
create function structure_refuse_circle() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if upper_inf(new.recorded) and exists (
    with recursive above(unit_id, valid) as (
      select new.parent_id, new.valid
      union
      select p.parent_id, p.valid * a.valid
      from above a join structure_unitparent p
        on p.unit_id = a.unit_id and p.valid && a.valid and upper_inf(p.recorded)
      where a.unit_id <> new.unit_id
    ) select from above where unit_id = new.unit_id
  ) and exists (
    -- The row as it stands at the end of the transaction, not one that was changed again within it.
    select from structure_unitparent
    where (id, unit_id, parent_id, valid) = (new.id, new.unit_id, new.parent_id, new.valid)
      and upper_inf(recorded)
  ) then
    raise exception using errcode = '23514', constraint = 'structure_no_circle',
      message = 'a unit cannot lie within itself';
  end if;
  return null;
end $$;
alter function structure_refuse_circle() owner to gs_search;
create constraint trigger structure_no_circle after insert or update on structure_unitparent
  deferrable initially deferred for each row execute function structure_refuse_circle();
"""
DROP_NO_CIRCLE = """
drop trigger structure_no_circle on structure_unitparent;
drop function structure_refuse_circle();
"""

KNOWN = "(select scope_known())"
IN_REACH = "(select scope_all()) or {} in (select unnest(scope_structure_units()))"


class Migration(migrations.Migration):
    dependencies = [("structure", "0001_tables"), ("kernel", "0001_clock"), ("access", "0002_trail")]
    operations = [
        migrations.RunSQL(KINDS, "delete from structure_kind"),
        migrations.RunSQL(NO_CIRCLE, DROP_NO_CIRCLE),
        RowSecurity("structure_kind", read=KNOWN, write="(select scope_all())"),
        # A unit that is being founded is in nobody's reach yet: its parent must be.
        RowSecurity(
            "structure_unit",
            read=KNOWN,
            write=IN_REACH.format("id")
            + r" or substring(path from '/([0-9]+)/[0-9]+/$')::bigint"
            + " in (select unnest(scope_structure_units()))",
        ),
        *(
            RowSecurity(f"structure_{table}", read=KNOWN, write=IN_REACH.format("unit_id"))
            for table in ("unitname", "unitkind", "unitparent", "unitevent")
        ),
        Trailed("structure_unit", unit="id"),
        *(
            Trailed(f"structure_{table}", unit="unit_id")
            for table in ("unitname", "unitkind", "unitparent", "unitevent")
        ),
    ]
