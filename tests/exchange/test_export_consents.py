"""Who agreed to what stands in lists that go out, and narrows them: a mailing list of those who agreed."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from test_export_own_fields import names_on
from test_exporting import Browser, line_of, table, taken

from groundswell.access import reading
from groundswell.access.actor import OPERATOR
from groundswell.exchange.importing import values
from groundswell.people import actions as people
from groundswell.people.models import SavedView
from groundswell.protection import actions
from groundswell.protection.models import Purpose
from stage import NOW, sql

COLUMN = "Agreed to: Newsletter"


@pytest.fixture
def agreed(world):
    """Let Chidi agree to the newsletter, Femi have withdrawn it, nobody else."""
    purpose = Purpose.objects.get(code="newsletter")
    said = {"actor": OPERATOR, "at": NOW}
    actions.write_text(world.unit["TRAM"], purpose, language="en", words="Yes.", **said)
    for who in ("chidi", "femi"):
        actions.give_consent(world.person[who], purpose, how="paper", **said)
    later = NOW + dt.timedelta(days=2)
    actions.withdraw_consent(world.person["femi"], purpose, actor=OPERATOR, at=later)
    return purpose


def text_of(answer):
    return " ".join(answer.content.decode().split())


@pytest.fixture
def browser_of(world):
    def of(who):
        client = Browser(headers={"accept-language": "en"})
        client.force_login(world.account[who])
        return client

    return of


def test_a_list_says_who_agreed_since_when_who_withdrew_and_who_never_did(world, agreed, browser_of):
    answer = taken(browser_of("ada"))
    assert line_of(answer, "Chidi Cove")[COLUMN] == f"yes, since {NOW.date()}"
    assert line_of(answer, "Femi Fern")[COLUMN] == f"withdrawn on {NOW.date() + dt.timedelta(days=2)}"
    assert line_of(answer, "Ada Amber")[COLUMN] == "never"
    assert [column for column in table(answer)[0] if column.startswith("Agreed")] == [COLUMN]
    # What goes out can be brought in again as what it says.
    assert values.agreed(line_of(answer, "Chidi Cove")[COLUMN]) == (True, str(NOW.date()))
    assert values.agreed(line_of(answer, "Femi Fern")[COLUMN]) == (False, "")
    sheet = taken(browser_of("ada"), "sheet").content.decode()
    assert f'<td data-label="{COLUMN}">never</td>' in sheet  # on a phone each cell says what it is


def test_a_treasurers_list_does_not_say_it_and_she_cannot_ask_it(world, agreed, browser_of):
    jonas = browser_of("jonas")
    assert "Agreed" not in taken(jonas).content.decode()
    assert 'name="agreed"' not in jonas.get("/people/").content.decode()
    assert names_on(jonas.get("/people/?agreed=newsletter")) == []


def test_the_list_is_narrowed_to_those_who_agreed_kept_so_and_written_to(world, agreed, browser_of):
    ada = browser_of("ada")
    assert '<option value="newsletter">Newsletter</option>' in ada.get("/people/").content.decode()
    assert names_on(ada.get("/people/?agreed=newsletter")) == ["Chidi Cove"]
    assert "Agreed to: Newsletter<svg" in ada.get("/people/?agreed=newsletter").content.decode()
    for nobody in ("photographs", "pigeons", "' or true --"):
        assert names_on(ada.get("/people/", {"agreed": nobody})) == []
    ada.post("/people/views/?agreed=newsletter", {"name": "Letters"})
    assert SavedView.objects.get().more == {"agreed": "newsletter"}
    assert "1 of them withdrew her agreement to the newsletter" in text_of(taken(ada, "mail"))
    assert "withdrew" not in text_of(taken(ada, "mail", address="/lists/export/?agreed=newsletter"))
    names = [row[0] for row in table(taken(ada, address="/lists/export/?agreed=newsletter"))]
    assert names[1:-1] == ["Chidi Cove"]


def test_whoever_withdrew_her_agreement_to_be_called_is_on_no_list_of_calls(world, agreed, browser_of):
    phone, chidi, said = (
        Purpose.objects.get(code="phone"),
        world.person["chidi"],
        {"actor": OPERATOR, "at": NOW},
    )
    actions.write_text(world.unit["TRAM"], phone, language="en", words="Call me.", **said)
    for who in ("chidi", "femi"):
        people.put_contact(world.person[who], kind="phone", text="0664 1234567", **said)
    actions.give_consent(chidi, phone, how="said", **said)
    assert "Chidi Cove" in text_of(taken(browser_of("ada"), "phones"))
    assert len(reading.of(chidi.pk)) == 1
    actions.withdraw_consent(chidi, phone, actor=OPERATOR, at=NOW + dt.timedelta(hours=1))
    called = text_of(taken(browser_of("ada"), "phones"))
    assert ("Chidi Cove" in called, "Femi Fern" in called) == (False, True)
    assert "1 person withdrew her agreement to be called and is not here." in called
    # What did not go out is not said to have: not of who withdrew it, nor of who has no phone.
    receipts = {who: len(reading.of(world.person[who].pk)) for who in ("chidi", "femi", "hana")}
    assert receipts == {"chidi": 1, "femi": 2, "hana": 0}
    assert sql(
        "select (p.new->>'rows')::int from access_trail t join access_trailpayload p on p.trail_id = t.id"
        " where t.op = 'exchange.list.exported' order by t.id"
    ) == [(2,), (1,)]
    actions.give_consent(chidi, phone, how="said", actor=OPERATOR, at=NOW + dt.timedelta(hours=2))
    assert "Chidi Cove" in text_of(taken(browser_of("ada"), "phones"))


def test_towards_another_section_it_does_not_hold(world, agreed, browser_of):
    chidi = world.person["chidi"].pk
    sql("update people_person set unit_id = %s where id = %s", world.unit["PIER"].pk, chidi)
    sven = browser_of("sven")
    assert names_on(sven.get("/people/?agreed=newsletter")) == []
    assert "Chidi Cove" in str(table(taken(sven, address="/lists/export/?who=all")))
    assert COLUMN not in table(taken(sven, address="/lists/export/?who=all"))[0]


def test_as_many_questions_are_asked_for_three_as_for_one(world, agreed, browser_of):
    ada, counts = browser_of("ada"), []
    for more in ((), ("ada", "bela")):
        for who in more:
            actions.give_consent(world.person[who], agreed, how="paper", actor=OPERATOR, at=NOW)
        with CaptureQueriesContext(connection) as seen:
            ada.get("/people/?agreed=newsletter")
        with CaptureQueriesContext(connection) as taking:
            taken(ada, address="/lists/export/?agreed=newsletter")
        counts.append((len(seen), len(taking)))
    assert counts[0] == counts[1]
