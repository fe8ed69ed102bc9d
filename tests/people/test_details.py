"""What hangs on a person: each circle of readers sees its own, and it goes with her when she moves."""

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from groundswell.access.actor import OPERATOR
from groundswell.kernel.errors import NotFound, Refusal
from groundswell.people import actions as people
from groundswell.people import queries
from groundswell.people.models import Asking, Contact, Note, Person, Standing, Tag
from stage import NOW, actor, signed_in, sql
from world import at, day


@pytest.fixture
def dana(world):
    """Let Dana of the DEPOT have everything that can hang on a person."""
    dana = world.person["dana"]
    for kind, text in (("email", "Dana@Example.org"), ("phone", "0676 1234567")):
        people.put_contact(dana, kind=kind, text=text, label="home", actor=OPERATOR, at=NOW)
    people.put_tags(dana, words=["choir", "drives a van"], actor=OPERATOR)
    people.put_paid_until(dana, day=day("31 December 2024"), source="hand", actor=OPERATOR, at=NOW)
    for visibility in ("organisers", "secretaries", "protection"):
        people.write_note(dana, text=f"for {visibility}", visibility=visibility, actor=OPERATOR, at=NOW)
    return dana


def contacts(person) -> list[str]:
    return [contact.value for contact in queries.contacts_of([person])[person.pk]]


def test_contacts_are_seen_by_organisers_and_secretaries_and_not_by_treasurers_or_other_unions(world, dana):
    for who, seen in (("ada", True), ("bela", True), ("jonas", False), ("sven", False), ("ines", False)):
        with signed_in(world, who):
            assert contacts(dana) == (["dana@example.org", "+436761234567"] if seen else []), who


def test_a_contact_is_found_by_just_its_address_where_it_may_be_seen(world, dana):
    for who, seen in (("ada", [dana.pk]), ("sven", []), ("jonas", [])):
        with signed_in(world, who):
            assert queries.by_contact("email", " DANA@example.org ") == seen
            assert queries.by_contact("phone", "+43 676 1234567") == seen
            assert queries.by_contact("email", "dan@example.org") == []


def test_standing_is_the_treasurers_to_see_and_tags_are_not(world, dana):
    with signed_in(world, "jonas"):
        assert queries.paid_until(dana) == day("31 December 2024")
        assert queries.tags_of(dana) == []
    with signed_in(world, "ada"):
        assert queries.tags_of(dana) == ["choir", "drives a van"]
    with signed_in(world, "sven"):
        assert queries.paid_until(dana) is None


def test_each_circle_reads_its_own_notes(world, dana):
    for who, read in (
        ("ada", ["for organisers"]),
        ("bela", ["for secretaries", "for organisers"]),
        ("jonas", []),
    ):
        with signed_in(world, who):
            assert [note.text for note in queries.notes_of(dana)] == read, who


def test_a_secretary_writes_no_note_that_she_could_not_read(world, dana):
    with signed_in(world, "bela") as bela:
        people.write_note(dana, text="hers", visibility="secretaries", actor=bela, at=NOW)
        with pytest.raises(DatabaseError), transaction.atomic():
            people.write_note(dana, text="not hers", visibility="protection", actor=bela, at=NOW)


def test_she_sees_and_puts_right_her_own_ways_to_be_reached_and_nobody_elses(world):
    chidi = world.person["chidi"]
    with signed_in(world, "chidi") as herself:
        people.put_contact(chidi, kind="email", text="chidi@example.org", actor=herself, at=NOW)
        assert contacts(chidi) == ["chidi@example.org"]
        with pytest.raises((NotFound, Refusal)):
            people.put_contact(world.person["ada"], kind="email", text="x@example.org", actor=herself, at=NOW)
        people.change_person(chidi, changes={"pronoun": "they"}, before={"pronoun": ""}, actor=herself)
        assert Person.objects.get(pk=chidi.pk).pronoun == "they"
        with pytest.raises(DatabaseError), transaction.atomic():
            Person.objects.filter(pk=chidi.pk).update(unit=world.unit["LINE4"])


def test_what_hangs_on_her_goes_with_her_to_the_other_branch(world, dana):
    people.join(dana, unit=world.unit["HILL"], day=day("1 July 2024"), actor=OPERATOR, at=NOW)
    hill = world.unit["HILL"].pk
    for table in (Contact, Tag, Standing, Note):
        assert set(table.objects.filter(person=dana).values_list("unit_id", flat=True)) == {hill}, table
    with signed_in(world, "ada"):
        assert contacts(dana) == []
    with signed_in(world, "bela"):
        assert len(contacts(dana)) == 2


def test_of_several_in_one_statement_each_takes_along_what_hangs_on_her(world):
    went = {"ada": "HILL", "dana": "LINE4", "chidi": "DEPOT"}
    who = {name: world.person[name].pk for name in went}
    for name in went:
        people.put_tags(world.person[name], words=["choir"], actor=OPERATOR)
    sql(
        "update people_person set town = 'Linz',"
        " unit_id = case id when %s then %s when %s then %s else unit_id end where id in (%s, %s, %s)",
        *(who["ada"], world.unit["HILL"].pk, who["dana"], world.unit["LINE4"].pk, *who.values()),
    )
    lie = dict(Tag.objects.filter(person__in=who.values()).values_list("person", "unit__code"))
    assert lie == {who[name]: code for name, code in went.items()}
    written = "select row_id from access_trail where table_name = 'people_tag' and op = 'update'"
    kept = Tag.objects.exclude(person=who["chidi"]).values_list("pk", flat=True)
    assert sorted(sql(written)) == sorted((str(pk),) for pk in kept)


def test_a_guest_is_reached_by_the_organisers_of_her_guest_branch(world):
    femi = world.person["femi"]
    people.put_contact(femi, kind="email", text="femi@example.org", actor=OPERATOR, at=NOW)
    with signed_in(world, "sven"):
        assert contacts(femi) == ["femi@example.org"]


def test_whoever_asks_to_come_is_seen_where_she_asks_until_it_is_decided(world):
    ada = world.person["ada"]
    asking = Asking.objects.create(
        person=ada, unit=world.unit["PIER"], from_unit=world.unit["DEPOT"], kind="transfer", asked_at=NOW
    )
    with signed_in(world, "sven"):
        assert Person.objects.filter(pk=ada.pk).exists()
        assert Asking.objects.filter(pk=asking.pk).exists()
    Asking.objects.filter(pk=asking.pk).update(decided_at=NOW, decision="refused")
    with signed_in(world, "sven"):
        assert not Person.objects.filter(pk=ada.pk).exists()


def test_two_who_change_the_same_detail_are_told_and_the_second_loses_nothing(world):
    dana = world.person["dana"]
    people.change_person(dana, changes={"town": "Graz"}, before={"town": ""}, actor=OPERATOR)
    with pytest.raises(Refusal, match="meanwhile to “Graz”"):
        people.change_person(dana, changes={"town": "Linz"}, before={"town": ""}, actor=OPERATOR)
    people.change_person(dana, changes={"pronoun": "she"}, before={"pronoun": ""}, actor=OPERATOR)
    dana.refresh_from_db()
    assert (dana.town, dana.pronoun) == ("Graz", "she")


def test_a_new_name_is_sorted_and_found_anew(world):
    dana = world.person["dana"]
    people.change_person(dana, changes={"name": "Dana Dünnbier"}, before={"name": dana.name}, actor=OPERATOR)
    dana.refresh_from_db()
    assert (dana.sort_key, dana.folded.split()[:2]) == ("dunnbier dana", ["dana", "dunnbier"])


def test_what_is_paid_is_believed_once_and_what_was_believed_before_stays(world, dana):
    people.put_paid_until(dana, day=day("31 March 2025"), source="hand", actor=OPERATOR, at=NOW)
    assert Standing.objects.filter(person=dana).count() == 2
    assert queries.paid_until(dana) == day("31 March 2025")


def test_the_same_contact_twice_is_one_and_what_is_none_is_refused(world, dana):
    people.put_contact(dana, kind="email", text="dana@EXAMPLE.org", label="work", actor=OPERATOR, at=NOW)
    assert Contact.objects.filter(person=dana, kind="email").values_list("label").get() == ("work",)
    for kind, text in (("email", "no address"), ("phone", "12"), ("phone", "\x00")):
        with pytest.raises(Refusal):
            people.put_contact(dana, kind=kind, text=text, actor=OPERATOR, at=NOW)


def test_loaded_contacts_open_under_their_persons_keys(world):
    rows = [
        people.NewContact(person.pk, "email", f"{who}@example.org", NOW)
        for who, person in list(world.person.items())[:3]
    ]
    assert people.load_contacts(rows, actor=OPERATOR) == 3
    assert people.load_contacts(rows, actor=OPERATOR) == 0
    assert contacts(world.person["ada"]) == ["ada@example.org"]


@pytest.mark.parametrize(
    ("table", "columns", "values"),
    [
        ("people_tag", "word", "''"),
        ("people_standing", "paid_until, source, recorded_at", "'2024-01-01', 'rumour', now()"),
        ("people_contact", "kind, value, digest, recorded_at", "'fax', '', '', now()"),
        ("people_note", "visibility, text, at", "'everybody', '', now()"),
        ("people_asking", "kind, asked_at", "'transfer', now()"),
        ("people_asking", "kind, asked_at", "'shout', now()"),
        ("people_asking", "kind, asked_at, decision", "'leave', now(), 'accepted'"),
        ("people_asking", "kind, asked_at", "'leave', now() from generate_series(1, 2), people_person --"),
    ],
)
def test_the_tables_refuse_what_cannot_be(world, table, columns, values):
    row = f"select people_person.id, unit_id, {values} from people_person"
    with pytest.raises(IntegrityError), transaction.atomic():
        sql(f"insert into {table} (person_id, unit_id, {columns}) {row}")


def test_what_is_written_down_at_a_moment_is_of_that_day(world):
    march = at("4 March 2024")
    nia = people.add_person(world.unit["DEPOT"], name="Nia New", actor=OPERATOR, at=march)
    assert nia.heard_on == day("4 March 2024")
    # Whether a day has come is asked of today: history is entered with the moments at which it was known.
    with pytest.raises(Refusal, match="16 July 2024 has not come yet; today is 15 July 2024"):
        people.join(nia, unit=world.unit["DEPOT"], day=day("16 July 2024"), actor=OPERATOR, at=march)
    people.join(nia, unit=world.unit["DEPOT"], day=day("4 March 2024"), actor=OPERATOR, at=march)
    asked = people.ask_to_transfer(nia, to=world.unit["PIER"], actor=actor(world, "ada"), at=march)
    assert asked.due_on == day("4 March 2024") + dt.timedelta(days=14)


@pytest.mark.parametrize(
    ("codes", "code"), [(["en"] * 13, "too-many"), (["d" * 21], "too-long"), (["d\u202ee"], "bad-character")]
)
def test_no_language_is_cut_short_or_left_out_without_a_word(world, dana, codes, code):
    with pytest.raises(Refusal) as refused:
        people.change_person(dana, changes={"languages": codes}, before={"languages": []}, actor=OPERATOR)
    assert (refused.value.field, refused.value.code) == ("languages", code)
    said = ["en", *["de-AT"] * 11]
    people.change_person(dana, changes={"languages": said}, before={"languages": []}, actor=OPERATOR)
    assert Person.objects.get(pk=dana.pk).languages == said
