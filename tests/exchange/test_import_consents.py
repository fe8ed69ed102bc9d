"""A list says who agreed: to words of the section that stay, on a day, once, and undone with the list."""

import datetime as dt
import re

import files
import pytest
from test_import_pages import chosen, understood

from groundswell.access.actor import OPERATOR
from groundswell.exchange import actions as exchange
from groundswell.exchange import consents
from groundswell.exchange.importing import values
from groundswell.exchange.models import Batch, Line
from groundswell.kernel.errors import Refusal
from groundswell.people.models import Person
from groundswell.protection import actions, queries
from groundswell.protection.models import Consent, Purpose
from stage import NOW

HEADER = ("Name", "E-Mail", "Newsletter", "Date of birth")
ZOE = ("Zoe Zinc", "zoe@example.org", "yes", "")
YVO = ("Yvo Yarrow", "yvo@example.org", "2024-03-01", "")
XEN = ("Xenia Ximen", "xenia@example.org", "", "")
WIM = ("Wim Willow", "wim@example.org", "no", "")
LATER = NOW + dt.timedelta(days=1)


def purpose(code="newsletter") -> Purpose:
    return Purpose.objects.get(code=code)


@pytest.fixture
def worded(world):
    """Let the union have words for its newsletter, in two versions."""
    said = {"language": "en", "actor": OPERATOR, "at": NOW - dt.timedelta(days=9)}
    return [
        actions.write_text(world.unit["TRAM"], purpose(), words=words, **said)
        for words in ("Old words.", "New words.")
    ]


def staged(tmp_path, world, text, *rows, agreed_on=dt.date(2024, 5, 3), unit="DEPOT") -> Batch:
    path = files.written(tmp_path, files.text(rows=rows, header=HEADER))
    wanted = exchange.Wanted(words={consents.key_of(text.purpose_id): text.pk}, agreed_on=agreed_on)
    return exchange.stage(path, name="l", unit=world.unit[unit], wanted=wanted, actor=OPERATOR, at=NOW)


def taken_in(batch: Batch, at=NOW) -> Batch:
    exchange.start(batch, actor=OPERATOR)
    while exchange.run_chunk(batch, at=at):
        pass
    return exchange.finish(batch, actor=OPERATOR, at=at)


def given() -> dict[str, tuple[str, str, int]]:
    found = Consent.objects.select_related("person", "text").filter(withdrawn_at=None)
    return {one.person.name: (one.given_at.date().isoformat(), one.how, one.text.number) for one in found}


def test_a_column_of_consent_asks_for_the_words_and_the_day_and_is_undone_with_the_list(
    world, worded, browser_of
):
    ada = browser_of("ada")
    answer = chosen(ada, ZOE, YVO, XEN, WIM, header=HEADER)
    page = ada.get(answer.url).content.decode()
    key = consents.key_of(purpose().pk)
    assert f'<option value="{key}" selected>Agreed to: Newsletter</option>' in page
    assert "“Old words.”" in page
    refused = understood(ada, answer)
    assert refused.status_code == 422
    assert "Choose the words to which they agreed." in refused.content.decode()
    said = {f"words_{key}": worded[0].pk, "agreed_on": "2024-05-03"}
    done = understood(ada, answer, **said)
    assert done.status_code == 302, re.sub(r"<[^>]+>", "", done.content.decode())
    batch = Batch.objects.get(pk=int(done.url.split("/")[-2]))
    page = ada.get(done.url).content.decode()
    assert "zoe@example.org · member, day of joining unknown · Agreed to: Newsletter, 3 May 2024" in page
    assert page.count("Agreed to: Newsletter") == 2
    assert not Consent.objects.exists()
    taken_in(batch)
    once = {"Zoe Zinc": ("2024-05-03", "import", 1), "Yvo Yarrow": ("2024-03-01", "import", 1)}
    assert given() == once
    assert {one.given_by for one in Consent.objects.all()} == {world.account["ada"].pk}
    assert queries.has_consent(Person.objects.get(name="Zoe Zinc"), "newsletter")
    exchange.undo(batch, actor=OPERATOR, at=LATER)
    assert not Consent.objects.exists()
    assert not Person.objects.filter(name="Zoe Zinc").exists()


def test_words_of_another_section_or_purpose_are_refused(world, worded, tmp_path):
    with pytest.raises(Refusal, match="Choose the words"):
        staged(tmp_path, world, worded[0], ZOE, unit="PIER")
    path = files.written(tmp_path, files.text(rows=[ZOE], header=HEADER))
    wanted = exchange.Wanted(words={consents.key_of(purpose("photographs").pk): worded[0].pk})
    with pytest.raises(Refusal, match="Choose the words"):
        exchange.stage(path, name="l", unit=world.unit["DEPOT"], wanted=wanted, actor=OPERATOR, at=NOW)


def test_without_words_of_the_section_the_column_is_left_out_and_the_page_says_why(world, browser_of):
    ada = browser_of("ada")
    page = ada.get(chosen(ada, ZOE, header=HEADER).url).content.decode()
    assert "Agreed to: Newsletter" not in page
    assert "“Newsletter” may say who agreed." in page


def test_the_same_list_twice_agrees_once_and_the_second_undone_leaves_the_first(world, worded, tmp_path):
    first = taken_in(staged(tmp_path, world, worded[1], ZOE))
    second = taken_in(staged(tmp_path, world, worded[1], ZOE), LATER)
    assert (second.known, Consent.objects.count()) == (1, 1)
    exchange.undo(second, actor=OPERATOR, at=LATER)
    assert given() == {"Zoe Zinc": ("2024-05-03", "import", 2)}
    exchange.undo(first, actor=OPERATOR, at=LATER)
    assert not Consent.objects.exists()


def test_what_she_withdrew_since_stays_withdrawn_and_stays_when_the_list_is_undone(world, worded, tmp_path):
    chidi = world.person["chidi"]
    row = ("Chidi Cove", "", "yes", "")
    batch = taken_in(staged(tmp_path, world, worded[1], row))
    assert set(given()) == {"Chidi Cove"}
    actions.withdraw_consent(chidi, purpose(), actor=OPERATOR, at=LATER)
    taken_in(staged(tmp_path, world, worded[0], row), LATER)
    assert given() == {}
    exchange.undo(batch, actor=OPERATOR, at=LATER)
    (kept,) = Consent.objects.filter(person=chidi)
    assert kept.withdrawn_at == LATER


def test_who_came_by_the_list_and_withdrew_since_stays_when_it_is_undone(world, worded, tmp_path):
    batch = taken_in(staged(tmp_path, world, worded[1], ZOE, YVO))
    zoe = Person.objects.select_related("unit").get(name="Zoe Zinc")
    actions.withdraw_consent(zoe, purpose(), actor=OPERATOR, at=LATER)
    undone = exchange.undo(batch, actor=OPERATOR, at=LATER)
    assert (undone.erased, undone.stay) == (1, 1)


def test_a_young_person_agrees_only_where_the_list_says_that_she_is_old_enough(world, worded, tmp_path):
    Person.objects.filter(pk=world.person["chidi"].pk).update(minor=True)
    batch = staged(
        tmp_path,
        world,
        worded[1],
        ("Chidi Cove", "", "yes", ""),
        ("Young Yew", "", "yes", "2008-01-01"),
        ("Small Sorrel", "", "yes", "2014-01-01"),
    )
    taken_in(batch)
    assert set(given()) == {"Young Yew"}
    young = Person.objects.get(name="Young Yew")
    assert (young.minor, young.of_age_on) == (True, dt.date(2026, 1, 1))
    # As long as the row is kept, her copy holds it: without her day of birth.
    held = actions.hand_out(young, actor=OPERATOR, at=NOW).held
    (row,) = next(one.rows for one in held if one.table.table == "exchange_line")
    assert (row["sealed"]["name"], row["sealed"]["of_age_on"]) == ("Young Yew", "2026-01-01")
    assert "2008" not in str(row["sealed"])
    assert Line.objects.get(batch=batch, outcome="refused").number == 4


def test_a_day_to_come_and_a_list_without_any_day_are_refused_row_by_row(world, worded, tmp_path):
    batch = staged(tmp_path, world, worded[1], ZOE, ("Yvo Yarrow", "", "2031-01-01", ""), XEN, agreed_on=None)
    assert batch.refused == 2
    assert taken_in(batch).new == 1
    assert given() == {}


def test_words_are_named_on_the_command_line_by_purpose_and_version(world, worded):
    assert consents.texts_said(world.unit["DEPOT"], {"newsletter": 1}) == {
        consents.key_of(purpose().pk): worded[0].pk
    }
    for said in ({"newsletter": 3}, {"pigeons": 1}, {"photographs": 1}):
        with pytest.raises(Refusal, match="There are no words of version"):
            consents.texts_said(world.unit["DEPOT"], said)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("ja", (True, "")),
        ("Yes, since 2024-05-01", (True, "2024-05-01")),
        ("1", (True, "")),
        ("1 May 2024", (True, "1 May 2024")),
        ("never", (False, "")),
        ("withdrawn on 2024-05-01", (False, "")),
        ("nein", (False, "")),
        ("perhaps", None),
    ],
)
def test_a_cell_says_yes_no_or_the_day(cell, said):
    if said is None:
        with pytest.raises(Refusal, match="write yes, no or the day"):
            values.agreed(cell)
    else:
        assert values.agreed(cell) == said
