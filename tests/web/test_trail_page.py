"""The page of the trail: who reads it, what of it, and what it never shows."""

import contextlib
import re
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from groundswell.access import proving, scope, sealing, trailing
from groundswell.access.actor import OPERATOR
from groundswell.accounts import actions as accounts
from groundswell.people import actions as people
from groundswell.people.models import Person
from groundswell.site import trailwords
from groundswell.structure import actions as structure
from groundswell.web.catalogues import PACKAGE
from stage import NOW, actor, sql
from world import day


@pytest.fixture
def guarded(world):
    """Let Dana be the data protection officer of the tramworkers."""
    with scope.operator("a test"):
        accounts.give_mandate(
            world.person["dana"], unit=world.unit["TRAM"], office="dpo", day=day("1 January 2020"),
            actor=OPERATOR, at=NOW,
        )  # fmt: skip
        world.account["dana"] = accounts.create_account(
            world.person["dana"], email="dana@example.org", actor=OPERATOR
        )
    return world


@contextlib.contextmanager
def signed_in(world, who, purpose=""):
    with scope.operator():
        acting, secret = actor(world, who), world.signed_in(who)
    with scope.session(secret, purpose):
        yield acting


def page(browser_of, who, query=""):
    answer = browser_of(who).get(f"/trail/{query}")
    return answer.status_code, re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_signed_out_the_trail_leads_to_the_sign_in_page(browser_of):
    answer = browser_of("").get("/trail/")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/trail/")


@pytest.mark.parametrize("who", ["chidi", "femi", "ada"])
def test_members_and_organisers_find_no_trail(browser_of, who):
    assert page(browser_of, who)[0] == 404


def test_the_officer_reads_who_changed_what_in_her_union_and_nothing_of_the_other(guarded, browser_of):
    with signed_in(guarded, "bela", "a call") as bela:
        people.leave(
            guarded.membership["chidi"], day=day("14 July 2024"), actor=bela, at=NOW, reason="CANARY-REASON"
        )
        accounts.invite(guarded.person["kaya"], email="kaya@example.org", actor=bela)
        accounts.call_off(guarded.person["kaya"], actor=bela)
    with scope.operator("a lost phone"):
        accounts.let_in("bela@example.org", lost_factor=True, actor=OPERATOR)
    with signed_in(guarded, "sven") as sven:
        people.leave(guarded.membership["quinn"], day=day("14 July 2024"), actor=sven, at=NOW)
    status, text = page(browser_of, "dana")
    assert status == 200
    assert "Béla Birch ended a membership." in text
    assert "about Chidi Cove" in text
    assert "for: a call" in text
    assert "CANARY-REASON" in text
    for did, about in (
        ("Béla Birch invited somebody to an account", "Kaya Kelp"),
        ("Béla Birch called an invitation off", "Kaya Kelp"),
        ("The operator took the second factors of an account away", "Béla Birch"),
        ("The operator made a link to sign in, on the server", "Béla Birch"),
    ):
        assert re.search(rf"{did}\. [^.]* about {about}", text), did
    assert "Quinn Quill" not in text
    assert "Åsa Sven" not in text


def test_an_officer_above_the_section_reads_entries_without_what_they_hold_of_persons(guarded, browser_of):
    with signed_in(guarded, "bela") as bela:
        people.leave(
            guarded.membership["chidi"], day=day("14 July 2024"), actor=bela, at=NOW, reason="CANARY-REASON"
        )
    status, text = page(browser_of, "olga", "?kind=people")
    assert status == 200
    assert "ended a membership." in text
    for hidden in ("CANARY-REASON", "Chidi Cove", "Béla Birch"):
        assert hidden not in text


def test_a_secretary_reads_of_structure_and_mandates_and_a_treasurer_of_money_alone(guarded, browser_of):
    with scope.operator("a test"):
        structure.rename_unit(
            guarded.unit["HILL"], names={"en": "Hill"}, day=day("14 July 2024"), actor=OPERATOR, at=NOW
        )
        people.leave(guarded.membership["chidi"], day=day("14 July 2024"), actor=OPERATOR, at=NOW)
    status, text = page(browser_of, "bela")
    assert status == 200
    assert "The operator renamed a unit." in text
    assert "membership" not in text
    # She reads which office was given, and to whom.
    assert "Dana Dale, data protection officer, since 1 January 2020" in text
    status, text = page(browser_of, "jonas")
    assert (status, "The operator" in text) == (200, False)
    led = {who: 'href="/trail/"' in browser_of(who).get("/").content.decode() for who in ("bela", "jonas")}
    assert led == {"bela": True, "jonas": False}  # no room keeps money


def test_entries_are_filtered_by_unit_kind_and_day(guarded, browser_of):
    with signed_in(guarded, "bela") as bela:
        people.leave(guarded.membership["chidi"], day=day("14 July 2024"), actor=bela, at=NOW)
        people.leave(guarded.membership["emre"], day=day("14 July 2024"), actor=bela, at=NOW)
    text = page(browser_of, "dana", "?unit=LINE4&kind=people")[1]
    assert "about Emre Elm" in text
    assert "about Chidi Cove" not in text
    assert "No entry" in page(browser_of, "dana", "?kind=decisions")[1]
    assert "No entry" in page(browser_of, "dana", "?day=2001-01-01")[1]
    with scope.operator():
        today = sql("select (now() at time zone 'UTC')::date")[0][0]
    assert "about Emre Elm" in page(browser_of, "dana", f"?day={today}")[1]
    assert page(browser_of, "dana", "?unit=PIER")[0] == 404
    assert page(browser_of, "dana", "?kind=gossip")[0] == 400


def test_older_entries_follow_by_key_none_twice_and_none_left_out(guarded):
    with signed_in(guarded, "dana"):
        every = [one.number for one in trailing.entries(most=100_000)]
        paged, before = [], trailing.LARGEST
        while found := trailing.entries(before=before, most=7):
            paged += [one.number for one in found]
            before = found[-1].number
    assert paged == every == sorted(set(every), reverse=True)
    assert len(every) > 40


def test_a_sealed_cell_is_never_shown_in_the_trail(guarded, browser_of):
    with scope.operator("a test"):
        sql("update people_person set town = '\\x01deadbeef' where id = %s", guarded.person["chidi"].pk)
    text = page(browser_of, "dana")[1]
    assert "(encrypted)" in text
    assert "deadbeef" not in text


def test_the_page_says_whether_the_chain_holds(guarded, browser_of):
    assert "has not been checked as a whole yet" in page(browser_of, "dana")[1]
    with scope.operator():
        sealing.seal()
    trailing.prove()
    assert "Every seal holds" in page(browser_of, "dana")[1]


def test_each_officer_reads_the_newest_checkpoint_of_what_is_hers_also_above_the_sections(
    guarded, browser_of
):
    with scope.operator():
        sealing.seal()
        newest = {point.section: str(point) for point in sealing.checkpoints()}
    tram = guarded.unit["TRAM"].pk
    for who, section in (("dana", tram), ("olga", 0)):
        text = page(browser_of, who)[1]
        assert [one for one in newest if newest[one] in text] == [section]


def test_a_broken_seal_is_said_with_what_was_found_in_the_language_of_whoever_reads(guarded, browser_of):
    values = {"section": 7, "number": 3, "entries": 12, "there": 11}
    found = proving.Finding("removed", 7, 3, proving._FEWER, values)
    with scope.worker():
        sql("select write_proof(%s)", [found.to_keep(), "Seal 2 of section 7, as it was once written down."])
    text = page(browser_of, "dana")[1]
    assert "found something that is not as it was sealed" in text
    assert found.sentence == "Seal 3 of section 7 covers 12 entries, and only 11 are there."
    assert found.sentence in text
    assert "Seal 2 of section 7, as it was once written down." in text
    german = browser_of("dana").get("/trail/", headers={"accept-language": "de"}).content.decode()
    assert "Siegel 3 von Sektion 7 deckt 12 Einträge, und nur 11 sind da." in german


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_the_same_number_of_questions_whatever_it_shows(guarded, browser_of, rows):
    with scope.operator("a test"):
        for who in list(guarded.person)[:rows]:
            Person.objects.filter(pk=guarded.person[who].pk).update(town="Elsewhere")
    client = browser_of("dana")
    client.get("/trail/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/trail/?kind=people")
    assert len(asked) == 13


RECORDED = re.compile(r"""record\(\s*f?"([a-z_.]+)(\{)?""")


def test_whatever_an_action_records_has_its_words():
    sources = (path.read_text(encoding="utf-8") for path in Path(PACKAGE).glob("*/**/*.py"))
    found = {match for source in sources for match in RECORDED.findall(source)}
    assert len(found) > 60
    events = list(trailwords.EVENTS)
    raw = [
        name
        for name, goes_on in found
        if not (any(one.startswith(name) for one in events) if goes_on else name in events)
    ]
    assert raw == []
