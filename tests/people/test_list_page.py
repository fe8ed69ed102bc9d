"""The list of people: whoever may see names finds them by name and filters, a page at a time."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from groundswell.access.actor import OPERATOR
from groundswell.people import actions as people
from groundswell.people import searching
from stage import NOW
from world import day


def names_on(answer) -> list[str]:
    return re.findall(r"data-row>([^<]+)<", answer.content.decode())


def headline(answer) -> str:
    return re.search(r"<h1>(.*?)</h1>", answer.content.decode(), re.DOTALL)[1].strip()


def test_an_organiser_sees_the_people_of_her_branch_by_name_with_what_each_is(world, browser_of):
    answer = browser_of("ada").get("/people/")
    page = answer.content.decode()
    assert names_on(answer)[:2] == ["Ada Amber", "Béla Birch"]
    assert "Emre Elm" not in page  # of the branch beside hers
    assert "member since 1 March 2015" in page
    assert "Pavel Pine" in page
    assert headline(answer) == f"{len(names_on(answer))} people."


def test_a_secretary_sees_her_section_and_no_other(world, browser_of):
    found = names_on(browser_of("bela").get("/people/"))
    assert "Rosa Rowan" in found
    assert "Quinn Quill" not in found
    assert "Quinn Quill" in names_on(browser_of("sven").get("/people/"))


def test_the_names_of_members_stop_at_the_section(world, browser_of):
    ines = browser_of("ines")
    assert ines.get("/people/").status_code == 404
    assert 'href="/people/"' not in ines.get("/").content.decode()
    assert 'href="/people/"' in browser_of("bela").get("/").content.decode()


def test_a_name_is_found_begun_and_misspelt(world, browser_of):
    bela = browser_of("bela")
    assert names_on(bela.get("/people/?q=amb")) == ["Ada Amber"]
    nearly = bela.get("/people/?q=dael")
    assert names_on(nearly)[0] == "Dana Dale"
    assert headline(nearly) == "Nobody is called “dael”; these are spelt nearly so."
    nobody = bela.get("/people/?q=quinn")
    assert (names_on(nobody), headline(nobody)) == ([], "Nobody you may see is like that.")


def test_a_question_of_another_script_finds_a_name_in_latin_letters(world, browser_of):
    assert names_on(browser_of("bela").get("/people/?q=Ада")) == ["Ada Amber"]
    assert names_on(browser_of("sven").get("/people/?q=olga")) == ["Ольга Осина"]


def test_the_list_is_narrowed_by_unit_status_and_town(world, browser_of):
    bela = browser_of("bela")
    assert names_on(bela.get("/people/?unit=HILL&status=supporter")) == ["نور نخل"]
    assert names_on(bela.get("/people/?status=candidate")) == []  # Mara was accepted
    assert names_on(bela.get("/people/?status=contact")) == [
        "Lio Laurel",
        "Pavel Pine",
    ]  # Lio never was a member
    assert "Pavel Pine" not in names_on(bela.get("/people/?status=member"))
    assert names_on(bela.get("/people/?status=member&q=pavel")) == []
    people.add_person(world.unit["HILL"], name="Zoe Zinc", actor=OPERATOR, at=NOW)
    person = world.person["rosa"]
    type(person).objects.filter(pk=person.pk).update(town="Graz")
    assert names_on(bela.get("/people/?town=graz")) == ["Rosa Rowan"]
    chips = bela.get("/people/?town=graz&unit=HILL").content.decode()
    assert 'href="/people/?unit=HILL"' in chips
    assert 'href="/people/?town=graz"' in chips


def test_a_town_is_found_without_its_accents_and_with_a_slip(world, browser_of):
    for who, town in (("rosa", "Mühlviertel"), ("chidi", "Linz"), ("emre", "Lienz"), ("ada", "Graz")):
        type(world.person[who]).objects.filter(pk=world.person[who].pk).update(town=town)
    bela = browser_of("bela")
    assert names_on(bela.get("/people/?town=muhlviertel")) == ["Rosa Rowan"]
    assert names_on(bela.get("/people/?town=Linz")) == ["Chidi Cove"]
    slipped = bela.get("/people/?town=Grsz")
    assert names_on(slipped) == ["Ada Amber"]
    assert "Nobody is in “Grsz”; these are in Graz." in slipped.content.decode()
    assert names_on(bela.get("/people/?town=Muhlvirtle")) == ["Rosa Rowan"]  # two in a long word
    for nobody in ("Gzar", "Gr", "Bregenz", "%", "a" * 120):
        assert names_on(bela.get("/people/", {"town": nobody})) == []
    # A treasurer knows names and standing: neither where they live nor who lives there.
    jonas = browser_of("jonas")
    assert "Chidi Cove" in names_on(jonas.get("/people/"))
    assert not {"Linz", "Town"} & set(re.findall(r"\w+", jonas.get("/people/").content.decode()))
    assert [names_on(jonas.get(f"/people/?town={town}")) for town in ("Linz", "Lins")] == [[], []]


def test_several_words_of_a_name_may_each_have_a_slip(world, browser_of):
    bela = browser_of("bela")
    for text in ("Belka Brich", "Hanna Hetah", "jonsa junipr", "Junipper Jonsa"):
        assert len(names_on(bela.get("/people/", {"q": text}))) == 1, text
    assert "these are spelt nearly so" in bela.get("/people/?q=Belka+Brich").content.decode()
    for text in ("Bulk Brocken", "Belka Zz", "Qunin Qill"):
        assert names_on(bela.get("/people/", {"q": text})) == [], text
    assert len(names_on(browser_of("sven").get("/people/", {"q": "Qunin Qill"}))) == 1


def test_former_members_are_found_as_such_and_their_last_day_is_said(world, browser_of):
    people.leave(world.membership["rosa"], day=day("1 July 2024"), actor=OPERATOR, at=NOW)
    answer = browser_of("bela").get("/people/?status=former&unit=HILL")
    assert names_on(answer) == ["Rosa Rowan"]
    assert "former member, until 1 July 2024" in answer.content.decode()


def test_a_guest_stands_in_the_list_of_her_guest_branch(world, browser_of):
    sven = browser_of("sven")
    assert "Femi Fern" in names_on(sven.get("/people/"))
    assert "Femi Fern" in names_on(sven.get("/people/?unit=PIER")) + names_on(sven.get("/people/?unit=DOCK"))
    assert names_on(sven.get("/people/?q=femi")) == ["Femi Fern"]
    assert names_on(sven.get("/people/?q=fmei+frn&unit=PIER")) == ["Femi Fern"]
    assert names_on(sven.get("/people/?q=fmei+frn&unit=DOCK")) == []


def test_whoever_has_one_unit_reads_its_name_in_no_line(world, browser_of):
    ada, bela = (browser_of(who).get("/people/").content.decode() for who in ("ada", "bela"))
    assert ('href="/units/DEPOT/">Depot' in ada, 'href="/units/DEPOT/">Depot' in bela) == (False, True)


def test_a_unit_out_of_reach_looks_like_none(world, browser_of):
    ada = browser_of("ada")
    assert ada.get("/people/?unit=HILL").status_code == ada.get("/people/?unit=NOWHERE").status_code == 404


def test_members_without_an_office_see_no_list_of_names(world, browser_of):
    assert names_on(browser_of("chidi").get("/people/")) == []


def test_a_long_list_goes_on_page_by_page_and_nobody_is_lost_or_doubled(world, browser_of, monkeypatch):
    bela = browser_of("bela")
    whole = names_on(bela.get("/people/"))
    monkeypatch.setattr(searching, "PAGE", 3)
    address, seen = "/people/", []
    while address:
        answer = bela.get(address)
        assert len(names_on(answer)) <= 3
        seen += names_on(answer)
        onwards = re.search(r'href="([^"]+)" rel="next"', answer.content.decode())
        address = onwards[1].replace("&amp;", "&") if onwards else ""
    assert seen == whole


def test_more_people_than_one_counts_are_more_than_that(world, browser_of, monkeypatch):
    monkeypatch.setattr(searching, "PAGE", 3)
    monkeypatch.setattr(searching, "MOST_COUNTED", 4)
    assert headline(browser_of("bela").get("/people/")) == "More than 4 people."


@pytest.mark.parametrize("address", ["/people/", "/people/?q=a", "/people/?unit=TRAM&status=member"])
def test_the_number_of_queries_does_not_grow_with_the_people(world, browser_of, address, monkeypatch):
    bela = browser_of("bela")
    bela.get(address)
    counts = []
    for most in (1, 3):
        monkeypatch.setattr(searching, "PAGE", most)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            bela.get(address)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 21


def test_one_act_stands_beside_the_search_and_the_rarer_are_folded(world, browser_of):
    page = browser_of("bela").get("/people/").content.decode()
    assert page.index('id="q"') < page.index("Write somebody down")
    main = page.split("<main", 1)[1]
    chief = re.findall(r'class="button chief" href="([^"]+)"', main)
    folded = re.search(r'class="chip menu">.*?</details>', main, re.DOTALL)[0]
    assert chief == ["/people/new/"]
    assert "Bring a list in" in folded
    assert "What waits" in folded
    narrowed = browser_of("bela").get("/people/?unit=HILL").content.decode()
    assert 'href="/people/new/?unit=HILL"' in narrowed
    (list_of,) = re.findall(r'href="(/lists/import/[^"]*)"', narrowed)
    assert '<option value="HILL" selected>' in browser_of("bela").get(list_of).text
    nobodys = browser_of("chidi").get("/people/").content.decode()  # holds no office
    assert "/people/new/" not in nobodys
    assert "Bring a list in" not in nobodys


def test_filters_in_force_are_unfolded(world, browser_of):
    bela = browser_of("bela")
    assert '<details class="further">' in bela.get("/people/?status=member").content.decode()
    assert '<details class="further" open>' in bela.get("/people/?town=graz").content.decode()
