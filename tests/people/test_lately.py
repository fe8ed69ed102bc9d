"""What Today tells of members: what waits, and what became lately of those whom somebody looks after."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from groundswell.access import scope
from groundswell.access.actor import OPERATOR
from groundswell.people import actions as people
from groundswell.people import asked as asked_page
from groundswell.people import lately
from groundswell.people.models import Asking, SectionRule
from groundswell.structure import actions as structure
from stage import NOW, actor, newcomer, signed_in
from world import TODAY, day

BY_OPERATOR = {"actor": OPERATOR, "at": NOW}
BY_ITSELF = "Nobody answered in time, so it was accepted by itself."


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def told(world, who):
    with scope.operator("her offices"), signed_in(world, who) as acting:
        return [(one.sentence, one.note) for one in lately.told(acting, TODAY)]


@pytest.fixture
def asked(world):
    """Let Chidi ask to go from the Depot to the Pier."""
    people.ask_to_transfer(world.person["chidi"], to=world.unit["PIER"], actor=actor(world, "chidi"), at=NOW)
    return Asking.objects.get(decided_at=None)


def test_today_says_what_waits_to_whoever_decides_it_and_to_nobody_else(world, browser_of):
    chidi, bela, ada = world.person["chidi"], browser_of("bela"), browser_of("ada")
    asked = people.ask_to_leave(chidi, actor=actor(world, "chidi"), at=NOW)
    assert "What waits for you Chidi Cove says that she leaves Depot. Accept" in text_of(bela.get("/"))
    # It leads to her record, where whoever decides can look and call; on it, and to herself, to nothing.
    link = f'<a href="/people/{chidi.pk}/">Chidi Cove says that she leaves Depot.</a>'
    pages = (bela.get("/"), bela.get(f"/people/{chidi.pk}/"), browser_of("chidi").get("/"))
    assert [link in page.content.decode() for page in pages] == [True, False, False]
    assert "Chidi Cove" not in text_of(ada.get("/"))
    # She who asked takes it back there; of more than a few a line tells.
    mine = browser_of("chidi").get("/")
    assert "What you asked for Chidi Cove says that she leaves Depot. Take back" in text_of(mine)
    with scope.operator("others ask as well"):
        for who in ("femi", "hana", "kaya"):
            people.ask_to_leave(world.person[who], **BY_OPERATOR)
    waits = text_of(bela.get("/"))
    assert "4 requests wait for a decision. since 15 July 2024" in waits
    assert "Accept" not in waits
    assert "decision" not in text_of(ada.get("/"))
    back = {"answer": "withdraw", "next": "/"}
    assert browser_of("chidi").post(f"/people/asked/{asked.pk}/", back)["location"] == "/"
    with scope.operator("look"):
        femi = Asking.objects.get(person=world.person["femi"])
    # Neither to somebody else's page, nor, answered already, to what is no address at all.
    for elsewhere in ("//else.where", "nowhere"):
        sent = bela.post(f"/people/asked/{femi.pk}/", {"answer": "accept", "next": elsewhere})
        assert sent["location"] == f"/people/{femi.person_id}/"
    assert "What waits for you Hana Heath says" in text_of(bela.get("/"))


def test_of_many_requests_the_page_says_how_many_wait_and_asks_as_much_as_for_one(
    world, browser_of, monkeypatch
):
    bela, answers = browser_of("bela"), []
    for number, who in enumerate(("femi", "hana", "kaya"), 1):
        people.ask_to_leave(world.person[who], **BY_OPERATOR)
        with CaptureQueriesContext(connection) as questions:
            answers.append(text_of(bela.get("/people/asked/")))
        assert (len(questions), f"{number} wait" in answers[-1]) == (12, True)
    monkeypatch.setattr(asked_page, "MOST", 1)
    first = text_of(bela.get("/people/asked/"))
    assert "3 wait for you." in first
    assert [name in first for name in ("Femi", "Hana", "Kaya")] == [True, False, False]


def test_both_units_and_she_herself_are_told_of_a_transfer_that_nobody_answered(world, browser_of, asked):
    waits = ("Chidi Cove asks to go from Depot to Pier.", "Accepted by itself after 29 July 2024.")
    # Her own unit is told that it was asked; whose it is to decide has it among what waits for her.
    assert [told(world, who) for who in ("ada", "bela", "sven", "chidi")] == [[waits], [waits], [], []]
    Asking.objects.update(due_on=day("14 July 2024"))
    assert people.accept_due(at=NOW) == 1
    # Where she was her record is read no more.
    gone = ("1 member went from Depot to Pier.", BY_ITSELF)
    came = ("Chidi Cove went from Depot to Pier.", BY_ITSELF)
    assert [told(world, who) for who in ("ada", "bela")] == [[gone], [gone]]
    assert [told(world, who) for who in ("sven", "chidi")] == [[came], [came]]
    assert [told(world, who) for who in ("femi", "jonas", "ines", "olga")] == [[], [], [], []]
    for who, head in (("chidi", "What became of it"), ("sven", "Who came and went")):
        told_there = f"{head} in the last two weeks 15 July 2024 Chidi Cove went from Depot to Pier."
        assert told_there in text_of(browser_of(who).get("/"))


def test_what_was_refused_is_told_where_she_stayed_with_its_reason(world, browser_of, asked):
    # Sven sees her only while she asks: her page would not be there.
    said = {"answer": "refuse", "reason": "the Pier is full"}
    assert browser_of("sven").post(f"/people/asked/{asked.pk}/", said)["location"] == "/people/asked/"
    refused = [("Chidi Cove asks to go from Depot to Pier.", "Refused. the Pier is full")]
    assert [told(world, who) for who in ("ada", "chidi", "femi")] == [refused, refused, []]


def test_a_transfer_that_cannot_be_carried_out_is_told_and_one_taken_back_is_not(world, asked):
    people.leave(world.membership["chidi"], day=TODAY, **BY_OPERATOR)
    Asking.objects.update(due_on=day("14 July 2024"))
    people.accept_due(at=NOW)
    ((_sentence, note),) = told(world, "ada")
    # Nobody asks the clock in which language it speaks: why is said in that of the unit she would have left.
    nothing = "Sie ist nicht mehr Mitglied der anderen Einheit, es gibt also nichts überzuleiten."
    assert note == f"Nothing came of it. {nothing}"
    people.ask_to_transfer(world.person["femi"], to=world.unit["DOCK"], actor=actor(world, "femi"), at=NOW)
    people.withdraw_asking(Asking.objects.get(decided_at=None), actor=actor(world, "femi"), at=NOW)
    assert len(told(world, "ada")) == 1


def test_a_transfer_into_a_unit_that_was_merged_meanwhile_goes_to_where_that_went(world, browser_of, asked):
    quinn = people.transfer(
        world.membership["quinn"], to=world.unit["HILL"], day=day("1 July 2024"), **BY_OPERATOR
    )
    people.ask_to_transfer(quinn.person, to=world.unit["PIER"], actor=actor(world, "quinn"), at=NOW)
    for into in ("DOCK", "HILL"):
        unit = world.unit["PIER" if into == "DOCK" else "DOCK"]
        structure.merge_units(unit, into=world.unit[into], day=TODAY, **BY_OPERATOR)
    # Whoever decides in the union it was in does not decide in the other.
    address = f"/people/asked/{asked.pk}/"
    assert browser_of("sven").post(address, {"answer": "accept"}).status_code == 404
    Asking.objects.update(due_on=day("14 July 2024"))
    assert people.accept_due(at=NOW) == 1
    assert told(world, "chidi") == [("Chidi Cove went from Depot to Hill Line.", BY_ITSELF)]
    (note,) = (note for _sentence, note in told(world, "quinn") if note)
    assert note == ("Nothing came of it. Sie ist schon Mitglied eben dieser Ortsgruppe; wähle eine andere.")


def test_what_a_secretary_decides_alone_is_told_to_the_branches_until_it_is_undone(world, monkeypatch):
    # However many went from a unit to another, it is one line.
    monkeypatch.setattr(lately, "MOST", 1)
    moved = [
        people.transfer(
            newcomer(world, "LINE4", "1 July 2024"), to=world.unit["DEPOT"], day=TODAY, **BY_OPERATOR
        )
        for _one in range(2)
    ]
    assert told(world, "ada") == [("2 members went from Line Four to Depot.", "")]
    people.withdraw(moved[0], **BY_OPERATOR)
    assert told(world, "ada") == [("Nia New went from Line Four to Depot.", "")]
    # Another kind within the unit is no coming and going, and what lies further back was told.
    people.change_kind(world.membership["femi"], kind="supporter", day=TODAY, **BY_OPERATOR)
    assert len(told(world, "ada")) == 1


def test_today_asks_as_much_for_several_who_went_alone_as_for_one(world):
    asked = []
    for who, unit in (("femi", "HILL"), ("jonas", "DEPOT"), ("gita", "LINE4")):
        people.transfer(world.membership[who], to=world.unit[unit], day=TODAY, **BY_OPERATOR)
        with CaptureQueriesContext(connection) as questions:
            assert len(told(world, "bela")) == len(asked) + 1
        asked.append(len(questions))
    assert asked == [asked[0]] * 3


def test_what_lapsed_is_told_to_her_unit_and_to_herself_and_what_could_not_to_who_decides(world, browser_of):
    SectionRule.objects.create(unit=world.unit["TRAM"], lapse_months=3)
    people.put_paid_until(world.person["femi"], day=day("31 March 2024"), source="hand", **BY_OPERATOR)
    assert people.lapse_due(at=NOW) == 1
    lapsed = [("The membership of Femi Fern in Depot lapsed, since nobody paid.", "")]
    assert [told(world, who) for who in ("ada", "bela", "femi", "sven")] == [lapsed, lapsed, lapsed, []]
    (one,) = lately.told(actor(world, "bela"), TODAY)
    assert re.fullmatch(r"/people/\d+/", one.href)
    # The only secretary stays, and the night after whoever decides is told that something is in the way.
    people.put_paid_until(world.person["bela"], day=day("31 March 2024"), source="hand", **BY_OPERATOR)
    assert people.lapse_due(at=NOW) == 0
    said = "The membership of Béla Birch should have lapsed, since nobody paid, and could not be ended"
    leaves = f'href="/people/{world.person["bela"].pk}/leave/"'
    for who, reads in (("bela", True), ("ada", False), ("sven", False)):
        today = browser_of(who).get("/").content.decode()
        assert (said in today, leaves in today) == (reads, reads), who
    with scope.operator("another who did not pay"):
        people.put_paid_until(world.person["hana"], day=day("31 March 2024"), source="hand", **BY_OPERATOR)
    assert "2 memberships should have lapsed" in browser_of("bela").get("/").content.decode()
