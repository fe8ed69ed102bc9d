"""The pages on which somebody says that two records are one person, or two."""

import itertools

import pytest
from django.test import Client
from django.urls import reverse

from groundswell.access import scope
from groundswell.access.actor import OPERATOR
from groundswell.accounts import actions as accounts
from groundswell.duplicates import actions, pages
from groundswell.duplicates.actions import Choices
from groundswell.duplicates.models import Likeness, Merge
from groundswell.people import actions as people
from groundswell.people import queries as people_queries
from groundswell.people.models import Person
from stage import NOW, actor, signed_in
from world import day

pytestmark = pytest.mark.usefixtures("twins")


@pytest.fixture
def twins(world):
    """Let Dana guard the tramworkers' data, and write Chidi down a second time in another branch."""
    give = {"unit": world.unit["TRAM"], "office": "dpo", "day": day("1 January 2020")}
    accounts.give_mandate(world.person["dana"], actor=OPERATOR, at=NOW, **give)
    world.account["dana"] = accounts.create_account(
        world.person["dana"], email="dana@example.org", actor=OPERATOR
    )
    twin = people.add_person(
        world.unit["LINE4"], name="Chidi Kove", town="Linz", pronoun="she", actor=OPERATOR, at=NOW
    )
    people.put_contact(twin, kind="email", text="twin@example.org", actor=OPERATOR, at=NOW)
    people.join(twin, unit=world.unit["LINE4"], day=day("1 July 2024"), actor=OPERATOR, at=NOW)
    world.person["twin"] = twin
    return world


@pytest.fixture
def pair(twins):
    return actions.put_side_by_side(twins.person["chidi"], twins.person["twin"], actor=OPERATOR, at=NOW)


@pytest.fixture
def browser(world):
    def signed_in(who: str) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(world.account[who])
        return client

    return signed_in


def text(answer) -> str:
    return answer.content.decode()


def test_a_secretary_finds_the_other_record_and_proposes_that_they_are_one(browser, world):
    bela = browser("bela")
    chidi, twin = world.person["chidi"], world.person["twin"]
    assert f'href="/people/{chidi.pk}/same/"' in text(bela.get(f"/people/{chidi.pk}/"))
    # Who is called nearly so stands there before anything is typed.
    offered = text(bela.get(f"/people/{chidi.pk}/same/"))
    assert f'name="who" value="{twin.pk}"' in offered
    assert 'Chidi Kove <span class="note">Line Four, member since 1 July 2024' in offered
    assert f'name="who" value="{chidi.pk}"' not in offered
    assert 'name="who"' not in text(browser("ada").get(f"/people/{chidi.pk}/same/"))
    page = text(bela.get(f"/people/{chidi.pk}/same/?q=kove"))
    assert f'name="who" value="{twin.pk}"' in page
    answer = bela.post(f"/people/{chidi.pk}/same/", {"who": twin.pk})
    pair = Likeness.objects.get()
    assert answer.url == f"/people/duplicates/{pair.pk}/"
    page = text(bela.get(answer.url))
    assert "propose" in page
    assert "merge them" not in page
    bela.post(f"{answer.url}say/", {"verdict": "proposed"})
    assert "proposed" in text(browser("dana").get("/people/duplicates/"))


def test_her_officer_sees_both_with_what_merging_does_and_merges_them(browser, world, pair):
    dana = browser("dana")
    chidi, twin = world.person["chidi"], world.person["twin"]
    address = reverse("duplicates:pair", args=[pair.pk])
    people.ask_to_transfer(twin, to=world.unit["PIER"], actor=actor(world, "bela"), at=NOW)
    page = text(dana.get(address))
    for words in (
        "asked to go to Pier",
        "Chidi Cove",
        "Chidi Kove",
        "twin@example.org",
        "Which membership is true?",
        "Linz",
        "is taken back",
        # Of nobody it is known that she is of age.
        "<dt>Age</dt><dd>unknown</dd>",
    ):
        assert words in page
    chosen = {"name": chidi.pk, "call_name": chidi.pk, "town": twin.pk, "pronoun": twin.pk, "true": twin.pk}
    next_one = actions.put_side_by_side(world.person["emre"], world.person["hana"], actor=OPERATOR, at=NOW)
    answer = dana.post(address, {**chosen})
    assert answer.url == "/people/duplicates/"  # where the next pair waits
    assert "They are one person now." in text(dana.get(answer.url))
    now = Person.objects.select_related("unit").get(pk=chidi.pk)
    assert (now.name, now.town, now.pronoun, now.unit.code) == ("Chidi Cove", "Linz", "she", "LINE4")
    assert dana.get(f"/people/{twin.pk}/").url == f"/people/{chidi.pk}/"
    dana.post(f"/people/duplicates/{next_one.pk}/say/", {"verdict": "different"})
    with signed_in(world, "dana") as officer:
        assert pages.after(officer, Merge.objects.get()) == f"/people/{chidi.pk}/"  # no other waits


def office(world, who, name, unit):
    give = {"unit": world.unit[unit], "office": name, "day": day("1 July 2024")}
    accounts.give_mandate(world.person[who], actor=OPERATOR, at=NOW, **give)


def test_her_officer_is_told_which_sign_in_goes_on_and_which_offices_go_over(browser, world, pair):
    office(world, "bela", "dpo", "TRAM")
    office(world, "chidi", "auditor", "FED")
    office(world, "twin", "organiser", "LINE4")
    accounts.create_account(world.person["twin"], email="twin@example.org", actor=OPERATOR)
    page = text(browser("bela").get(reverse("duplicates:pair", args=[pair.pk])))
    assert "Offices that go over to the record that stays: organiser of Line Four, from 1 July 2024" in page
    assert "Signing in goes on as chidi@example.org." in page
    assert "The sign-in as twin@example.org is closed with its sessions, passkeys and apps." in page
    assert "They are one: merge them" in page
    # Whoever only proposes is told nothing of how somebody signs in.
    office(world, "jonas", "secretary", "TRAM")
    page = text(browser("jonas").get(reverse("duplicates:pair", args=[pair.pk])))
    assert "propose it" in page
    assert "goes on as" not in page


def test_whoever_may_not_give_what_a_sign_in_would_gain_is_told_so_instead_of_asked(browser, world, pair):
    office(world, "twin", "organiser", "LINE4")
    address = reverse("duplicates:pair", args=[pair.pk])
    page = text(browser("dana").get(address))
    assert "Chidi Cove would gain what you may not give: organiser of Line Four, from 1 July 2024 on." in page
    assert "They are one: merge them" not in page
    chidi = world.person["chidi"].pk
    chosen = dict.fromkeys(("name", "call_name", "town", "pronoun", "true"), chidi)
    answer = browser("dana").post(address, chosen)
    assert answer.status_code == 422
    assert not Merge.objects.exists()


def test_of_many_pairs_a_page_shows_the_surest_and_leads_on(browser, world):
    here = ("ada", "bela", "chidi", "emre", "femi", "hana", "jonas", "kaya")
    for sure, two in enumerate(itertools.combinations([world.person[who] for who in here], 2)):
        one, other = sorted(two, key=lambda person: person.pk)
        sides = {"person": one, "unit": one.unit, "other": other, "other_unit": other.unit}
        Likeness.objects.create(**sides, score=sure / 100, origin="night", found_at=NOW)
    bela = browser("bela")
    page = text(bela.get("/people/duplicates/"))
    assert "28 pairs may be one person each." in page
    assert (page.count("data-row"), "Jonas Juniper and Kaya Kelp" in page) == (25, True)
    assert 'href="/people/duplicates/?after=25"' in page
    last = text(bela.get("/people/duplicates/?after=25"))
    assert (last.count("data-row"), "Ada Amber and Béla Birch" in last) == (3, True)
    assert "after=50" not in last
    for beyond in ("9223372036854775807", "-1"):
        assert bela.get(f"/people/duplicates/?after={beyond}").status_code == 200


def test_the_merge_is_undone_from_the_list(browser, world, pair):
    dana = browser("dana")
    chidi, twin = world.person["chidi"], world.person["twin"]
    chosen = {"name": twin.pk, "call_name": chidi.pk, "town": twin.pk, "pronoun": twin.pk, "true": chidi.pk}
    dana.post(reverse("duplicates:pair", args=[pair.pk]), {**chosen})
    undo = reverse("duplicates:undo", args=[Merge.objects.get().pk])
    assert f'action="{undo}"' in text(dana.get("/people/duplicates/"))
    assert dana.post(undo).url == f"/people/{twin.pk}/"
    assert Person.objects.get(pk=chidi.pk).name == "Chidi Cove"
    again = dana.post(undo, follow=True)
    assert "Somebody undid this meanwhile." in text(again)


def test_a_merge_is_undone_by_the_officer_of_the_union_to_which_she_moved_since(browser, world, pair):
    """The other record goes back to where it lay, which that officer does not see, with what is its own."""
    chidi, twin = world.person["chidi"], world.person["twin"]
    office(world, "quinn", "dpo", "FERRY")
    with signed_in(world, "dana") as dana:
        merged = actions.merge(chidi, twin, Choices({}, chidi.pk), actor=dana, at=NOW)
    with scope.operator("she moves"):
        held = people_queries.home_of(Person.objects.get(pk=chidi.pk))
        people.transfer(held, to=world.unit["PIER"], day=day("15 July 2024"), actor=OPERATOR, at=NOW)
    undo = reverse("duplicates:undo", args=[merged.pk])
    assert browser("dana").post(undo).status_code == 404
    quinn = browser("quinn")
    assert f'action="{undo}"' in text(quinn.get("/people/duplicates/"))
    assert quinn.post(undo).url == f"/people/{chidi.pk}/"
    assert quinn.get(f"/people/{twin.pk}/").status_code == 404
    with scope.operator("look"):
        both = Person.objects.filter(pk__in=[chidi.pk, twin.pk]).order_by("pk")
        assert [f"{one.name} {one.unit.code}" for one in both] == ["Chidi Cove PIER", "Chidi Kove LINE4"]
        assert people_queries.home_of(both[1]).unit.code == "LINE4"
    page = text(browser("bela").get(f"/people/{twin.pk}/"))
    assert "twin@example.org" in page
    assert "twin@example.org" not in text(quinn.get(f"/people/{chidi.pk}/"))


def test_a_merge_and_its_undoing_stand_in_the_timelines_of_both(browser, world, pair):
    chidi, twin, ada = world.person["chidi"], world.person["twin"], browser("ada")
    with signed_in(world, "dana") as dana:
        merged = actions.merge(chidi, twin, Choices({}, chidi.pk), actor=dana, at=NOW)
    assert "another record of her became one with this one" in text(ada.get(f"/people/{chidi.pk}/"))
    browser("dana").post(reverse("duplicates:undo", args=[merged.pk]))
    # The organiser of the one branch does not see the record of the other; the secretary sees both.
    struck = '<s>became one with another record</s><span class="note">undone on 15 July 2024</span>'
    assert struck in text(ada.get(f"/people/{chidi.pk}/"))
    bela = browser("bela")
    assert "<s>became one with the record of Chidi Kove</s>" in text(bela.get(f"/people/{chidi.pk}/"))
    assert "<s>became one with the record of Chidi Cove</s>" in text(bela.get(f"/people/{twin.pk}/"))


def test_a_choice_that_is_missing_is_asked_for_beside_it(browser, pair):
    answer = browser("dana").post(reverse("duplicates:pair", args=[pair.pk]), {})
    assert answer.status_code == 422
    assert "This field is required" in text(answer)
    assert not Merge.objects.exists()


def test_nonsense_for_an_answer_is_refused_in_a_sentence(browser, pair):
    answer = browser("bela").post(
        reverse("duplicates:say", args=[pair.pk]), {"verdict": "perhaps"}, follow=True
    )
    assert "Say whether they are one person or two." in text(answer)


def test_two_that_are_two_persons_do_not_come_back(browser, pair):
    bela = browser("bela")
    assert reverse("duplicates:pair", args=[pair.pk]) in text(bela.get("/people/duplicates/"))
    bela.post(reverse("duplicates:say", args=[pair.pk]), {"verdict": "different"})
    assert reverse("duplicates:pair", args=[pair.pk]) not in text(bela.get("/people/duplicates/"))


def test_a_record_is_not_held_against_itself_nor_against_one_out_of_reach(browser, world):
    ada, chidi = browser("ada"), world.person["chidi"]
    answer = ada.post(f"/people/{chidi.pk}/same/", {"who": chidi.pk})
    assert answer.status_code == 422
    assert "That is the same record" in text(answer)
    for number in (world.person["ines"].pk, world.person["twin"].pk, 10**15):
        answer = ada.post(f"/people/{chidi.pk}/same/", {"who": number})
        assert answer.status_code == 422
        assert "no such person" in text(answer)


def test_who_judges_only_one_of_the_two_units_sees_no_pair(browser, world, pair):
    """Ada organises the depot alone; the twin lives in another branch."""
    assert browser("ada").get(reverse("duplicates:pair", args=[pair.pk])).status_code == 404
    for who in ("femi", "jonas", "chidi"):
        assert browser(who).get(reverse("duplicates:pair", args=[pair.pk])).status_code == 404
        assert browser(who).get("/people/duplicates/").status_code == 404


def test_a_secretary_does_not_merge_whatever_she_sends(browser, world, pair):
    chosen = {
        "name": world.person["chidi"].pk,
        "town": world.person["twin"].pk,
        "pronoun": world.person["twin"].pk,
        "true": world.person["chidi"].pk,
    }
    answer = browser("bela").post(reverse("duplicates:pair", args=[pair.pk]), {**chosen})
    assert answer.status_code == 422
    assert not Merge.objects.exists()


def test_that_the_pair_was_opened_stands_in_both_records(browser, world, pair):
    from groundswell.access import reading

    browser("dana").get(reverse("duplicates:pair", args=[pair.pk]))
    for who in ("chidi", "twin"):
        assert [one.name for one in reading.of(world.person[who].pk)] == ["Dana Dale"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_much_of_the_database_for_three_pairs_as_for_one(
    browser, world, count, django_assert_num_queries
):
    for number in range(count):
        twin = people.add_person(world.unit["DEPOT"], name=f"Twin {number}", actor=OPERATOR, at=NOW)
        actions.put_side_by_side(world.person["chidi"], twin, actor=OPERATOR, at=NOW)
    dana = browser("dana")
    dana.get("/people/duplicates/")
    with django_assert_num_queries(10):
        dana.get("/people/duplicates/")
