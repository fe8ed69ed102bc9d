"""A list of any length is looked at whole: by pages, by what becomes of its rows, as the run will have it."""

import random
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from test_import_own_fields import taken_in
from test_import_pages import staged

from groundswell.access.actor import OPERATOR
from groundswell.exchange import actions, foreseeing, lists, planning, previewpage, queries, rowwords
from groundswell.exchange.actions import looking
from groundswell.exchange.models import Batch, Line
from groundswell.kernel.errors import Refusal
from groundswell.people import actions as people
from groundswell.people.models import Person
from stage import NOW

HEADER = ("Name", "E-Mail", "Telefon", "Ort", "Spitzname", "Eintritt", "Left on")


# The first tells the same of a shorter list; the drills take all of them, longer.
SEEDS = (
    (0, 24),
    *(pytest.param(seed, 60, marks=pytest.mark.drill) for seed in range(8)),
)


def tangled(seed: int, count: int) -> list[tuple[str, ...]]:
    """Return rows of few names, e-mails, phones and towns: many are one person, or doubtful."""
    first, last = ("Zoe", "Yvo", "Una", "Chidi", "Dana"), ("Zinc", "Cove", "Dale")
    chance = random.Random(seed)

    def one() -> tuple[str, ...]:
        name = f"{chance.choice(first)} {chance.choice(last)}"
        joined, left = chance.choice((("", ""), ("2024-03-01", ""), ("2010-01-01", "2012-01-01")))
        return (
            name,
            chance.choice(("", *(f"{word}@example.org" for word in "abcdefg"))),
            chance.choice(("", "", *(f"0660 11111{figure}1" for figure in range(6)))),
            chance.choice(("", "Wien", "Graz")),
            chance.choice(("", "", "Zinc")),
            joined,
            left,
        )

    return [one() for _row in range(count)]


@pytest.fixture
def known(world):
    """Let two of the cast be reached in two ways each, so that rows meet them without meeting each other."""
    for who, kind, text in (
        ("chidi", "email", "a@example.org"),
        ("chidi", "phone", "+436601111111"),
        ("dana", "email", "b@example.org"),
        ("dana", "phone", "+436601111121"),
    ):
        people.put_contact(world.person[who], kind=kind, text=text, actor=OPERATOR, at=NOW)
    return world


@pytest.fixture
def long_lists(monkeypatch):
    """Let three rows be a page, and every list too long to be planned whole."""
    monkeypatch.setattr(previewpage, "ON_A_PAGE", 3)
    monkeypatch.setattr(previewpage, "MOST_AT_ONCE", 0)
    monkeypatch.setattr(lists, "MOST_AT_ONCE", 0)
    monkeypatch.setattr(looking, "CHUNK", 7)


def pages(batch, only="", after=-1):
    """Yield the pages of a preview one after another."""
    page = previewpage.preview(batch, only, after)
    while True:
        yield page
        if page.on is None:
            return
        page = previewpage.preview(batch, only, page.on)


def all_rows(batch, only=""):
    return [row for page in pages(batch, only) for row in page.rows]


@pytest.mark.parametrize(("seed", "count"), SEEDS)
def test_each_page_says_what_the_whole_list_planned_at_once_says_and_so_do_the_filters(
    known, bring, long_lists, monkeypatch, seed, count
):
    batch = bring(
        *tangled(seed, count), ("", "x@example.org", *[""] * 5), ("Total", "9", *[""] * 5), header=HEADER
    )
    batch = actions.look_through(batch, actor=OPERATOR, at=NOW)
    paged, counts = all_rows(batch), previewpage.preview(batch).counts
    assert len({row.outcome for row in paged}) > 4
    by_word = {word: all_rows(batch, word) for word in counts}
    monkeypatch.setattr(previewpage, "MOST_AT_ONCE", 2_000)
    monkeypatch.setattr(previewpage, "ON_A_PAGE", 1_000)
    whole = previewpage.preview(batch)
    assert paged == list(whole.rows)
    assert counts == whole.counts
    for word, rows in by_word.items():
        assert rows == [row for row in whole.rows if row.outcome == word] == all_rows(batch, word)


@pytest.mark.parametrize(("seed", "count"), SEEDS)
def test_what_was_foreseen_is_what_the_run_makes_of_it_chunk_by_chunk(known, bring, long_lists, seed, count):
    batch = actions.look_through(bring(*tangled(seed, count), header=HEADER), actor=OPERATOR, at=NOW)
    foreseen = dict(Line.objects.filter(batch=batch).values_list("number", "foreseen"))
    actions.start(batch, actor=OPERATOR)
    became = {}
    while plans := planning.plans(batch, most=7):
        became |= {one.entry.number: rowwords.outcome(one) for one in plans}
        actions.run_chunk(batch, at=NOW, most=7)
    assert became == foreseen


def test_of_a_list_in_which_all_rows_are_one_person_the_first_are_planned_with_the_last(
    world, bring, long_lists, monkeypatch
):
    monkeypatch.setattr(foreseeing, "MOST_BEFORE", 5)
    rows = [("Zoe Zinc", "zoe@example.org", "", "", "", "", "")] * 20
    batch = actions.look_through(bring(*rows, header=HEADER), actor=OPERATOR, at=NOW)
    (page,) = [page for page in pages(batch) if page.rows[-1].number == 21]
    assert page.rows[-1].reasons == ["The same person as in row 2."]
    assert previewpage.preview(batch).counts == {"new": 1, "repeats": 19}


def test_a_long_list_is_looked_through_when_it_is_chosen_and_again_when_somebody_asks(
    world, browser_of, long_lists
):
    ada = browser_of("ada")
    rows = [(f"Zoe{word} Zinc{word}", "", "", "Wien", "", "", "") for word in "abcdefgh"]
    batch = staged(ada, ("Chidi Cove", "", "", "Wien", "", "", ""), *rows, header=HEADER)
    assert batch.foreseen_at is not None
    address = f"/lists/import/{batch.pk}/"
    page = ada.get(address).content.decode()
    assert "<h1>9 of 9 rows can be taken in.</h1>" in page
    assert "8 new" in page
    assert "1 known already" in page
    assert page.count("data-row") == 3
    assert f'href="?after={batch.lines.order_by("number")[2].number}"' in page
    further = ada.get(address + "?only=new&after=5").content.decode()
    assert "Zoed Zincd" in further
    assert "Chidi" not in further
    assert 'href="?only=new&amp;after=8"' in further
    # Somebody new was written down by hand since: the rows know it at once, the counts when it is asked.
    people.add_person(world.unit["DEPOT"], name="Zoea Zinca", actor=OPERATOR, at=NOW)
    page = ada.get(address).content.decode()
    assert "8 new" in page
    assert page.count("<strong>known already</strong>") == 2
    assert ada.post(f"{address}start/", {"step": "look"}).status_code == 302
    page = ada.get(address).content.decode()
    assert "7 new" in page
    assert "2 known already" in page
    for wrong in ("x", "-1e9", "9" * 30, "1&after=2"):
        assert ada.get(f"{address}?after={wrong}").status_code == 400
    assert "Chidi Cove" in ada.get(f"{address}?after=-7&only=nonsense").content.decode()
    assert ada.get(f"{address}?after=4000").status_code == 200


def test_a_long_list_that_nobody_has_looked_through_can_be_looked_at_and_let_in(
    world, bring, long_lists, browser_of
):
    batch = bring(("Zoe Zinc", *[""] * 6), header=HEADER)
    ada = browser_of("ada")
    page = ada.get(f"/lists/import/{batch.pk}/").content.decode()
    assert "nobody has looked through all of it yet" in page
    assert "1 waiting" in page
    assert "<strong>new</strong>" in page
    assert "Bring them in" in page
    actions.start(batch, actor=OPERATOR)
    with pytest.raises(Refusal, match="taken in already"):
        actions.look_through(batch, actor=OPERATOR, at=NOW)


def test_whom_she_does_not_see_is_nobody_she_knows_when_she_looks_through_a_list(
    world, browser_of, long_lists
):
    people.put_contact(world.person["gita"], kind="email", text="gita@example.org", actor=OPERATOR, at=NOW)
    batch = staged(browser_of("ada"), ("Gita Grove", "gita@example.org", *[""] * 5), header=HEADER)
    assert queries.outcomes_of(batch) == {"new": 1}
    for who in ("chidi", "jonas"):
        assert browser_of(who).post(f"/lists/import/{batch.pk}/start/", {"step": "look"}).status_code == 404


def test_a_page_far_down_a_long_list_asks_as_many_questions_as_the_first(
    world, bring, browser_of, long_lists
):
    rows = [(f"Zoe{number}", f"z{number}@example.org", "", "Wien", "", "", "") for number in range(12)]
    known = ("Chidi Cove", "", "", "Wien", "", "", "")
    batch = actions.look_through(
        bring(*rows[:6], known, *rows[6:], known, header=HEADER), actor=OPERATOR, at=NOW
    )
    ada, counts = browser_of("ada"), []
    for query in ("", "?after=4", "?after=10", "?only=new&after=8"):
        ada.get(f"/lists/import/{batch.pk}/{query}")
        with CaptureQueriesContext(connection) as seen:
            assert ada.get(f"/lists/import/{batch.pk}/{query}").status_code == 200
        counts.append(len(seen))
    assert len(set(counts)) == 1, counts
    assert counts[0] <= 33


def test_short_lists_are_planned_at_every_look(world, browser_of, bring):
    batch = bring(("Zoe Zinc", *[""] * 6), header=HEADER)
    ada = browser_of("ada")
    assert "Look through it again" not in ada.get(f"/lists/import/{batch.pk}/").content.decode()
    people.add_person(world.unit["DEPOT"], name="Zoe Zinc", actor=OPERATOR, at=NOW)
    assert "1 known already" in ada.get(f"/lists/import/{batch.pk}/").content.decode()
    assert taken_in(batch).known == 1
    assert Person.objects.filter(name="Zoe Zinc").count() == 1
    assert re.fullmatch("done", Batch.objects.get(pk=batch.pk).state)
