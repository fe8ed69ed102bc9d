"""What is held of the other of a pair is handed to her as well; the month until which she is under 18 goes along."""

from django.db import migrations

from groundswell.access.operations import Definer

# As the rows of the first of a pair are handed out (access, `person_held`), under her own number and unit;
# nothing that leads to the first.
HELD = Definer(
    "duplicates_held_of_other(asked bigint)",
    returns="setof jsonb",
    body="""
begin
    if not coalesce(scope_person() = asked or scope_may_erase(asked), false) then
        raise exception 'What is held of a person is for herself and her data protection officer.'
            using errcode = '42501';
    end if;
    return query
        select jsonb_build_object('id', l.id, 'person_id', l.other_id, 'unit_id', l.other_unit_id, 'score', l.score,
            'origin', l.origin, 'found_at', l.found_at, 'verdict', l.verdict, 'decided_at', l.decided_at)
        from duplicates_likeness l where l.other_id = any (person_numbers(asked)) order by l.id;
end
""",
)

# As in 0002, with the month.
DETAILS = Definer(
    "duplicates_details(person bigint, details jsonb)",
    returns="void",
    volatility="volatile",
    private=True,
    again=True,
    body="""
declare
    was people_person;
begin
    select * into was from people_person p where p.id = person;
    was := jsonb_populate_record(was, details);
    update people_person p set (unit_id, name, sort_key, call_name, folded, languages, town, postcode, pronoun,
        minor, of_age_on, heard_on) = (was.unit_id, was.name, was.sort_key, was.call_name, was.folded,
        was.languages, was.town, was.postcode, was.pronoun, was.minor, was.of_age_on, was.heard_on)
    where p.id = person;
end
""",
)


class Migration(migrations.Migration):
    dependencies = [("duplicates", "0005_merges_told"), ("people", "0025_under_eighteen")]
    operations = [HELD, DETAILS]
