"""A tag for everybody of a list: whoever may edit them gives it, and takes it away, in one go."""

import re

import pytest

from groundswell.access import scope
from groundswell.access.actor import OPERATOR
from groundswell.people import actions as people
from groundswell.people import rules
from groundswell.people.actions import tagging
from groundswell.people.models import Tag
from stage import signed_in, sql

AT = "/people/tags/"


# Who is at home in the depot, of which Ada is the organiser.
THERE = {"ada", "bela", "chidi", "dana", "femi", "pavel"}


def tagged(world, *names):
    for name in names:
        people.put_tags(world.person[name], words=["choir"], actor=OPERATOR)


def have(world) -> set[str]:
    with scope.operator("look"):
        held = set(Tag.objects.filter(word="choir").values_list("person", flat=True))
    return {name for name, person in world.person.items() if person.pk in held}


def forms_of(answer) -> list[dict[str, str]]:
    """Return what each form in the page's content sends, with its first button."""
    page = answer.content.decode().split("<main", 1)[1]
    return [
        dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
        for form in re.findall(r"<form method=\"post\".*?</form>", page, re.DOTALL)
    ]


def told(answer) -> str:
    return re.search(r'<p class="message">(.*?)</p>', answer.content.decode())[1]


def test_a_list_is_given_a_tag_in_one_go_and_just_that_is_undone(world, browser_of):
    ada, count = browser_of("ada"), len(THERE)
    tagged(world, "dana", "emre")  # Emre is of the branch beside hers
    listed = ada.get("/people/").content.decode()
    assert f'<a href="{AT}">Give these {count} people a tag</a>' in listed
    page = ada.get(AT)
    text = page.content.decode()
    assert (f"A tag for {count} people" in text, "Ada Amber, Béla Birch" in text) == (True, True)
    assert re.findall(r'<option value="(.*?)"', text) == ["choir"]
    (sent,) = forms_of(page)
    answer = ada.post(AT, sent | {"word": " choir ", "step": "give"})
    new = count - 1
    assert told(answer) == f"{new} people have “choir” now. 1 had it before."
    assert have(world) == THERE | {"emre"}
    again = ada.post(AT, sent | {"word": "choir", "step": "give"})
    assert told(again) == "6 had it before."
    undo, _anew = forms_of(answer)
    undone = ada.post(AT, undo)
    assert told(undone) == f"“choir” is taken from {new} people."
    assert have(world) == {"dana", "emre"}
    assert f"A tag for {count} people" in undone.content.decode()
    back, _anew = forms_of(undone)
    ada.post(AT, back)
    assert have(world) == THERE | {"emre"}
    written = "select op, count(*) from access_trail where table_name = 'people_tag' and account_id = %s"
    with scope.operator("look"):
        kept = dict(sql(f"{written} group by op", world.account["ada"].pk))
    assert kept == {"insert": 2 * new, "delete": new}


def test_the_tag_by_which_a_list_was_found_is_taken_and_given_back(world, browser_of):
    tagged(world, "dana", "chidi", "emre")
    ada = browser_of("ada")
    (sent,) = forms_of(ada.get(f"{AT}?tag=choir"))
    answer = ada.post(f"{AT}?tag=choir", sent | {"word": "choir", "step": "take"})
    assert told(answer) == "“choir” is taken from 2 people."
    assert have(world) == {"emre"}
    twice = ada.post(f"{AT}?tag=choir", sent | {"word": "choir", "step": "take"})
    assert told(twice) == "2 did not have it."
    ada.post(f"{AT}?tag=choir", forms_of(answer)[0])
    assert have(world) == {"dana", "chidi", "emre"}


def test_whoever_is_at_home_elsewhere_stays_as_she_is(world, browser_of):
    sven = browser_of("sven")
    page = sven.get(f"{AT}?unit=PIER")
    assert "1 more stands in the list and stays as she is" in page.content.decode()  # Femi, a guest
    (sent,) = forms_of(page)
    theirs = " ".join(str(world.person[name].pk) for name in ("ines", "olga", "femi", "ada", "lio"))
    sven.post(AT, {"people": theirs, "word": "choir", "step": "give"})
    assert have(world) == {"ines", "olga"}
    sven.post(f"{AT}?unit=PIER", sent | {"word": "choir", "step": "take"})
    assert have(world) == set()
    with scope.operator("another gives it"):
        tagged(world, "ada")
    hers = {"people": str(world.person["ada"].pk), "word": "choir", "step": "take"}
    assert sven.post(AT, hers).status_code == 422
    assert have(world) == {"ada"}


@pytest.mark.parametrize("who", ["jonas", "ines", "olga", "quinn", "chidi"])
def test_whoever_edits_nobody_finds_no_such_page(world, browser_of, who):
    window, herself = browser_of(who), str(world.person[who].pk)
    said = {"people": herself, "word": "choir", "step": "give"}
    assert (window.get(AT).status_code, window.post(AT, said).status_code) == (404, 404)
    assert AT not in window.get("/people/").content.decode()
    assert have(world) == set()


def test_a_tag_for_nobody_or_for_too_many_or_without_a_word_is_refused(world, browser_of, monkeypatch):
    ada = browser_of("ada")
    (sent,) = forms_of(ada.get(AT))
    for wrong in ({"word": " "}, {"word": "x" * 61}, {"word": "a\x00"}, {"people": "1 or 1"}, {"people": ""}):
        assert ada.post(AT, sent | {"word": "choir", "step": "give"} | wrong).status_code == 422, wrong
    assert "nobody here whom you may change" in ada.get(f"{AT}?tag=none").content.decode()
    assert AT not in ada.get("/people/?tag=none").content.decode()
    monkeypatch.setattr(tagging, "MOST_AT_ONCE", 3)
    assert "These are too many at once: at most 3 people." in ada.get(AT).content.decode()
    many = ada.post(AT, sent | {"word": "choir", "step": "give"})
    assert (many.status_code, have(world)) == (422, set())


def test_nobody_is_given_more_tags_than_are_kept(world):
    dana, chidi = world.person["dana"], world.person["chidi"]
    people.put_tags(dana, words=[f"tag {n}" for n in range(rules.MOST_TAGS)], actor=OPERATOR)
    with signed_in(world, "ada") as ada:
        done = people.tag_all([dana.pk, chidi.pk], word="choir", given=True, actor=ada)
        assert (done.new, done.full) == ([chidi.pk], 1)
        done = people.tag_all([dana.pk, chidi.pk], word="tag 1", given=True, actor=ada)
        assert (done.new, done.before, done.full) == ([chidi.pk], 1, 0)
