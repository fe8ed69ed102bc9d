"""Who is told of merges is judged as her record is; the second of a pair has what was said of it before (0801)."""

from django.db import migrations

from groundswell.access.operations import Definer

# Whether the session reads a record by its unit, or it is her own. Nobody under 18 is read above her unit.
SEEN = "(scope_named() @> case when {one}.minor then -{one}.unit_id else {one}.unit_id end or {one}.id = scope_person())"
TOLD = Definer(
    "duplicates_merges_of(asked bigint)",
    returns="table (at timestamptz, undone_at timestamptz, other bigint)",
    again=True,
    body=f"""
begin
  if not exists (select from people_person p where p.id = asked and {SEEN.format(one="p")}) then
    return;
  end if;
  return query
    select m.at, m.undone_at, o.id from duplicates_merge m
    left join people_person o
      on o.id = case when m.person_id = asked then m.goes else m.person_id end and {SEEN.format(one="o")}
    where m.person_id = asked or m.goes = asked order by m.at, m.id;
end
""",  # nosec B608 - constants of this module
)

# What the trail holds of a pair lies under the first of the two. The pairs that are there lead to it: what went
# with one of them went from the trail as well.
CHANGES = Definer(
    "duplicates_changes_of_other(asked bigint)",
    returns="setof jsonb",
    body="""
begin
    if not coalesce(scope_person() = asked or scope_may_erase(asked), false) then
        raise exception 'What is held of a person is for herself and her data protection officer.'
            using errcode = '42501';
    end if;
    return query
        select jsonb_build_object('at', entry.at, 'table', entry.table_name, 'op', entry.op,
            'old', duplicates_side_of_other(payload.old), 'new', duplicates_side_of_other(payload.new))
        from duplicates_likeness l
        join access_trailpayload payload on payload.person_id = l.person_id
        join access_trail entry on entry.id = payload.trail_id and entry.table_name = 'duplicates_likeness'
        where l.other_id = any (person_numbers(asked))
          and coalesce(payload.new, payload.old) ->> 'id' = l.id::text
        order by entry.id;
end
""",
)
SIDE = Definer(
    "duplicates_side_of_other(said json)",
    returns="jsonb",
    private=True,
    body="""
declare
    one jsonb := said::jsonb;
begin
    return (one || jsonb_build_object('person_id', one -> 'other_id', 'unit_id', one -> 'other_unit_id'))
        - '{other_id,other_unit_id,decided_by}'::text[];
end
""",
)


class Migration(migrations.Migration):
    dependencies = [
        ("duplicates", "0007_gone_in_one_pass"),
        ("access", "0013_under_eighteen"),
        ("people", "0027_two_slips_in_long_words"),
    ]
    operations = [TOLD, SIDE, CHANGES]
