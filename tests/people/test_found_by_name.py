"""Persons are found by the words of their names, whole, begun or misspelt, where one may see them."""

import pytest
from django.db import DatabaseError, transaction

from groundswell.access import scope
from groundswell.access.actor import OPERATOR
from groundswell.accounts import actions as accounts
from groundswell.people import actions as people
from groundswell.people import rules
from groundswell.people.models import Membership, Person
from groundswell.structure import actions as structure
from stage import NOW, signed_in, somebody, sql
from world import TODAY, day


def called(world, rows) -> list[str]:
    names = {person.pk: who for who, person in world.person.items()}
    return [names[row[0]] for row in rows]


def found(world, text: str, *units: str) -> list[str]:
    asked = [world.unit[code].pk for code in units] or None
    return called(world, sql("select * from people_find(%s, %s, 20)", rules.asked_words(text), asked))


def near(world, text: str, *units: str) -> list[str]:
    asked = [world.unit[code].pk for code in units] or None
    return called(world, sql("select * from people_find_near(%s, %s, 20)", rules.asked_words(text), asked))


def test_a_name_is_found_by_its_words_in_any_order_begun_and_without_accents(world):
    with signed_in(world, "bela"):
        for text in ("bela", "BÉLA BIRCH", "bir be", "  birch, béla! "):
            assert found(world, text) == ["bela"], text
        for text in ("bela amber", "zz", "irch", "be%ir", "_ela"):
            assert found(world, text) == [], text


def test_a_name_of_another_script_is_found_in_latin_letters_and_in_its_own(world):
    with signed_in(world, "sven"):
        assert found(world, "olga") == found(world, "Осина") == found(world, "ольга ос") == ["olga"]


def test_a_slip_in_one_word_is_forgiven(world):
    with signed_in(world, "bela"):
        for text in ("bella birch", "bela brich", "beal birch", "bela bitch", "beel birch"):
            assert near(world, text) == ["bela"], text
        assert near(world, "bello brich") == []
        assert near(world, "xyzzy") == []


def test_a_slip_is_forgiven_among_all_persons_as_well(world):
    assert near(world, "bella birch") == ["bela"]
    assert near(world, "qunin quill") == ["quinn"]


@pytest.fixture
def wide(world):
    """Let the tramworkers have more units than those in which every word is measured, and long names."""
    more = [
        structure.NewUnit(
            code=f"LINE{number}",
            names={"en": f"Line {number}"},
            kind="branch",
            parent="SOUTH",
            founded_on=day("1 January 2020"),
            country="AT",
            locale="de-AT",
            languages=("en",),
            time_zone="Europe/Vienna",
            recorded_at=NOW,
        )
        for number in range(5, 9)
    ]
    world.unit |= structure.found_units(more, actor=OPERATOR, at=NOW)
    for who, name, unit, minor in (
        ("eleni", "Eleni Papadopoulos", "LINE5", False),
        ("pola", "Pola Krzysztofowicz", "LINE6", False),
        ("otto", "Otto Schmidt", "LINE6", False),
        ("tim", "Tim Tann", "LINE7", False),
        ("nadja", "Nadja Waldenburger", "DEPOT", True),
        ("aris", "Aris Papadopoulos", "DOCK", False),
    ):
        world.person[who] = people.add_person(
            world.unit[unit], name=name, actor=OPERATOR, at=NOW, minor=minor
        )
    return world


# Two slips each: exchanged twice, wrong twice, two too few, two too many, one of each kind.
@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("papadopuolso", "eleni"),
        ("eleni papadupolos", "eleni"),
        ("papdopolos", "eleni"),
        ("pappadoppoulos", "eleni"),
        ("baradopoulos", "eleni"),
        ("apapdopuolos", "eleni"),
        ("krzyzstofovicz", "pola"),
        ("pola krysztofowitz", "pola"),
        ("schmitz", "otto"),
    ],
)
def test_two_slips_in_a_long_word_are_forgiven_wherever_one_looks(wide, text, who):
    unit = "LINE5" if who == "eleni" else "LINE6"
    with signed_in(wide, "bela"):
        assert (near(wide, text), near(wide, text, unit), near(wide, text, "DEPOT")) == ([who], [who], [])
    assert who in near(wide, text)
    with signed_in(wide, "sven"):
        assert near(wide, text) == (["aris"] if who == "eleni" and "eleni" not in text else [])


def test_three_slips_are_not_forgiven_nor_two_in_a_short_word(wide):
    for text in ("papadupulus", "barodopoulos", "krzystovovic", "zchnitz"):
        assert near(wide, text, "LINE5", "LINE6") == near(wide, text) == [], text
    with signed_in(wide, "bela"):
        assert sql("select cardinality(scope_units()) > 8") == [(True,)]
        for text, found in (("tamn", ["tim"]), ("tom", ["tim"]), ("tem tann", ["tim"]), ("tok", [])):
            assert near(wide, text, "LINE7") == near(wide, text) == found, text
        for text in ("xyz", "oms", "tnaa", "dan to"):
            assert near(wide, text, "LINE7") == [], text
        # Where few are to be seen, words of five letters bear two, however many of them were typed.
        for text in ("berck", "bech", "briich", "bch"):
            assert (near(wide, text, "DEPOT"), near(wide, text)) == (["bela"], []), text


def test_a_slip_finds_nobody_under_18_above_her_unit(wide):
    for text in ("waldenbruger", "waldenbrugre", "nadja valdenburgr"):
        with signed_in(wide, "ada"):
            assert near(wide, text) == near(wide, text, "DEPOT") == ["nadja"], text
        with signed_in(wide, "bela"):
            assert near(wide, text) == near(wide, text, "DEPOT") == [], text
        assert near(wide, text) == ["nadja"], text


def test_nobody_is_found_whom_one_may_not_see_by_any_spelling(world):
    with signed_in(world, "bela"):
        assert (found(world, "quinn"), near(world, "qiunn")) == ([], [])
        assert found(world, "quinn", "DOCK") == near(world, "qiunn", "DOCK") == []
    with signed_in(world, "sven"):
        assert (found(world, "quinn"), near(world, "qiunn")) == (["quinn"], ["quinn"])
        assert found(world, "bela") == []
    with signed_in(world, "ines"):  # the names of members stop at the section
        assert (found(world, "quinn"), near(world, "qiunn")) == ([], [])
    with signed_in(world, "chidi"):
        assert found(world, "ada") == []
    with scope.nobody():
        assert (found(world, "ada"), near(world, "aad")) == ([], [])


def test_a_guest_is_found_where_she_is_a_guest_misspelt_too_and_nowhere_else(world):
    for units in ((), ("PIER",), ("PIER", "DOCK")):
        with signed_in(world, "sven"):
            assert (found(world, "femi", *units), near(world, "fme", *units)) == (["femi"], []), units
            for text in ("femmi", "femi fren", "efmi", "fern femy"):
                assert near(world, text, *units) == ["femi"], (text, units)
    for who, text, unit in (("sven", "femi", "DOCK"), ("sven", "femi", "DEPOT"), ("ines", "femi", "PIER")):
        with signed_in(world, who):
            misspelt = text.replace("mi", "mmi")
            assert found(world, text, unit) == near(world, misspelt, unit) == [], (who, unit)
    # Whoever sees everybody narrows it to a unit as well; who is at home in the reach stands there once.
    assert (found(world, "femi", "PIER"), near(world, "femmi", "PIER")) == (["femi"], ["femi"])
    assert (found(world, "femi", "PIER", "DEPOT"), found(world, "femi", "DOCK")) == (["femi"], [])


def test_who_is_a_guest_no_more_is_not_found_and_one_under_18_in_her_guest_branch_alone(wide):
    eleni = wide.person["eleni"]
    people.join(eleni, unit=wide.unit["LINE5"], day=day("1 May 2024"), actor=OPERATOR, at=NOW)
    nadja = wide.person["nadja"]
    people.join(nadja, unit=wide.unit["DEPOT"], day=day("1 May 2024"), actor=OPERATOR, at=NOW)
    for who in (eleni, nadja):
        people.be_guest(who, unit=wide.unit["DOCK"], day=day("1 June 2024"), actor=OPERATOR, at=NOW)
    accounts.give_mandate(
        wide.person["quinn"], unit=wide.unit["DOCK"], office="organiser", day=TODAY, actor=OPERATOR, at=NOW
    )
    for who, seen in (("quinn", ["nadja"]), ("sven", [])):
        with signed_in(wide, who):
            assert near(wide, "papadopuolso eleni") == ["eleni"], who
            assert near(wide, "waldenbrugre") == near(wide, "waldenbrugre", "DOCK") == seen, who
    guest = Membership.objects.get(person=eleni, home=False)
    people.leave(guest, day=day("1 July 2024"), actor=OPERATOR, at=NOW)
    with signed_in(wide, "sven"):
        assert near(wide, "papadopuolso eleni") == near(wide, "papadopuolso eleni", "DOCK") == []


def test_the_units_asked_for_narrow_the_answer(world):
    with signed_in(world, "bela"):
        assert found(world, "jonas", "LINE4") == ["jonas"]
        assert found(world, "jonas", "DEPOT") == []


def test_the_words_of_names_are_closed_to_the_application(world):
    for table in ("people_nameword", "people_nameform"):
        with pytest.raises(DatabaseError), transaction.atomic():
            sql(f"select count(*) from {table}")


def test_another_name_or_unit_changes_what_finds_her_and_an_end_leaves_no_word(world):
    nia = somebody(world, "PIER")
    world.person["nia"] = nia
    assert found(world, "nia", "PIER") == ["nia"]
    Person.objects.filter(pk=nia.pk).update(name="Zoé Zephyr", folded=rules.folded_name("Zoé Zephyr"))
    assert (found(world, "nia"), found(world, "zoe zeph", "PIER")) == ([], ["nia"])
    Person.objects.filter(pk=nia.pk).update(unit=world.unit["DOCK"])
    assert (found(world, "zephyr", "PIER"), found(world, "zephyr", "DOCK")) == ([], ["nia"])
    assert near(world, "zoe zephir") == ["nia"]


def test_the_nightly_mending_finds_nothing_lost_and_is_for_the_worker_alone(world):
    assert sql("select people_names_mended()") == [(0,)]
    with signed_in(world, "bela"), pytest.raises(DatabaseError), transaction.atomic():
        sql("select people_names_mended()")


def test_a_name_without_end_or_without_a_letter_can_be_kept(world):
    for name in ("\N{GRINNING FACE}" * 200, "й" * 200, "?" * 3, "王" * 200):
        folded = rules.folded_name(name)
        assert len(folded.encode()) <= rules.MOST_FOLDED_BYTES
        Person.objects.filter(pk=world.person["ada"].pk).update(folded=folded)
        assert found(world, folded[:20]) == (["ada"] if folded else [])
