"""The pages of deeds: what is asked, what would change, doing it; who finds them, and who does not."""

import re

import pytest
from django.db.models import CharField
from django.db.models.functions import Cast

from groundswell.access import scope
from groundswell.access.actor import OPERATOR
from groundswell.accounts import actions as accounts
from groundswell.kernel import clock
from groundswell.people import actions as people
from groundswell.people.models import Person
from groundswell.structure import actions as structure
from groundswell.structure import queries
from groundswell.structure.models import Change, Preparation, Unit, UnitKind, UnitName, UnitParent
from groundswell.web import figures
from pageforms import send, text_of
from pageforms import shown as fields_of
from stage import NOW, judge_now, own, row
from world import day

DAY = {"day": "2024-07-01"}


def counts_of(answer):
    """Return the rows of a preview: code -> (before, after)."""
    rows = re.findall(
        r'<span class="kind">([A-Z0-9-]+)</span></th><td class="n">(.*?)</td><td class="n">(.*?)</td>',
        answer.content.decode(),
    )
    for _code, before, _after in rows:
        assert before in {"0", "–"} or '<a class="opens" href="/report/drill/?' in before
    return {code: (re.sub("<[^>]+>", "", before), after) for code, before, after in rows}


def fresh(world, code):
    return Unit.objects.get(pk=world.unit[code].pk)


DEEDS = {
    "found": {"name_en": "Valley Line", "code": "VALLEY", "kind": "branch", "town": "Leoben"},
    "rename": {"name_en": "Hill Crews"},
    "move": {"other": "NORTH"},
    "split": {"name_en": "Valley Line", "code": "VALLEY"},
    "merge": {"other": "Depot"},
    "promote": {"kind": "region"},
    "found-anew": {"name_en": "New Hill"},
}


def test_the_preview_of_a_move_counts_everybody_before_and_after(world, browser_of):
    given = {"other": "NORTH"} | DAY | {"step": "preview"}
    shown = browser_of("bela").post("/units/HILL/move/", given)
    assert counts_of(shown) == {"HILL": ("1", "1"), "NORTH": ("9", "10"), "SOUTH": ("1", "0")}
    assert "Its section&#x27;s row stays as it is" in text_of(shown)
    assert fresh(world, "HILL").path == world.unit["HILL"].path


def test_the_preview_of_a_merger_says_which_mandates_end(world, browser_of):
    given = {"other": "LINE4"} | DAY | {"step": "preview"}
    with scope.operator("an office to come"):
        said = {"office": "secretary", "day": day("1 August 2024"), "actor": OPERATOR, "at": NOW}
        accounts.give_mandate(world.person["chidi"], unit=world.unit["DEPOT"], **said)
    shown = browser_of("bela").post("/units/DEPOT/merge/", given)
    for ends in ("The mandate of Ada Amber (organiser) ends.", "The mandate of Chidi Cove (secretary) ends."):
        assert ends in text_of(shown)
    assert counts_of(shown)["LINE4"] == ("5", "9")
    # What ends counts nobody any more: they are counted once, where they go.
    assert counts_of(shown)["DEPOT"] == ("4", "–")
    assert f'<td class="n">{figures.signed(-4, "en")}</td>' in shown.content.decode()


def test_the_preview_of_a_founding_says_nothing_of_mandates_that_it_does_not_touch(browser_of):
    bela = browser_of("bela")
    founded = bela.post("/units/TRAM/found/", DEEDS["found"] | DAY | {"step": "preview"})
    assert "is founded in Tramworkers" in text_of(founded)
    assert "mandate" not in text_of(founded)
    renamed = send(bela, "/units/TRAM/rename/", DAY | {"name_en": "Trams", "step": "preview"})
    assert "2 mandates in it stay." in text_of(renamed)


def test_the_kind_that_the_rules_lead_to_is_chosen_already(world, browser_of):
    ines = browser_of("ines")
    structure.promote_unit(world.unit["BUS"], kind="group", day=day("10 July 2024"), actor=OPERATOR, at=NOW)
    assert fields_of(ines.get("/units/BUS/promote/"), "/units/BUS/promote/")["kind"] == ["section"]
    asks = {"members": 20, "units": None, "of_kind": None, "elected_committee": False}
    structure.set_promotion_rule("group", to_kind="region", actor=OPERATOR, **asks)
    assert fields_of(ines.get("/units/BUS/promote/"), "/units/BUS/promote/")["kind"] == ["region"]
    # Without a rule the next kind above, and where none is above, the next below.
    assert fields_of(ines.get("/units/HILL/promote/"), "/units/HILL/promote/")["kind"] == ["region"]
    assert fields_of(ines.get("/units/TRAM/promote/"), "/units/TRAM/promote/")["kind"] == ["international"]


def test_what_is_mistyped_is_answered_with_what_may_be_meant(world, browser_of):
    bela = browser_of("bela")

    def said(typed, address="/units/HILL/merge/"):
        answer = bela.post(address, {"other": typed, "step": "preview"} | DAY)
        assert answer.status_code == 422
        assert f'value="{typed}"' in answer.content.decode()
        return text_of(answer)

    assert "Which one do you mean: Depot (DEPOT)? Write its code." in said("Dep")
    for code in ("DEPOT", "LINE4"):
        structure.rename_unit(
            world.unit[code], names={"en": "Yard"}, day=day("1 July 2024"), actor=OPERATOR, at=NOW
        )
    assert "Which one do you mean: Yard (DEPOT) or Yard (LINE4)? Write its code." in said("yard")
    assert "There is no such unit here" in said("Pier")
    assert "It lies there already; choose another unit." in said("Southern Lines", "/units/HILL/move/")


def test_a_unit_founded_today_may_be_dissolved_on_a_day_to_come_and_not_today(browser_of):
    bela, page = browser_of("bela"), "/units/VALLEY/dissolve/"
    send(bela, "/units/TRAM/found/", DEEDS["found"] | {"day": "2024-07-15", "step": "do"})
    refused = bela.post(page, {"day": "2024-07-15", "step": "preview"})
    assert (refused.status_code, "undo its founding" in text_of(refused)) == (422, True)
    shown = bela.post(page, {"day": "2024-08-01", "step": "preview"})
    assert (shown.status_code, "would be refused" in text_of(shown)) == (200, False)
    assert "waits there" not in text_of(shown)
    with scope.operator("somebody applies"):
        nia = people.add_person(Unit.objects.get(code="VALLEY"), name="Nia New", actor=OPERATOR, at=NOW)
        people.ask_to_join(nia, actor=OPERATOR, at=NOW)
    left = "1 request waits there: answer it first, afterwards it can only be refused."
    assert left in text_of(bela.post(page, {"day": "2024-08-01", "step": "preview"}))
    done = bela.post(page, fields_of(shown, page) | {"step": "do"})
    assert "Prepared for 1 August 2024." in text_of(bela.get(done["Location"]))


def test_a_deed_that_is_refused_keeps_what_was_typed_and_says_why_beside_its_field(browser_of):
    bela = browser_of("bela")
    wrong = bela.post("/units/SOUTH/found/", DEEDS["found"] | DAY | {"code": "HILL", "step": "preview"})
    assert wrong.status_code == 422
    assert "There already is a unit HILL." in text_of(wrong)
    assert "The code SOUTH-1 is free." in text_of(wrong)
    assert 'value="Valley Line"' in wrong.content.decode()
    lost = bela.post("/units/HILL/move/", {"other": "PIER"} | DAY | {"step": "do"})
    assert lost.status_code == 422
    assert "There is no such unit here that this one could go to." in text_of(lost)
    for deed, itself in [("SOUTH/move", "hill line"), ("HILL/merge", "HILL")]:
        within = bela.post(f"/units/{deed}/", {"other": itself} | DAY | {"step": "do"})
        assert (within.status_code, "cannot go into itself" in text_of(within)) == (422, True)
    empty = send(bela, "/units/HILL/rename/", DAY | {"name_en": "", "step": "preview"})
    assert "The unit needs a name in at least one language." in text_of(empty)
    full = bela.post("/units/HILL/dissolve/", DAY | {"step": "preview"})
    assert "Hill Line still has members or guests on 1 July 2024" in text_of(full)


def test_one_may_go_back_from_the_preview_and_finds_everything_as_it_was_typed(browser_of):
    again = browser_of("bela").post("/units/SOUTH/found/", DEEDS["found"] | DAY | {"step": "edit"})
    assert again.status_code == 200
    assert 'value="Valley Line"' in again.content.decode()


@pytest.mark.parametrize(
    ("who", "code"),
    [("ada", "DEPOT"), ("jonas", "HILL"), ("chidi", "DEPOT"), ("bela", "PIER"), ("bela", "NOWHERE")],
)
def test_who_may_not_change_a_unit_finds_no_such_page(browser_of, who, code):
    browser = browser_of(who)
    for address in (*DEEDS, "dissolve"):
        assert browser.get(f"/units/{code}/{address}/").status_code == 404, address
        answer = browser.post(f"/units/{code}/{address}/", DAY | {"step": "do"})
        assert answer.status_code == 404, address


def test_nobody_changes_her_own_units_place_or_rank(browser_of):
    bela, ines = browser_of("bela"), browser_of("ines")
    for address in ("move", "split", "merge", "promote", "dissolve"):
        assert bela.get(f"/units/TRAM/{address}/").status_code == 404, address
        assert ines.get(f"/units/TRAM/{address}/").status_code == 200, address


def test_a_unit_offers_what_may_be_done_to_it_and_nothing_else(browser_of):
    bela = browser_of("bela")
    own, below, other = (bela.get(f"/units/{code}/").content.decode() for code in ("TRAM", "HILL", "FED"))
    assert re.findall(r'href="/units/TRAM/([a-z-]+)/"', own) == [
        "found",
        "rename",
        "found-anew",
        "seat",
        "protect",
    ]
    assert re.findall(r'href="/units/HILL/([a-z-]+)/"', below) == [
        "found", "rename", "move", "split", "merge", "promote", "found-anew", "dissolve", "seat", "protect",
    ]  # fmt: skip
    assert "/units/FED/rename/" not in other
    assert "/rename/" not in browser_of("ada").get("/units/DEPOT/").content.decode()


def test_a_day_to_come_prepares_and_can_be_called_off(world, browser_of):
    bela = browser_of("bela")
    later = {"name_en": "Hill Crews", "day": "2024-08-01"}
    shown = send(bela, "/units/HILL/rename/", later | {"step": "preview"})
    assert "as if it happened today" in text_of(shown)
    prepare = fields_of(shown, "/units/HILL/rename/") | {"step": "do"}
    done = bela.post("/units/HILL/rename/", prepare)
    twice = bela.post("/units/HILL/rename/", prepare)
    assert (twice.status_code, "prepared for that day already" in text_of(twice)) == (422, True)
    page = bela.get(done["Location"])
    assert "It is renamed to “Hill Crews”" in text_of(page)
    assert "In preparation" in text_of(page)
    assert [name.names for name in queries.name_history(world.unit["HILL"])] == [{"en": "Hill Line"}]
    (prepared,) = Preparation.objects.all()
    address = f"/units/HILL/prepared/{prepared.pk}/call-off/"
    assert browser_of("sven").get(address).status_code == 404
    assert browser_of("ada").post(address).status_code == 404
    assert bela.get(address).status_code == 200
    assert bela.post(address).status_code == 302
    assert "In preparation" not in text_of(bela.get("/units/HILL/"))
    assert bela.post(address).status_code == 422


def test_what_could_not_be_done_on_its_day_is_told_until_somebody_says_that_it_is_understood(
    world, browser_of
):
    bela = browser_of("bela")
    bela.post("/units/HILL/move/", {"other": "NORTH", "day": "2024-08-01", "step": "do"})
    (prepared,) = Preparation.objects.all()
    bela.post("/units/HILL/move/", {"other": "NORTH"} | DAY | {"step": "do"})
    address = f"/units/HILL/prepared/{prepared.pk}/call-off/"
    with scope.operator("a test"):
        # As an older release may have left it: it fails, and keeps the other from nothing.
        words = {"what": "renamed", "day": day("1 August 2024"), "arguments": {}, "recorded_at": NOW}
        failing = Preparation.objects.create(unit=world.unit["DEPOT"], **words)
        clock.set_today(day("15 September 2024"))
        assert structure.carry_out_due() == 0
        said = Preparation.objects.get(pk=prepared.pk).refusal
        failing.refresh_from_db()
        assert failing.refusal["de"].startswith("Ein Fehler im Programm hat es verhindert")
        failing.delete()
    # Whoever reads it does so in her own language.
    why = "Hill Line lies there already on that day."
    assert said == {"en": why, "de": "Hill Line liegt an jenem Tag schon dort."}
    german = bela.get(address, headers={"accept-language": "de"})
    assert (said["de"] in text_of(german), why in text_of(german)) == (True, False)
    today = bela.get("/").content.decode()
    assert f'href="{address}"' in today
    assert "Could not be done" in today
    assert "Understood" in text_of(bela.get("/units/HILL/"))
    for who in ("ada", "sven", "jonas"):
        assert browser_of(who).get(address).status_code == 404, who
        assert browser_of(who).post(address).status_code == 404, who
        assert address not in browser_of(who).get("/").content.decode()
    page = text_of(bela.get(address))
    assert "This could not be done on its day" in page
    assert why in page
    assert bela.post(address).status_code == 302
    for place in ("/", "/units/HILL/"):
        assert "Could not be done" not in bela.get(place).content.decode()
    with scope.operator("a test"):
        assert [(one.state, one.refusal) for one in Preparation.objects.all()] == [("called-off", said)]
    assert bela.post(address).status_code == 422


def test_what_was_just_done_can_be_undone_from_the_unit(world, browser_of):
    bela = browser_of("bela")
    before = row("TRAM", "SOUTH", "15 July 2024")
    done = bela.post("/units/HILL/move/", {"other": "NORTH"} | DAY | {"step": "do"})
    there = bela.get(done["Location"])
    assert "Done. It can be undone until the end of tomorrow." in text_of(there)
    (link,) = re.findall(r"/units/HILL/changes/\d+/undo/", there.content.decode())
    assert row("TRAM", "SOUTH", "15 July 2024") != before
    assert browser_of("ada").get(link).status_code == 404
    assert bela.get(link).status_code == 200
    assert bela.post(link).status_code == 302
    assert row("TRAM", "SOUTH", "15 July 2024") == before
    assert "This has been undone already." in text_of(bela.post(link))


def test_what_is_prepared_for_a_unit_is_called_off_when_its_founding_is_undone(world, browser_of):
    bela = browser_of("bela")
    bela.post("/units/SOUTH/found/", DEEDS["found"] | DAY | {"step": "do"})
    for code in ("VALLEY", "HILL"):
        send(bela, f"/units/{code}/rename/", {"name_en": "New", "day": "2024-08-01", "step": "do"})
    undone = Change.objects.get(made__code="VALLEY")
    assert bela.post(f"/units/VALLEY/changes/{undone.pk}/undo/").status_code == 302
    assert [(one.unit.code, one.state) for one in Preparation.objects.order_by("pk")] == [
        (f"GONE-{undone.made_id}", "called-off"),
        ("HILL", "waiting"),
    ]


def stands(world):
    """Return what is believed of the names, kinds and parents of the units of the cast."""
    return [
        sorted(
            model.objects.filter(recorded__upper_inf=True, unit__code__in=world.unit)
            .annotate(said=Cast(value, CharField()))
            .values_list("unit__code", "valid", "said")
        )
        for model, value in ((UnitName, "names"), (UnitKind, "kind_id"), (UnitParent, "parent__code"))
    ]


@pytest.mark.parametrize("address", DEEDS)
def test_a_deed_is_asked_shown_and_only_then_done_and_undone_everything_stands_as_before(
    world, browser_of, address
):
    bela, page = browser_of("bela"), f"/units/{'SOUTH' if address == 'found' else 'HILL'}/{address}/"
    before, members = stands(world), own("TRAM", "15 July 2024")
    asked = bela.get(page)
    assert asked.status_code == 200
    shown = bela.post(page, fields_of(asked, page) | DEEDS[address] | DAY | {"step": "preview"})
    assert shown.status_code == 200
    assert "This is a preview. Nothing has been done." in text_of(shown)
    assert (stands(world), Unit.objects.filter(code="VALLEY").exists()) == (before, False)
    done = bela.post(page, fields_of(shown, page) | {"step": "do"})
    assert done.status_code == 302
    judge_now()
    assert stands(world) != before or address in {"found", "split"}
    assert Unit.objects.filter(code="VALLEY").exists() == (address in {"found", "split"})
    assert bela.post(f"{done['Location']}changes/{Change.objects.latest('pk').pk}/undo/").status_code == 302
    judge_now()
    assert (stands(world), own("TRAM", "15 July 2024")) == (before, members)


def test_of_two_changes_the_last_is_undone_first_and_then_the_first(world, browser_of):
    bela, before = browser_of("bela"), stands(world)
    for name in ("Hill Crews", "Hill and Valley"):
        send(bela, "/units/HILL/rename/", {"name_en": name} | DAY | {"step": "do"})
    assert "It is renamed to “Hill and Valley”" in text_of(bela.get("/units/HILL/"))
    page = bela.get("/units/HILL/")
    (newest,) = re.findall(r"/units/HILL/changes/\d+/undo/", page.content.decode())
    assert "Something later builds on this" in text_of(page)
    oldest = f"/units/HILL/changes/{Change.objects.earliest('pk').pk}/undo/"
    for refused in (bela.get(oldest), bela.post(oldest)):
        assert (refused.status_code, "Something later builds on this" in text_of(refused)) == (422, True)
        assert "can be undone" not in text_of(refused).replace("cannot be undone", "")
    assert bela.post(newest).status_code == 302
    assert "Hill Crews" in text_of(bela.get("/units/HILL/"))
    same = send(bela, "/units/HILL/rename/", DAY | {"step": "do"})
    assert (same.status_code, "Hill Crews is called so already" in text_of(same)) == (422, True)
    assert bela.post(oldest).status_code == 302
    judge_now()
    assert stands(world) == before


def test_members_are_chosen_by_name_when_a_branch_is_split(world, browser_of):
    bela = browser_of("bela")
    jonas = Person.objects.get(pk=world.person["jonas"].pk)
    people.put_contact(jonas, kind="email", text="jonas@example.org", actor=OPERATOR, at=NOW)
    Person.objects.filter(pk=jonas.pk).update(town="Cove")
    asked = bela.get("/units/LINE4/split/").content.decode()
    assert "Jonas Juniper · Cove" in asked
    chosen = [str(world.membership[who].pk) for who in ("jonas", "kaya")]
    given = {"name_en": "Line Five", "code": "LINE5", "members": chosen} | {"day": "2024-07-01"}
    # A large unit has more members than a form otherwise has fields.
    of_many = given | {"members": [*chosen, *map(str, range(10**6, 10**6 + 1_500))]}
    assert bela.post("/units/LINE4/split/", of_many).status_code == 422
    shown = bela.post("/units/LINE4/split/", given | {"step": "preview"})
    assert counts_of(shown) == {"LINE4": ("5", "3"), "LINE5": ("–", "2")}
    assert bela.post("/units/LINE4/split/", given | {"step": "do"}).status_code == 302
    assert row("TRAM", "NORTH", "15 July 2024")[4:] == (0, 0)
    assert row("NORTH", "LINE5", "15 July 2024") == (2, 0, 0, 0, 2, 0)
    # What follows a member home hangs on the new unit by now, and goes back with her.
    (undo,) = re.findall(r"/units/LINE4/changes/\d+/undo/", bela.get("/units/LINE4/").content.decode())
    assert bela.post(undo).status_code == 302
    assert row("NORTH", "LINE4", "15 July 2024")[0] == 5


def test_who_came_with_a_merged_unit_goes_over_when_the_unit_is_split_and_comes_back(world, browser_of):
    bela = browser_of("bela")
    send(bela, "/units/LINE4/merge/", {"other": "DEPOT"} | DAY | {"step": "do"})
    before = row("TRAM", "NORTH", "15 July 2024")
    given = {"name_en": "Line Five", "code": "LINE5", "members": [str(world.membership["jonas"].pk)]} | DAY
    page = "/units/DEPOT/split/"
    shown = bela.post(page, given | {"step": "preview"})
    assert counts_of(shown) == {"DEPOT": ("9", "8"), "LINE5": ("–", "1")}
    there = bela.post(page, given | {"step": "do"})["Location"]
    assert row("NORTH", "DEPOT", "15 July 2024")[0] == 8
    assert bela.post(f"{there}changes/{Change.objects.latest('pk').pk}/undo/").status_code == 302
    judge_now()
    assert row("NORTH", "DEPOT", "15 July 2024")[0] == 9
    assert row("TRAM", "NORTH", "15 July 2024") == before
    assert Person.objects.get(pk=world.person["jonas"].pk).unit_id == world.unit["LINE4"].pk


def test_a_founding_is_not_undone_over_what_hangs_on_the_unit(world, browser_of):
    bela = browser_of("bela")
    new = structure.NewUnit("QUAY", {"en": "Quay"}, "branch", "SOUTH", day("1 July 2024"))
    quay = structure.found_unit(new, actor=OPERATOR, at=NOW)
    undo = f"/units/QUAY/changes/{Change.objects.latest('pk').pk}/undo/"
    people.hold_gathering(quay, day=day("5 July 2024"), title="First meeting", actor=OPERATOR, at=NOW)
    refused = bela.post(undo)
    assert refused.status_code == 422
    assert "Something was written down in Quay since: a gathering." in text_of(refused)
    assert "First meeting" in text_of(bela.get("/gatherings/?unit=QUAY"))


def test_members_of_a_protected_branch_are_chosen_by_the_name_they_go_by(world, browser_of):
    Unit.objects.filter(code="LINE4").update(protected=True)
    Person.objects.filter(pk=world.person["jonas"].pk).update(call_name="Joni", town="Cove")
    asked = browser_of("bela").get("/units/LINE4/split/").content.decode()
    assert ("Joni" in asked, "Kaya" in asked) == (True, True)
    assert ("Jonas Juniper" in asked, "Cove" in asked) == (False, False)


def test_above_the_section_a_split_shows_no_names(world, browser_of):
    ines = browser_of("ines")
    asked = ines.get("/units/LINE4/split/").content.decode()
    assert "Jonas Juniper" not in asked
    assert "names stop at the section, whose secretary lets them go over" in asked
    shown = ines.post("/units/LINE4/split/", DEEDS["split"] | DAY | {"step": "preview"})
    assert "Nobody was chosen to go over" in text_of(shown)
    chosen = text_of(browser_of("bela").get("/units/LINE4/split/"))
    assert "Whoever you choose goes over to it." in chosen
    assert day("1 July 2024") > world.unit["LINE4"].founded_on


def test_the_page_of_a_new_unit_says_that_nobody_is_a_member_yet_and_leads_on(world, browser_of):
    new = structure.NewUnit("QUAY", {"en": "Quay"}, "branch", "SOUTH", day("15 July 2024"))
    quay = structure.found_unit(new, actor=OPERATOR, at=NOW)
    guest = people.be_guest(world.person["jonas"], unit=quay, day=day("15 July 2024"), actor=OPERATOR, at=NOW)
    page = browser_of("bela").get("/units/QUAY/").content.decode()
    words = text_of(browser_of("bela").get("/units/QUAY/"))
    assert "Nobody is a member yet." in words
    assert "1 guest comes here from another unit." in words
    # Noughts and flat charts of a year before it was there say nothing.
    assert "Change by month" not in words
    for way in ("/people/?unit=QUAY", "/people/new/?unit=QUAY"):
        assert f'href="{way}"' in page
    # The names of members stop at the section.
    above = text_of(browser_of("ines").get("/units/QUAY/"))
    assert ("Nobody is a member yet." in above, "Who is here" in above, "guest" in above) == (
        True,
        False,
        False,
    )
    assert guest.unit_id == quay.pk
