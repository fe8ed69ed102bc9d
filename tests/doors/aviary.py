"""What is tried at the doors: the cast, an office of each kind in NORTH, canaries, and furniture."""

from groundswell.access import scope
from groundswell.access.actor import OFFICES, OPERATOR
from groundswell.accounts import actions as accounts
from groundswell.duplicates import actions as duplicates
from groundswell.exchange import actions as exchange
from groundswell.people import actions as people
from groundswell.people.searching import Asked
from groundswell.protection import actions as protection
from stage import NOW
from world import PASSWORD, TODAY, World, build, day

UNITS = {"own": "NORTH", "below": "DEPOT", "sibling": "HILL", "above": "TRAM"}
PHONES = {place: f"+43660555100{number}" for number, place in enumerate(UNITS)}


def built() -> World:
    """Make the world of the tests with all that hangs at the doors in an empty database; return it."""
    world = build()
    with scope.operator("the tests' world"):
        give_offices(world)
        plant_canaries(world)
        furnish(world)
    return world


def give_offices(world) -> None:
    """Let each office be held in NORTH by one of the ferry crews; somebody lives in NORTH and in TRAM."""
    for who, name, unit in (("nils", "Nils North", "NORTH"), ("tove", "Tove Tram", "TRAM")):
        world.person[who] = people.add_person(world.unit[unit], name=name, actor=OPERATOR, at=NOW)
    for office in OFFICES:
        person = people.add_person(world.unit["PIER"], name=f"Holder {office}", actor=OPERATOR, at=NOW)
        world.person[office] = person
        people.join(person, unit=world.unit["PIER"], day=day("1 July 2024"), actor=OPERATOR, at=NOW)
        accounts.give_mandate(
            person, unit=world.unit["NORTH"], office=office, day=day("1 July 2024"), actor=OPERATOR, at=NOW
        )
        world.account[office] = accounts.create_account(
            person, email=f"{office}@example.org", password=PASSWORD, actor=OPERATOR
        )


def plant_canaries(world) -> None:
    """Let a person with all that can hang on her live in every place.

    By `kanarienfund` and `kanarienfach` one may ask for her; the others stand in no question of a test.
    """
    song = people.add_field(world.unit["TRAM"], label="Song", kind="text", options=(), actor=OPERATOR, at=NOW)
    for place, unit in UNITS.items():
        town = f"Kanarienstadt {place}"
        bird = people.add_person(world.unit[unit], name=f"Kanarie {place}", town=town, actor=OPERATOR, at=NOW)
        if world.unit[unit].kind.meets:
            people.join(bird, unit=world.unit[unit], day=day("1 July 2024"), actor=OPERATOR, at=NOW)
        for kind, text in (
            ("email", f"kanarie-{place}@example.org"),
            ("email", f"kanarienfund-{place}@example.org"),
            ("phone", PHONES[place]),
        ):
            people.put_contact(bird, kind=kind, text=text, actor=OPERATOR, at=NOW)
        people.put_tags(bird, words=[f"kanarientag-{place}", f"kanarienfach-{place}"], actor=OPERATOR)
        values = {song: f"kanarienlied-{place}"}
        people.put_values(bird, values=values, before={}, actor=OPERATOR, at=NOW)
        for circle in ("organisers", "secretaries", "protection"):
            text = f"kanariennotiz-{circle}-{place}"
            people.write_note(bird, text=text, visibility=circle, actor=OPERATOR, at=NOW)
        world.person[f"bird-{place}"] = bird
        _fledgling(world, place, unit)


def _fledgling(world, place: str, unit: str) -> None:
    """Plant somebody under 18 beside each canary: the offices of that unit alone may find her."""
    young = people.add_person(world.unit[unit], name=f"Jungvogel {place}", actor=OPERATOR, at=NOW, minor=True)
    if world.unit[unit].kind.meets:
        people.join(young, unit=world.unit[unit], day=day("1 July 2024"), actor=OPERATOR, at=NOW)
    for mail in (f"jungvogel-{place}@example.org", f"jungvogelfund-{place}@example.org"):
        people.put_contact(young, kind="email", text=mail, actor=OPERATOR, at=NOW)
    people.put_tags(young, words=["kanarienfach-below"], actor=OPERATOR)
    people.write_note(young, text=f"jungvogelnotiz-{place}", visibility="organisers", actor=OPERATOR, at=NOW)
    world.person[f"young-{place}"] = young


def furnish(world) -> None:
    """Let something wait, be asked and be kept everywhere, so that every form has a page to stand on."""
    depot, chidi = world.unit["DEPOT"], world.person["chidi"]
    twin = people.add_person(depot, name="Chidi Twin", town="Linz", actor=OPERATOR, at=NOW)
    duplicates.put_side_by_side(chidi, twin, actor=OPERATOR, at=NOW)
    people.ask_to_leave(chidi, actor=OPERATOR, at=NOW, words="moving away")
    people.hold_gathering(depot, title="Assembly", day=day("10 July 2024"), actor=OPERATOR, at=NOW)
    give = {"unit": world.unit["TRAM"], "office": "dpo", "day": day("1 January 2020")}
    accounts.give_mandate(world.person["hana"], actor=OPERATOR, at=NOW, **give)
    world.account["hana"] = accounts.create_account(
        world.person["hana"], email="hana@example.org", actor=OPERATOR
    )


def let_things_wait(world, folder) -> list[str]:
    """Let what is asked, said and brought in wait in every place, with words that stand nowhere else.

    Return the addresses that none may find by herself as soon as there are many.
    """
    addresses = []
    by = {"actor": OPERATOR, "at": NOW}
    for place, code in UNITS.items():
        bird, unit = world.person[f"bird-{place}"], world.unit[code]
        protection.ask(bird, "correct", words=f"kanarienbitte-{place}", **by)
        protection.place_hold(bird, why=f"kanariensperre-{place}", **by)
        if unit.kind.meets:
            people.ask_to_leave(bird, words=f"kanarienabschied-{place}", **by)
        sheet = folder / f"{place}.csv"
        sheet.write_text(f"name,town\nKanarienzeile {place},Linz\n,Kanarienrest {place}\n", encoding="utf-8")
        wanted = exchange.Wanted(basis="regular contact", origin="a stall")
        batch = exchange.stage(sheet, name=sheet.name, unit=unit, wanted=wanted, **by)
        addresses += [f"/lists/import/{batch.pk}/", f"/lists/import/{batch.pk}/refused.csv"]
        larger = {"form": "csv", "purpose": f"kanarienzweck-{place}", "question": {}, "today": TODAY}
        exchange.ask_to_release(Asked(), unit=unit, **larger, **by)
    return addresses
