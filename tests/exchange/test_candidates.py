"""Whom a doubtful row may be: up to five, with what speaks for each; the answer is kept with the list."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from test_import_own_fields import taken_in
from test_import_pages import staged

from groundswell.access import erasing
from groundswell.access.actor import OPERATOR
from groundswell.exchange import actions, candidates, lists, planning, previewpage, queries
from groundswell.exchange.actions import looking
from groundswell.exchange.importing.judging import Known, Traits
from groundswell.exchange.models import Batch, Line
from groundswell.people import actions as people
from groundswell.people.models import Contact, Person, Tag
from stage import NOW, signed_in

HEADER = ("Name", "E-Mail", "Telefon", "Ort", "Tags")
ROW = ("Zoe Zinc", "", "0660 1111111", "Wien", "choir")


@pytest.fixture
def zoes(world):
    """Let seven in the Depot be called Zoe Zinc: one reached by the row's phone, one in its town."""
    made = [
        people.add_person(world.unit["DEPOT"], name="Zoe Zinc", actor=OPERATOR, at=NOW) for _one in range(7)
    ]
    for zoe, town in ((made[2], "Wien"), (made[5], "Wien")):
        people.change_person(zoe, changes={"town": town}, before={"town": ""}, actor=OPERATOR)
    people.put_contact(made[5], kind="phone", text="+436601111111", actor=OPERATOR, at=NOW)
    # Of two who are reached by one phone nobody can say which is meant.
    people.put_contact(made[4], kind="phone", text="+436601111111", actor=OPERATOR, at=NOW)
    return made


def question_of(batch, number=2):
    (row,) = [row for row in previewpage.preview(batch).rows if row.number == number]
    return row.asked


def answered(browser, batch, **said):
    return browser.post(f"/lists/import/{batch.pk}/settle/", said)


def test_up_to_five_are_offered_the_likeliest_first_each_with_what_speaks_for_it(world, zoes, bring):
    batch = bring(ROW, header=HEADER)
    asked = question_of(batch)
    order = [zoes[place] for place in (5, 4, 2, 0, 1)]
    assert [one.value for one in asked.offered] == [str(zoe.pk) for zoe in order]
    assert [one.signs for one in asked.offered][:4] == [
        "the same phone, the same name, the same town and the same unit",
        "the same phone, the same name and the same unit",
        "the same name, the same town and the same unit",
        "the same name and the same unit",
    ]
    assert [one.told for one in asked.offered][:2] == ["Depot · Wien", "Depot"]
    assert asked.offered[0].adds.endswith("Tags: choir")
    assert "Phone: +43 660 1111111" in asked.offered[2].adds
    assert asked.answer == candidates.OPEN


def test_an_answer_is_kept_while_the_list_waits_can_be_changed_and_is_what_the_run_does(
    world, zoes, browser_of, work
):
    ada = browser_of("ada")
    batch = staged(ada, ROW, (*ROW[:2], "", "", "press"), header=HEADER)
    address = f"/lists/import/{batch.pk}/"
    page = ada.get(address).content.decode()
    assert page.count('type="radio" name="row_2"') == 7
    assert page.count('type="radio" name="row_3"') == 7
    assert "Keep these answers" in page
    before = Person.objects.count()
    answer = answered(ada, batch, row_2=str(zoes[2].pk), row_3="new", only="doubtful", after="1")
    assert answer.url == f"{address}?only=doubtful&after=1"
    assert (Person.objects.count(), Tag.objects.filter(word="choir").count()) == (before, 0)
    page = ada.get(address).content.decode()
    assert re.search(rf'value="{zoes[2].pk}" form="who" checked', page)
    assert re.search(r'name="row_3" value="new" form="who" checked', page)
    assert "1 new" in page
    assert "1 known already" in page
    # Another who may look at the list sees it answered, and may think otherwise; so may she.
    answered(browser_of("bela"), batch, row_2=str(zoes[5].pk), row_3="open")
    assert [question_of(batch, number).answer for number in (2, 3)] == [str(zoes[5].pk), "open"]
    answered(ada, batch, row_2=str(zoes[2].pk), row_3="new")
    ada.post(f"{address}start/", {"step": "start"})
    work(batch)
    assert (batch.new, batch.known, batch.doubtful) == (1, 1, 0)
    assert list(Tag.objects.filter(word="choir").values_list("person_id", flat=True)) == [zoes[2].pk]
    assert Person.objects.filter(name="Zoe Zinc").count() == 8
    actions.undo(batch, actor=OPERATOR, at=NOW)
    assert Person.objects.filter(name="Zoe Zinc").count() == 7
    assert not Tag.objects.filter(word="choir").exists()


def test_after_the_run_the_same_are_offered_and_one_is_chosen(world, zoes, browser_of, work):
    ada = browser_of("ada")
    batch = staged(ada, ROW, header=HEADER)
    ada.post(f"/lists/import/{batch.pk}/start/", {"step": "start"})
    work(batch)
    assert batch.doubtful == 1
    page = ada.get(f"/lists/import/{batch.pk}/").content.decode()
    assert page.count("It is Zoe Zinc, whom we know") == 5
    assert "the same name, the same town and the same unit" in page
    assert "Somebody new" in page
    answered(ada, batch, row_2="open")
    batch.refresh_from_db()
    assert batch.state == "done"
    answered(ada, batch, row_2=str(zoes[2].pk))
    work(batch)
    assert (batch.known, batch.doubtful) == (1, 0)
    assert Contact.objects.filter(person=zoes[2], kind="phone").count() == 1


def test_nobody_is_said_to_be_somebody_whom_the_row_may_not_be(world, zoes, browser_of):
    ada = browser_of("ada")
    batch = staged(ada, ROW, header=HEADER)
    for said in (str(world.person["femi"].pk), str(world.person["gita"].pk), "9" * 18, "same", "-1", "", "٣"):
        answered(ada, batch, row_2=said, row_99="new", row_x="new")
    assert set(Line.objects.filter(batch=batch).values_list("why", "person_id")) == {("", None)}
    assert lists.answers({"row_2": "9" * 19, "row_1234567890": "new", "row_": "new", "other_2": "new"}) == {}
    for who in ("chidi", "jonas"):
        assert answered(browser_of(who), batch, row_2="new").status_code == 404
    assert answered(ada, batch, row_2="new", only="x", after="x").url == f"/lists/import/{batch.pk}/"


def test_a_candidate_out_of_reach_is_never_shown_and_never_taken(world, bring, browser_of, work):
    # The operator's list of the Depot is compared in the whole union; Ada sees the Depot alone.
    rosa = world.person["rosa"]
    people.put_contact(rosa, kind="email", text="us@example.org", actor=OPERATOR, at=NOW)
    people.put_contact(world.person["femi"], kind="email", text="us@example.org", actor=OPERATOR, at=NOW)
    batch = bring(("Someone Else", "us@example.org", "", "", ""), header=HEADER)
    assert {one.value for one in question_of(batch).offered} == {
        str(rosa.pk),
        str(world.person["femi"].pk),
    }
    ada, bela = browser_of("ada"), browser_of("bela")
    address = f"/lists/import/{batch.pk}/"
    for _state in ("staged", "done"):
        hers, above = ada.get(address).content.decode(), bela.get(address).content.decode()
        assert "It is Femi Fern" in hers
        assert "Rosa" not in hers
        assert f'value="{rosa.pk}"' not in hers
        assert "It is Rosa Rowan" in above
        assert "Hill Line · member since 15 January 2024<br>the same e-mail" in above
        answered(ada, batch, row_2=str(rosa.pk))
        assert not Line.objects.filter(batch=batch, why=planning.SAID_SAME).exists()
        batch = taken_in(batch) if batch.state == "staged" else batch
    with signed_in(world, "ada"):
        assert [len(one.candidates) for one in planning.doubts(batch)] == [1]


def test_who_is_erased_takes_the_row_along_that_was_said_to_be_hers(world, zoes, browser_of):
    ada = browser_of("ada")
    batch = staged(ada, ("Zoe Zinc", "", "", "", ""), header=HEADER)
    answered(ada, batch, row_2=str(zoes[0].pk))
    erasing.reduce(zoes[0].pk)
    (line,) = Line.objects.filter(batch=batch)
    assert (line.outcome, line.sealed) == ("gone", None)


def test_an_answer_in_a_long_list_is_counted_at_once(world, zoes, browser_of, monkeypatch):
    monkeypatch.setattr(previewpage, "MOST_AT_ONCE", 0)
    monkeypatch.setattr(lists, "MOST_AT_ONCE", 0)
    monkeypatch.setattr(looking, "CHUNK", 1)
    ada = browser_of("ada")
    batch = staged(ada, ROW, (*ROW[:4], "press"), header=HEADER)
    assert queries.outcomes_of(batch) == {"doubtful": 2}
    answered(ada, batch, row_2="new", row_3=str(zoes[1].pk))
    assert queries.outcomes_of(batch) == {"new": 1, "known": 1}
    page = ada.get(f"/lists/import/{batch.pk}/?only=known").content.decode()
    assert re.search(rf'value="{zoes[1].pk}" form="who" checked', page)


def test_a_row_that_may_be_an_earlier_row_is_asked_about_and_one_without_a_unit_is_not(
    world, bring, browser_of
):
    rows = [("Zoe Zinc", "us@example.org", "", "", ""), ("Yvo Yarrow", "us@example.org", "", "", "")]
    batch = bring(*rows, header=HEADER)
    assert question_of(batch, 2) is None
    asked = question_of(batch, 3)
    assert (list(asked.offered), asked.answer) == ([], "open")
    with signed_in(world, "ada") as ada:
        assert actions.settle(batch, answers={3: "new"}, actor=ada) == 1
    assert taken_in(batch).new == 2
    assert Batch.objects.get(pk=batch.pk).doubtful == 0


@pytest.mark.parametrize(("state", "most"), [("staged", 33), ("done", 34)])
def test_a_page_with_candidates_asks_as_many_questions_for_three_rows_as_for_one(
    world, zoes, bring, browser_of, state, most
):
    ada, counts = browser_of("ada"), []
    for count in (1, 3):
        rows = [(f"Someone Else{word}", "", "0660 1111111", "", "") for word in "abc"[:count]]
        batch = bring(ROW, *rows, header=HEADER)
        batch = taken_in(batch) if state == "done" else batch
        ada.get(f"/lists/import/{batch.pk}/")
        with CaptureQueriesContext(connection) as seen:
            assert ada.get(f"/lists/import/{batch.pk}/").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= most


def test_what_speaks_for_somebody_is_weighed():
    known = Known()
    row = Traits(frozenset({"ada", "amber"}), 1, "graz", frozenset({b"e"}), frozenset({b"p"}))
    known.add(1, Traits(frozenset({"ada"}), 2, "graz", frozenset({b"e"})))
    known.add(2, Traits(frozenset({"bob"}), 1, "linz", frozenset(), frozenset({b"p"})))
    known.add(3, Traits(row.words, 1, "graz"))
    known.add(4, Traits(row.words, 1, "linz", frozenset({b"x"}), frozenset({b"y"})))
    known.add(5, Traits(frozenset({"other"}), 9, ""))
    found = known.likely(row, besides=[5, 6])
    assert [(one.person, one.signs) for one in found] == [
        (1, ("same-email", "part-of-name", "same-town")),
        (3, ("same-name", "same-town", "same-unit")),
        (2, ("same-phone", "same-unit")),
        (5, ()),
    ]
