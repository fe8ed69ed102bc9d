"""Persons are found by the words of their names, whole, begun or misspelt, where one may see them."""

import pytest
from django.db import DatabaseError, transaction

from groundswell.access import scope
from groundswell.people import rules
from groundswell.people.models import Person
from stage import signed_in, somebody, sql


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


def test_a_guest_is_found_where_she_is_a_guest_as_long_as_no_unit_is_asked_for(world):
    with signed_in(world, "sven"):
        assert found(world, "femi") == ["femi"]
        assert found(world, "femi", "DOCK") == []


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
