"""Who is erased is gone from lists that wait, too: by whatever the import would take a row for her."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from test_import_own_fields import taken_in
from test_import_pages import chosen

from groundswell.access import erasing
from groundswell.access.actor import OPERATOR
from groundswell.accounts import actions as accounts
from groundswell.exchange import actions, previewpage, refusals, tasks
from groundswell.exchange.importing import sealing
from groundswell.exchange.models import Batch, Line, Upload
from groundswell.kernel import clock
from groundswell.people import actions as people
from groundswell.people import queries
from groundswell.people.models import Person
from groundswell.protection import actions as protection
from stage import NOW, signed_in, sql
from world import TODAY, day

HEADER = ("Name", "E-Mail", "Telefon", "Eintritt", "Bemerkung")
CANARY, PHONE = "canary.of.chidi@example.org", "0676 7654321"
# Each holds something of Chidi; the last two are somebody else, of whom nothing goes.
HERS = [
    ("C. Cove", CANARY, "", "", ""),
    ("Cove, Chidi", "", "", "", ""),
    ("Someone Else", "", PHONE, "", ""),
    ("C. Cove", CANARY, "", "32.1.2024", ""),  # refused
    ("Chidi Cove", "", "", "32.1.2024", "sings"),  # refused, by her name alone
    ("", f"write to {CANARY} or not", PHONE, "32.1.2024", ""),
]
OTHERS = [("Chidi Coventry", "other@example.org", "", "", ""), ("Zoe Zinc", "", "", "32.1.2024", "")]


@pytest.fixture
def guarded(world):
    """Let Dana be the data protection officer of the Depot alone, and Chidi be reached in two ways."""
    office = {"unit": world.unit["DEPOT"], "office": "dpo", "day": day("1 January 2020")}
    accounts.give_mandate(world.person["dana"], actor=OPERATOR, at=NOW, **office)
    world.account["dana"] = accounts.create_account(
        world.person["dana"], email="dana@example.org", actor=OPERATOR
    )
    for kind, text in (("email", CANARY), ("phone", "+43 676 7654321")):
        people.put_contact(world.person["chidi"], kind=kind, text=text, actor=OPERATOR, at=NOW)
    return world


def opened() -> str:
    """Return all that is kept of rows, opened."""
    kept = Line.objects.filter(sealed__isnull=False).values_list("batch", "number", "sealed")
    return repr([sealing.opened(batch, number, bytes(sealed)) for batch, number, sealed in kept])


def erase_by(world, who, whom="chidi"):
    with signed_in(world, who) as officer:
        person = queries.person_for(officer, world.person[whom].pk, "people.erase")
        return protection.erase_person(person, actor=officer, at=NOW)


def test_nothing_of_her_is_left_in_lists_of_her_section_and_other_rows_come_in(guarded, bring, browser_of):
    staged = bring(*HERS, *OTHERS, header=HEADER)
    # Of a unit above her officer's: found by her e-mail and phone.
    above = bring(
        HERS[0], HERS[3], ("Chidi Cove", "other@example.org", "", "", ""), header=HEADER, unit="TRAM"
    )
    foreign = bring(HERS[0], header=HEADER, unit="PIER")
    chosen(browser_of("ada"), ("Chidi Cove",), header=("Name",))
    assert opened().count("canary") == 6
    erase_by(guarded, "dana")
    assert not Upload.objects.exists()
    kept = opened()
    assert [kept.count(word) for word in ("canary", "7654321", "'Chidi Cove'", "sings")] == [1, 0, 1, 0]
    assert Line.objects.filter(batch=foreign, outcome="waiting").count() == 1
    assert Line.objects.filter(batch=above, outcome="waiting").count() == 1
    staged.refresh_from_db()
    assert (staged.refused, Line.objects.filter(batch=staged, outcome="gone").count()) == (1, 6)
    assert "Zoe Zinc" in refusals.text(staged)
    assert "Chidi" not in refusals.text(staged)
    page = browser_of("ada").get(f"/lists/import/{staged.pk}/").content.decode()
    assert "6 rows are not kept any more" in page
    assert "<h1>1 of 8 rows can be taken in.</h1>" in page
    assert sql("select count(*) from exchange_line where outcome = 'gone' and marks <> '{}'") == [(0,)]
    done = taken_in(staged)
    assert (done.new, done.known, done.refused) == (1, 0, 1)
    assert not Person.objects.filter(name="Chidi Cove").exists()


def test_a_list_from_above_loses_who_is_called_so_unless_the_row_speaks_for_somebody_else(guarded, bring):
    header = ("Name", "E-Mail", "Ort", "Eintritt", "Einheit")
    people.change_person(guarded.person["chidi"], changes={"town": "Graz"}, before={}, actor=OPERATOR)
    bare, same, other, mail, refused, refused_mail, refused_town, elsewhere = (
        ("Chidi Cove", "", "", "", ""),
        ("Cove, Chidi", "", "graz", "", ""),
        ("Chidi Cove", "", "Linz", "", ""),
        ("Chidi Cove", "other@example.org", "Graz", "", ""),
        ("Chidi Cove", "", "Graz", "32.1.2024", ""),
        ("Chidi Cove", "other@example.org", "", "32.1.2024", ""),
        ("Chidi Cove", "", "Linz", "32.1.2024", ""),
        ("Chidi Cove", "", "", "", "LINE4"),
    )
    rows = (bare, same, other, mail, refused, refused_mail, refused_town, elsewhere)
    above = bring(*rows, header=header, unit="TRAM")
    region = bring(bare, other, header=header, unit="NORTH")
    beside = bring(bare, header=header, unit="SOUTH")
    foreign = bring(bare, header=header, unit="FERRY")
    assert above.refused == 3
    erase_by(guarded, "dana")
    left = {
        batch.pk: list(
            Line.objects.filter(batch=batch)
            .exclude(outcome="gone")
            .order_by("number")
            .values_list("number", flat=True)
        )
        for batch in (above, region, beside, foreign)
    }
    first = min(Line.objects.filter(batch=above).values_list("number", flat=True))
    assert [number - first for number in left[above.pk]] == [2, 3, 5, 6, 7]
    assert [len(left[one.pk]) for one in (region, beside, foreign)] == [1, 1, 1]
    above.refresh_from_db()
    assert above.refused == 2
    assert not Line.objects.filter(outcome="gone").exclude(sealed=None, marks=[]).exists()


def test_who_has_neither_town_nor_e_mail_on_record_goes_by_her_name_from_lists_above(guarded, bring):
    hana = guarded.person["hana"]
    assert not queries.contacts_of([hana])[hana.pk]
    office = {"unit": guarded.unit["TRAM"], "office": "dpo", "day": day("1 January 2020")}
    accounts.give_mandate(guarded.person["dana"], actor=OPERATOR, at=NOW, **office)
    batch = bring(
        ("Hana Heath", "h@example.org", "", "", ""), ("Hana H", "", "", "", ""), header=HEADER, unit="TRAM"
    )
    erase_by(guarded, "dana", "hana")
    assert "h@example.org" not in opened()
    assert "Hana H" in opened()
    assert Line.objects.filter(batch=batch, outcome="gone").count() == 1


def test_a_doubtful_row_and_one_that_came_in_go_with_her_and_the_list_can_still_be_settled(guarded, bring):
    batch = bring(("Someone Else", CANARY, "", "", ""), OTHERS[0], HERS[1], header=HEADER)
    batch = taken_in(batch)
    assert (batch.doubtful, batch.known) == (1, 1)
    erase_by(guarded, "dana")
    assert "canary" not in opened()
    assert "'Chidi Cove'" not in opened()
    batch.refresh_from_db()
    assert (batch.doubtful, batch.new) == (0, 1)
    number = Line.objects.get(batch=batch, outcome="gone").number
    assert actions.settle(batch, answers={number: "new"}, actor=OPERATOR) == 0
    assert actions.undo(batch, actor=OPERATOR, at=NOW).erased == 1


def test_whoever_is_reduced_to_her_name_keeps_no_row_and_nobody_else_takes_rows_away(guarded, bring):
    taken_in(bring(HERS[0], header=HEADER))
    chidi = guarded.person["chidi"]
    for who in ("ada", "bela", "chidi"):
        with (
            signed_in(guarded, who),
            pytest.raises(DatabaseError, match="for her data protection"),
            transaction.atomic(),
        ):
            sql("select exchange_forget(%s, '{}')", chidi.pk)
    assert "canary" in opened()
    erasing.reduce(chidi.pk)
    assert "canary" not in opened()


def test_after_thirty_days_a_list_that_waits_goes_whole_and_nobody_is_asked_about_a_row_that_is_gone(
    guarded, bring, browser_of
):
    staged = bring(OTHERS[0], header=HEADER)
    done = taken_in(bring(("Someone Else", CANARY, "", "", ""), OTHERS[1], header=HEADER))
    assert actions.forget_rows(now=NOW + dt.timedelta(days=29)) == 0
    assert previewpage.preview(staged).rows
    clock.set_today(TODAY + dt.timedelta(days=31))
    assert tasks.forget_rows.func(0) == 2
    assert not Batch.objects.filter(pk=staged.pk).exists()
    page = browser_of("ada").get(f"/lists/import/{done.pk}/").content.decode()
    assert "Who are these?" not in page
    assert "refused.csv" not in page
    assert actions.settle(done, answers={2: "new"}, actor=OPERATOR) == 0
