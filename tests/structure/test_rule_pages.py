"""Kinds, promotions, proposals and protection: rules as data, who sets them, and what follows from them."""

import re
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from groundswell.access import scope
from groundswell.access.actor import OPERATOR
from groundswell.accounts import actions as accounts
from groundswell.accounts import holding
from groundswell.democracy import actions as democracy
from groundswell.exchange.exporting.rows import numbers as exported
from groundswell.kernel.errors import Refusal
from groundswell.people import searching
from groundswell.structure import actions as structure
from groundswell.structure import proposals, queries, rulepages, standing
from groundswell.structure.models import Change, Kind, PromotionRule, Unit
from pageforms import send, text_of
from stage import NOW, newcomer, signed_in
from world import TODAY, day

NAMES = {"name_en": "cell", "name_de": "Zelle"}


def refusal_of(act):
    with pytest.raises(Refusal) as refused:
        act()
    return refused.value.code


def order():
    return list(Kind.objects.values_list("code", flat=True))


def test_the_secretary_of_the_top_unit_adds_names_and_orders_kinds(world, browser_of):
    ines = browser_of("ines")
    made = ines.post("/units/kinds/new/", NAMES | {"code": "cell", "holds_names": "on", "meets": "on"})
    assert made.status_code == 302
    assert order()[-1] == "cell"
    assert "cell" in text_of(ines.get("/units/kinds/"))
    send(ines, "/units/kinds/cell/", {"name_en": "circle", "meets": None})
    kind = Kind.objects.get(pk="cell")
    assert (kind.names, kind.meets) == ({"en": "circle", "de": "Zelle"}, False)
    ines.post("/units/kinds/", {"kind": "cell", "to": "up"})
    assert order()[-2:] == ["cell", "branch"]


def test_what_may_lie_in_what_follows_from_the_order(world, browser_of):
    refused = browser_of("ines").post("/units/kinds/", {"kind": "branch", "to": "up"})
    assert refused.status_code == 422
    assert "could not lie within" in text_of(refused)
    assert order()[-1] == "branch"


def test_whether_a_kind_holds_names_is_chosen_before_its_first_unit(browser_of):
    ines = browser_of("ines")
    refused = send(ines, "/units/kinds/branch/", {"holds_names": None})
    assert refused.status_code == 422
    assert "Units are of this kind already" in text_of(refused)


@pytest.mark.parametrize("code", ["", "Cell", "new", "x" * 41, "branch", "\x00"])
def test_a_kind_has_a_code_of_its_own(browser_of, code):
    answer = browser_of("ines").post("/units/kinds/new/", NAMES | {"code": code})
    assert answer.status_code == 422


@pytest.mark.parametrize("who", ["bela", "ada", "olga", "chidi"])
def test_nobody_else_changes_kinds_or_rules_of_promotion(world, browser_of, who):
    client = browser_of(who)
    assert client.get("/units/kinds/").status_code == 200
    assert client.get("/units/kinds/branch/").status_code == 404
    assert client.get("/units/promotion/group/").status_code == 404
    assert client.post("/units/kinds/new/", NAMES | {"code": "cell"}).status_code == 404
    assert client.post("/units/kinds/", {"kind": "group", "to": "up"}).status_code == 422
    assert "Add a kind" not in text_of(client.get("/units/kinds/"))
    assert order() == ["international", "section", "group", "region", "branch"]


def rule_of_promotion():
    structure.set_promotion_rule(
        "group",
        to_kind="section",
        members=47,
        units=1,
        of_kind="branch",
        elected_committee=True,
        actor=OPERATOR,
    )


@pytest.fixture
def group(world):
    """The busworkers are a group again, and a rule says what they need."""
    structure.promote_unit(world.unit["BUS"], kind="group", day=day("10 July 2024"), actor=OPERATOR, at=NOW)
    rule_of_promotion()
    return Unit.objects.get(pk=world.unit["BUS"].pk)


def test_a_group_says_what_it_has_and_what_is_missing(world, group, browser_of):
    ines = browser_of("ines")
    answer = ines.get("/units/promotion/")
    page = text_of(answer)
    assert "One unit is on its way, and not there yet." in page
    for said in ("met: 47 of 47 members", "not yet: 0 of 1 of the kind “branch”", "no elected committee"):
        assert said in page
    assert "Not yet: what stands in bold is missing." in text_of(ines.get("/units/BUS/"))
    (href,) = re.findall(r'<a class="opens" href="([^"]+)">47 of 47 members</a>', answer.content.decode())
    assert "47 members: Busworkers&#x27; Association" in text_of(ines.get(href.replace("&amp;", "&")))
    assert 'href="/units/BUS/?on=2024-07-15#below-head">0 of 1 of the kind' in answer.content.decode()


def test_a_group_is_promoted_when_it_meets_all_and_not_before(world, group):
    with signed_in(world, "ines") as ines:

        def act(kind="section"):
            return structure.promote_unit(group, kind=kind, day=day("15 July 2024"), actor=ines, at=NOW)

        assert refusal_of(act) == "not-yet"
        assert refusal_of(lambda: act("international")) == "not-yet"  # past the kind a rule leads to
        new = structure.NewUnit("BUS-1", {"en": "Depot"}, "branch", "BUS", day("11 July 2024"))
        structure.found_unit(new, actor=ines, at=NOW)
        assert refusal_of(act) == "not-yet"
        democracy.found_body(group, names={"en": "Committee"}, founded_on=day("12 July 2024"), actor=ines)
        assert [one.ready for one in standing.standings(ines, day("15 July 2024"))] == [True]
        assert [one.ready for one in standing.standings(ines, day("11 July 2024"))] == [False]
        assert act().kind_id == "section"


def test_a_rule_is_set_from_its_page_and_only_one_for_two_kinds(browser_of):
    ines = browser_of("ines")
    given = {
        "to_kind": "section",
        "members": "30",
        "units": "3",
        "of_kind": "branch",
        "elected_committee": "on",
    }
    assert send(ines, "/units/promotion/group/", given).status_code == 302
    assert send(ines, "/units/promotion/group/", given | {"members": ""}).status_code == 302
    (rule,) = PromotionRule.objects.all()
    assert (rule.members, rule.units, rule.elected_committee) == (None, 3, True)
    assert send(ines, "/units/promotion/group/", given | {"members": "0"}).status_code == 422
    assert ines.post("/units/promotion/nothing/", given).status_code == 404


def test_today_tells_whoever_can_act_how_much_is_proposed_and_nobody_else(world, browser_of):
    told = browser_of("bela").get("/")
    assert "Something is proposed for three units. To find a treasurer: 3" in text_of(told)
    assert 'href="/units/proposals/"' in told.content.decode()
    # The whole organisation's secretary reads the list; each branch's lack is not news to her.
    for who in ("ines", "chidi"):
        assert "find a treasurer" not in text_of(browser_of(who).get("/"))


def test_a_branch_whose_treasurer_went_is_told_since_when(world, browser_of):
    accounts.give_mandate(
        world.person["dana"],
        office="treasurer",
        unit=world.unit["DEPOT"],
        day=day("1 March 2024"),
        until=day("1 July 2024"),
        actor=OPERATOR,
        at=NOW,
    )
    assert "It has had no treasurer for 14 days." in text_of(browser_of("bela").get("/units/DEPOT/"))


def test_the_rules_propose_what_a_branch_lacks(world, browser_of):
    page = text_of(browser_of("bela").get("/units/DEPOT/"))
    assert "It has never had a treasurer." in page
    assert "It should split" not in page
    structure.set_proposal_rule(world.unit["NORTH"], what="split", number=4, actor=OPERATOR)
    with signed_in(world, "bela") as bela:
        found = {
            (one.unit.code, one.number)
            for one in proposals.proposals(bela, day("15 July 2024"))
            if one.what == "split"
        }
        assert found == {("LINE4", 5)}
    structure.set_proposal_rule(world.unit["LINE4"], what="split", number=5, actor=OPERATOR)
    structure.set_proposal_rule(world.unit["TRAM"], what="treasurer", number=None, actor=OPERATOR)
    listed = text_of(browser_of("bela").get("/units/proposals/"))
    assert "should split" not in listed
    assert "treasurer" not in listed
    for _person in range(2):
        newcomer(world, "LINE4", "1 July 2024")
    answer = browser_of("bela").get("/units/proposals/")
    assert "It has 7 members, above 5: it should split." in text_of(answer)
    assert re.search('<a class="opens" href="[^"]+unit=LINE4[^"]+">7</a>', answer.content.decode())


def test_proposals_stand_by_what_they_are_are_narrowed_to_it_and_lead_to_what_mends_them(world, browser_of):
    structure.set_proposal_rule(world.unit["LINE4"], what="split", number=4, actor=OPERATOR)
    bela = browser_of("bela")
    page = bela.get("/units/proposals/").content.decode()
    assert re.findall(r"<h2[^>]*>(To [^<]+)</h2>", page) == ["To split: 1", "To find a treasurer: 3"]
    assert page.count("<tr data-row") == 4
    assert "Show all" not in page
    assert {"/units/LINE4/split/", "/offices/give/LINE4/", "/offices/give/HILL/"} <= {
        *re.findall(r'href="([^"]+)"', page)
    }
    narrowed = bela.get("/units/proposals/?what=split").content.decode()
    assert re.findall(r'href="/units/([A-Z0-9]+)/"', narrowed) == ["LINE4"]
    assert "/offices/give/" not in narrowed
    assert "Something is proposed for one unit." in narrowed
    assert bela.get("/units/proposals/?what=everything").status_code == 400
    # Who may not give the office is not led there, and no office mends a branch that is too large.
    with signed_in(world, "ada") as ada:
        assert holding.way_to_a_treasurer(ada, world.unit["DEPOT"], "treasurer") is None
    with signed_in(world, "bela") as actor:
        assert holding.way_to_a_treasurer(actor, world.unit["DEPOT"], "treasurer") is not None
        assert holding.way_to_a_treasurer(actor, world.unit["DEPOT"], "split") is None


def test_saving_a_rule_says_that_it_is_saved(browser_of):
    ines = browser_of("ines")
    send(ines, "/units/kinds/branch/", {"name_de": "Ortsgruppe"})
    assert "Saved." in text_of(ines.get("/units/kinds/"))
    send(ines, "/units/FED/limits/", {"split": "30"})
    assert "Saved." in text_of(ines.get("/units/proposals/"))


def test_limits_are_set_by_whoever_may_change_the_unit(browser_of):
    bela = browser_of("bela")
    given = {"split": "30", "treasurer": "", "meeting": "60"}
    assert send(bela, "/units/NORTH/limits/", given).status_code == 302
    assert proposals.limits(Unit.objects.get(code="LINE4")) == {"split": 30, "treasurer": None, "meeting": 60}
    assert proposals.limits(Unit.objects.get(code="HILL")) == {"split": 24, "treasurer": 0, "meeting": 30}
    assert send(bela, "/units/NORTH/limits/", {"split": "-1"}).status_code == 422
    assert bela.get("/units/PIER/limits/").status_code == 404
    assert browser_of("ada").get("/units/DEPOT/limits/").status_code == 404
    assert browser_of("ada").get("/units/proposals/").status_code == 404


def test_the_list_of_proposals_asks_the_same_number_of_questions_for_more_units(world, browser_of):
    bela = browser_of("bela")

    def asked():
        with CaptureQueriesContext(connection) as questions:
            bela.get("/units/proposals/")
        return len(questions)

    bela.get("/units/proposals/")
    first = asked()
    for number in range(3):
        founded = day(f"{number + 1} July 2024")
        new = structure.NewUnit(f"N{number}", {"en": f"New {number}"}, "branch", "SOUTH", founded)
        structure.found_unit(new, actor=OPERATOR, at=NOW)
    assert (first, asked()) == (16, 16)
    # Of many the page shows the most pressing, and leads to all of them.
    page = bela.get("/units/proposals/").content.decode()
    assert "To find a treasurer: 6" in page
    assert re.findall(r'href="/units/(N\d)/"', page) == ["N0", "N1"]
    assert 'href="?what=treasurer">Show all 6<' in page
    page = bela.get("/units/proposals/?what=treasurer").content.decode()
    assert page.count("<tr data-row") == 6
    assert not re.search("Show all|Further on|From the beginning", page)
    # And a page has no end of its own: of very many it shows the next, in the same order.
    with signed_in(world, "bela") as actor:
        (one, *_others) = proposals.proposals(actor, TODAY)
        many = [replace(one, what="meeting", number=number) for number in range(2 * rulepages.PAGE + 1)]
        for after, shown, next_href in ((0, 100, "?what=meeting&after=100"), (200, 1, ""), (-1, 100, None)):
            made = rulepages.proposed(actor, many, TODAY, "meeting", after)
            assert len(made["groups"][0]["proposals"]) == shown
            assert next_href is None or made["next_href"] == next_href
            assert made["first_href"] == ("?what=meeting" if after > 0 else "")
    assert bela.get("/units/proposals/?what=meeting&after=none").status_code == 400


def test_protection_is_chosen_before_the_first_person_and_holds_for_all_below(world, browser_of):
    bela = browser_of("bela")
    new = structure.NewUnit("EAST", {"en": "East"}, "region", "TRAM", day("1 July 2024"))
    east = structure.found_unit(new, actor=OPERATOR, at=NOW)
    assert bela.post("/units/EAST/protect/", {"protected": "on"}).status_code == 302
    inner = structure.found_unit(
        structure.NewUnit("EAST-1", {"en": "East One"}, "branch", "EAST", day("2 July 2024")),
        actor=OPERATOR,
        at=NOW,
    )
    assert queries.is_protected(inner)
    assert not queries.is_protected(world.unit["HILL"])
    assert "Protected: call names only" in text_of(bela.get("/units/EAST-1/"))
    world.unit["EAST-1"] = inner
    newcomer(world, "EAST-1", "3 July 2024")
    refused = send(bela, "/units/EAST/protect/", {"protected": None})
    assert refused.status_code == 422
    assert "People are known in East or below it already" in text_of(refused)
    assert queries.is_protected(Unit.objects.get(pk=east.pk))


def shown_in_lists(who, code):
    """Return the names by which a list shows the people of a unit, and how many of them may go out."""
    asked, today = searching.Asked(unit=Unit.objects.get(code=code)), NOW.date()
    found = searching.found(who, asked, today=today)
    return [one.name for one in found.rows], len(exported(who, asked, today=today))


def test_what_was_founded_before_its_region_was_protected_is_protected_with_it(world):
    found = structure.NewUnit
    structure.found_unit(found("EAST", {"en": "East"}, "region", "TRAM", NOW.date()), actor=OPERATOR, at=NOW)
    new = found("EAST-1", {"en": "East One"}, "branch", "EAST", NOW.date())
    inner = structure.found_unit(new, actor=OPERATOR, at=NOW)
    with signed_in(world, "bela") as bela:
        east, today = Unit.objects.get(code="EAST"), NOW.date()
        structure.protect_unit(east, protected=True, day=today, actor=bela, at=NOW)

        def alone():
            structure.protect_unit(inner, protected=False, day=today, actor=bela, at=NOW)

        assert refusal_of(alone) == "sheltered"
        world.unit["EAST-1"] = inner
        newcomer(world, "EAST-1", "15 July 2024")
        assert shown_in_lists(bela, "EAST-1") == (["Nia"], 0)
        # What is moved out of there keeps what its people were promised.
        structure.move_unit(inner, parent=world.unit["SOUTH"], day=today, actor=bela, at=NOW)
        assert shown_in_lists(bela, "EAST-1") == (["Nia"], 0)
        structure.protect_unit(east, protected=False, day=today, actor=bela, at=NOW)
        assert [one.protected for one in Unit.objects.filter(code__startswith="EAST").order_by("code")] == [
            False,
            True,
        ]


def test_a_branch_that_comes_to_lie_in_a_protected_one_is_protected_until_that_is_undone(world, browser_of):
    found = structure.NewUnit("EAST", {"en": "East"}, "region", "TRAM", NOW.date(), protected=True)
    structure.found_unit(found, actor=OPERATOR, at=NOW)
    bela, asked = browser_of("bela"), {"other": "EAST", "day": "2024-07-15"}
    shown = bela.post("/units/LINE4/move/", asked | {"step": "preview"})
    assert "It becomes protected, as what it goes into is" in text_of(shown)
    assert bela.post("/units/LINE4/move/", asked | {"step": "do"}).status_code == 302
    with signed_in(world, "bela") as actor:
        names, going = shown_in_lists(actor, "LINE4")
        assert (len(names), going, [name for name in names if " " in name]) == (5, 0, [])
        structure.undo_change(Change.objects.latest("id"), actor=actor, at=NOW)
        names, going = shown_in_lists(actor, "LINE4")
        assert (going, "Jonas Juniper" in names) == (5, True)


def test_what_is_split_off_from_a_protected_branch_is_protected(world):
    Unit.objects.filter(code="LINE4").update(protected=True)
    new = structure.NewUnit("LINE5", {"en": "Line Five"}, "branch", None, day("1 July 2024"))
    chosen = [world.membership["jonas"].pk]
    with signed_in(world, "bela") as bela:
        structure.split_unit(world.unit["LINE4"], new=new, members=chosen, actor=bela, at=NOW)
        assert shown_in_lists(bela, "LINE5") == (["Jonas"], 0)


def test_one_unit_and_none_are_spoken_of_as_such_in_german_too(world):
    one, met = world.unit["BUS"], standing.Condition("members", "47 of 47 members", met=True)
    missing = standing.Condition("committee", "no elected committee", met=False)

    def headline(*conditions):
        found = [standing.Standing(one, "section", (each,)) for each in conditions]
        return rulepages.promotion(found, NOW.date())["headline"]

    with translation.override("de"):
        proposed = [proposals.Proposal(one, "meeting", 31, 30)]
        assert rulepages.headline(proposed) == "Für eine Einheit ist etwas vorgeschlagen."
        assert headline(missing) == "Eine Einheit ist auf dem Weg und noch nicht am Ziel."
        whose = "Busworkers' Association erfüllt alles, was verlangt ist"
        assert headline(met) == f"{whose}."
        assert headline(met, missing) == f"{whose}; eine noch nicht."
        assert headline(met, missing, missing) == f"{whose}; zwei noch nicht."


def test_whoever_came_with_a_merged_unit_counts_for_what_is_proposed_and_asked(world):
    """Her membership stays where it was; she counts where her unit went."""
    today = NOW.date()
    with signed_in(world, "bela") as bela:
        structure.set_proposal_rule(world.unit["TRAM"], what="split", number=6, actor=bela)

        def proposed():
            found = proposals.of_unit(Unit.objects.get(code="DEPOT"), today)
            return [one.number for one in found if one.what == "split"]

        def told():
            found = standing.of_unit(Unit.objects.get(code="DEPOT"), today)
            return [one.text for each in found for one in each.conditions]

        ruled = {"units": None, "of_kind": None, "elected_committee": False, "actor": OPERATOR}
        with scope.operator("a rule"):
            structure.set_promotion_rule("branch", to_kind="region", members=30, **ruled)
        before = proposed(), told()
        structure.merge_units(world.unit["LINE4"], into=world.unit["DEPOT"], day=today, actor=bela, at=NOW)
        assert before == ([], ["4 of 30 members"])
        assert (proposed(), told()) == ([9], ["9 of 30 members"])


def test_a_unit_with_people_is_not_protected_any_more_whoever_asks(world, browser_of):
    for who in ("bela", "ines"):  # the Federation's secretary sees none of them
        assert browser_of(who).post("/units/HILL/protect/", {"protected": "on"}).status_code == 422
    assert browser_of("ada").get("/units/DEPOT/protect/").status_code == 404
    assert browser_of("bela").get("/units/PIER/protect/").status_code == 404
