"""One's own page: who one is first, in words; the tables last."""

import json

import pytest
from django.db import ProgrammingError, transaction

from groundswell.access import scope
from groundswell.access.actor import OPERATOR
from groundswell.people import actions as people
from groundswell.people import queries
from groundswell.protection.actions import grant
from groundswell.protection.models import DataRequest
from stage import NOW, signed_in


def test_her_card_comes_first_then_what_she_agreed_to_then_readers_then_the_tables(officers, browsers, read):
    people.put_contact(
        officers.person["chidi"], kind="email", text="chidi.cove@example.org", actor=OPERATOR, at=NOW
    )
    chidi = browsers("chidi")
    firefox = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"}
    chidi.get("/me/", headers=firefox)
    page = chidi.get("/me/", headers=firefox)
    words = read(page)
    order = (
        "Chidi Cove Member, Depot, since 3 May 2024",
        "How to reach you chidi.cove@example.org",
        "Where I am signed in",
        "Why you are kept, and what you agreed to",
        "Who opened your record",
        "All that is held of you, table by table",
    )
    places = [words.index(part) for part in order]
    assert places == sorted(places)
    assert 'href="/accounts/sessions/"' in page.content.decode()
    assert "browser and system, in two words Firefox, Linux" in words


def test_days_are_written_for_readers_and_no_range_of_the_database_is_left(officers, browsers, read):
    for who in ("chidi", "femi", "ada"):
        words = read(browsers(who).get("/me/"))
        assert "[20" not in words
        assert ",)" not in words
    assert "since 3 May 2024" in read(browsers("chidi").get("/me/"))


def test_a_guest_and_whoever_left_read_so(officers, browsers, read):
    holds, ended = (read(browsers(who).get("/me/")) for who in ("femi", "dana"))
    assert "Guest, Pier, since" in holds
    assert "until 9 May 2024" in ended
    # What holds has no end, in her memberships or in her copy.
    assert ("how it ended" in holds, "how it ended left" in ended) == (False, True)
    copy = json.loads(browsers("femi").get("/me/copy.json").content)
    (rows,) = (one["rows"] for one in copy["tables"] if one["table"] == "people_membership")
    assert [row["exit_flow"] for row in rows] == [None, None]


def test_a_member_asks_to_move_from_her_first_page_or_her_own_and_both_units_read_it(
    officers, browsers, read
):
    chidi, number = browsers("chidi"), officers.person["chidi"].pk
    move = f'href="/people/{number}/transfer/"'
    assert move in chidi.get("/").content.decode()
    assert move in chidi.get("/me/").content.decode()
    assert (
        chidi.post(f"/people/{number}/transfer/", {"unit": "Dock", "words": "a new job"}).status_code == 302
    )
    asked = "Chidi Cove asks to go from Depot to Dock."
    assert asked in read(chidi.get("/me/"))
    for who in ("ada", "bela", "sven"):
        assert asked in read(browsers(who).get("/people/asked/")), who
    # Whoever left has nothing to move, and whoever holds an office has her own page for it.
    left, officer = browsers("dana").get("/me/").content.decode(), browsers("ada").get("/").content.decode()
    assert "/transfer/" not in left
    assert f'href="/people/{officers.person["dana"].pk}/apply/"' in left
    assert "/transfer/" not in officer


def test_whoever_left_knows_her_unit_from_outside_alone(officers, browsers, read):
    chidi, inside = browsers("chidi"), "Figures rounded down to fives"
    assert ("Your units" in read(chidi.get("/")), inside in read(chidi.get("/units/DEPOT/"))) == (True, True)
    with scope.operator("she leaves"):
        people.leave(queries.home_of(officers.person["chidi"]), day=NOW.date(), actor=OPERATOR, at=NOW)
    assert "Your units" not in read(chidi.get("/"))
    assert inside not in read(chidi.get("/units/DEPOT/"))  # what anybody may read of it is there
    assert chidi.get("/me/").status_code == 200


def test_she_takes_back_what_she_asked_and_nobody_else_does(officers, browsers, read):
    chidi, person = browsers("chidi"), officers.person["chidi"]
    for kind in ("correct", "erase"):
        chidi.post("/me/ask/", {"kind": kind, "words": "Cove with a u"})
    correct, erase = DataRequest.objects.filter(person=person).order_by("pk")
    page = read(chidi.get("/me/"))
    # What she asked stands at the top, with the way to take it back.
    assert page.index("You asked to be erased.") < page.index("How to reach you")
    for who in ("femi", "ada", "bela"):
        assert browsers(who).post(f"/me/asked/{erase.pk}/take-back/").status_code == 404, who
    with signed_in(officers, "chidi"), pytest.raises(ProgrammingError), transaction.atomic():
        DataRequest.objects.filter(pk=erase.pk).update(decision="granted", decided_at=NOW)
    assert chidi.post(f"/me/asked/{erase.pk}/take-back/")["location"] == "/me/"
    page = read(chidi.get("/me/"))
    assert page.index("You asked for a correction.") < page.index("How to reach you")
    assert page.index("How to reach you") < page.index("You asked to be erased. You took it back.")
    with scope.operator("her officer"):
        grant(correct, actor=OPERATOR, at=NOW)
    chidi.post(f"/me/asked/{correct.pk}/take-back/")
    assert "Somebody answered this meanwhile." in read(chidi.get("/me/"))
    assert set(DataRequest.objects.values_list("kind", "decision")) == {
        ("correct", "granted"),
        ("erase", "withdrawn"),
    }
