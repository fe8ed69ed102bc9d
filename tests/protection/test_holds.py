"""Holds: placed and lifted by her data protection officer from her page, and shown on it."""

import pytest

from groundswell.access import scope
from groundswell.access.actor import OPERATOR
from groundswell.kernel.errors import NotFound, Refusal
from groundswell.people.models import Hold
from groundswell.protection import actions
from stage import NOW, signed_in


def place(world, why="a dispute"):
    return actions.place_hold(world.person["chidi"], why=why, actor=OPERATOR, at=NOW)


def test_her_officer_keeps_her_from_her_page_and_lifts_it_there(officers, browsers, read):
    chidi, dana = officers.person["chidi"].pk, browsers("dana")
    page = dana.get(f"/people/{chidi}/")
    assert f"/protection/people/{chidi}/hold/" in page.content.decode()
    assert "She is kept" not in read(page)
    assert dana.post(f"/protection/people/{chidi}/hold/", {"why": "a dispute about dues"}).status_code == 302
    page = read(dana.get(f"/people/{chidi}/"))
    assert "She is kept" in page
    assert "a dispute about dues" in page
    with scope.operator("look"):
        hold = Hold.objects.get()
        assert hold.account_id == officers.account["dana"].pk
    assert dana.post(f"/protection/holds/{hold.pk}/lift/").status_code == 302
    assert "She is kept" not in read(dana.get(f"/people/{chidi}/"))
    assert "Holds that are over" in read(dana.get(f"/protection/people/{chidi}/hold/"))
    again = dana.post(f"/protection/holds/{hold.pk}/lift/", follow=True)
    assert "It was lifted already." in read(again)


def test_a_reason_is_said(officers, browsers):
    address = f"/protection/people/{officers.person['chidi'].pk}/hold/"
    assert browsers("dana").post(address, {"why": "  "}).status_code == 422
    with pytest.raises(Refusal, match="Say why"):
        place(officers, " ")


def test_she_reads_why_she_is_kept(officers, browsers, read):
    place(officers)
    assert "a dispute" in read(browsers("chidi").get("/me/"))


@pytest.mark.parametrize("who", ["ada", "bela", "jonas", "sven", "ines", "olga", "quinn", "femi", "chidi"])
def test_nobody_else_places_or_lifts_or_sees_it(officers, browsers, read, who):
    chidi, hold = officers.person["chidi"], place(officers)
    browser = browsers(who)
    assert browser.post(f"/protection/people/{chidi.pk}/hold/", {"why": "x"}).status_code == 404
    assert browser.post(f"/protection/holds/{hold.pk}/lift/").status_code == 404
    if who != "chidi":
        assert "a dispute" not in read(browser.get(f"/people/{chidi.pk}/"))
    with signed_in(officers, who) as actor:
        for act in (
            lambda: actions.place_hold(chidi, why="x", actor=actor, at=NOW),
            lambda: actions.lift_hold(hold, actor=actor, at=NOW),
        ):
            with pytest.raises((NotFound, Refusal)):
                act()
    with scope.operator("look"):
        assert Hold.objects.get().lifted_at is None
