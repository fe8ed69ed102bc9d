"""The world of the tests: a federation of transport workers' unions, and a cast of named people.

    FED  the Federation (no names above the unions)
     ├ TRAM   Tramworkers' Union (by person)   ├ NORTH ─ DEPOT, LINE4
     │                                         └ SOUTH ─ HILL
     ├ FERRY  Ferry Crews' Union (by person)   ─ PIER, DOCK
     └ BUS    Busworkers' Association (reports by number, becomes a section on 1 June)

Today is 15 July 2024. Everything below is plain data; `build` makes it happen through the actions, in
the operator's scope. A test that needs more lets it happen itself, by the same actions.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from django.contrib.auth import SESSION_KEY

from groundswell.access import scope
from groundswell.access.actor import OPERATOR, Actor
from groundswell.access.sessions import SessionStore
from groundswell.accounts import actions as accounts
from groundswell.accounts.models import Account, Mandate
from groundswell.kernel import clock
from groundswell.people import actions as people
from groundswell.people.models import Membership, Person
from groundswell.structure import actions as structure
from groundswell.structure.models import Unit

TODAY: Final = dt.date(2024, 7, 15)
PASSWORD: Final = "a password of the cast"  # noqa: S105 - of people who do not exist


def day(text: str) -> dt.date:
    """Return the day written "3 May 2024"."""
    return dt.datetime.strptime(text, "%d %B %Y").replace(tzinfo=dt.UTC).date()


def at(text: str) -> dt.datetime:
    """Return noon (UTC) of the day written "3 May 2024": when something was recorded."""
    return dt.datetime.combine(day(text), dt.time(12), dt.UTC)


FOUNDED: Final = "1 January 2000"

# Each code with its kind, parent, name, town, latitude and longitude.
UNITS: Final = {
    "FED": ("international", None, "Federation of Transport Workers", "Vienna", 48.21, 16.37),
    "TRAM": ("section", "FED", "Tramworkers' Union", "Vienna", 48.21, 16.37),
    "NORTH": ("region", "TRAM", "Northern Lines", "", None, None),
    "DEPOT": ("branch", "NORTH", "Depot", "Vienna", 48.23, 16.38),
    "LINE4": ("branch", "NORTH", "Line Four", "Vienna", 48.25, 16.40),
    "SOUTH": ("region", "TRAM", "Southern Lines", "", None, None),
    "HILL": ("branch", "SOUTH", "Hill Line", "Graz", 47.07, 15.44),
    "FERRY": ("section", "FED", "Ferry Crews' Union", "Bregenz", 47.50, 9.75),
    "PIER": ("branch", "FERRY", "Pier", "Bregenz", 47.50, 9.75),
    "DOCK": ("branch", "FERRY", "Dock", "Linz", 48.31, 14.29),
    "BUS": ("group", "FED", "Busworkers' Association", "Salzburg", 47.80, 13.05),
}

# Who is a member where since when, and was entered when: (name, unit, first day, recorded).
MEMBERS: Final = {
    "ada": ("Ada Amber", "DEPOT", "1 March 2015", "1 March 2015"),
    "bela": ("Béla Birch", "DEPOT", "4 May 2012", "4 May 2012"),
    "chidi": ("Chidi Cove", "DEPOT", "3 May 2024", "3 May 2024"),
    "dana": ("Dana Dale", "DEPOT", "9 January 2020", "9 January 2020"),
    "emre": ("Emre Elm", "LINE4", "2 February 2022", "2 February 2022"),
    "femi": ("Femi Fern", "DEPOT", "5 June 2021", "5 June 2021"),
    "gita": ("Gita Grove", "HILL", "8 August 2018", "8 August 2018"),
    "hana": ("Hana Heath", "DEPOT", "10 October 2019", "10 October 2019"),
    "ines": ("Inés Ivy", "PIER", "1 May 2010", "1 May 2010"),
    "jonas": ("Jonas Juniper", "LINE4", "11 November 2016", "11 November 2016"),
    "kaya": ("Kaya Kelp", "LINE4", "3 May 2024", "1 June 2024"),
    "lio": ("Lio Laurel", "HILL", "1 March 2024", "2 March 2024"),
    "olga": ("Ольга Осина", "PIER", "6 June 2014", "6 June 2014"),
    "quinn": ("Quinn Quill", "DOCK", "7 July 2017", "7 July 2017"),
    "rosa": ("Rosa Rowan", "HILL", "1 February 2024", "1 February 2024"),
    "sven": ("Åsa Sven", "DOCK", "9 September 2013", "9 September 2013"),
}
# Members by another kind: (name, unit, first day, kind).
OTHERS: Final = {
    "mara": ("Mara Maple", "LINE4", "1 April 2024", "candidate"),
    "noor": ("نور نخل", "HILL", "1 April 2024", "supporter"),
}
# A person the unit knows, who never was a member.
STRANGERS: Final = {"pavel": ("Pavel Pine", "DEPOT")}

# What each is remembered for: (office, unit) held from 1 January 2020.
OFFICES: Final = {
    "ada": ("organiser", "DEPOT"),
    "bela": ("secretary", "TRAM"),
    "jonas": ("treasurer", "TRAM"),
    "ines": ("secretary", "FED"),
    "olga": ("dpo", "FED"),
    "quinn": ("auditor", "FED"),
    "sven": ("secretary", "FERRY"),
}
ACCOUNTS: Final = (*OFFICES, "chidi", "femi")


@dataclass
class World:
    """The units by code, the people, their newest memberships, mandates and accounts by first name."""

    unit: dict[str, Unit] = field(default_factory=dict)
    person: dict[str, Person] = field(default_factory=dict)
    membership: dict[str, Membership] = field(default_factory=dict)
    mandate: dict[str, Mandate] = field(default_factory=dict)
    account: dict[str, Account] = field(default_factory=dict)

    def signed_in(self, who: str) -> str:
        """Return the secret of a session of this person, opened as Django opens it."""
        store = SessionStore()
        store.create()
        store[SESSION_KEY] = str(self.account[who].pk)
        store.save()
        return str(store.session_key)


def build(actor: Actor = OPERATOR) -> World:
    """Make the world in an empty database and return it; every step is an action of a room."""
    world = World()
    wake()
    with scope.operator("the tests' world"):
        # As in the demo; tests/accounts/test_factors.py demands them.
        accounts.demand_factors((), actor=actor)
        _found(world, actor)
        _join_all(world, actor)
        for happen in STORY:
            happen(world, actor)
        _give_offices(world, actor)
    return world


def wake() -> None:
    """Let it be noon of the world's day: the clock has run on in a world that was built and kept."""
    with scope.operator("the tests' world"):
        clock.set_today(TODAY)


def _found(world: World, actor: Actor) -> None:
    new = [
        structure.NewUnit(
            code=code,
            names={"en": name},
            kind=kind,
            parent=parent,
            founded_on=day(FOUNDED),
            country="AT",
            town=town,
            latitude=latitude,
            longitude=longitude,
            locale="de-AT",
            languages=("en", "de"),
            time_zone="Europe/Vienna",
            recorded_at=at(FOUNDED),
        )
        for code, (kind, parent, name, town, latitude, longitude) in UNITS.items()
    ]
    world.unit = structure.found_units(new, actor=actor, at=at(FOUNDED))


def _join_all(world: World, actor: Actor) -> None:
    for who, (name, unit, first, recorded) in MEMBERS.items():
        _add(world, who, name, unit, recorded, actor)
        _join(world, who, unit, first, recorded, actor)
    for who, (name, unit, first, kind) in OTHERS.items():
        _add(world, who, name, unit, first, actor)
        _join(world, who, unit, first, first, actor, kind=kind)
    for who, (name, unit) in STRANGERS.items():
        _add(world, who, name, unit, "1 June 2024", actor)


def _add(world: World, who: str, name: str, unit: str, recorded: str, actor: Actor) -> None:
    call_name = name.partition(" ")[0]
    world.person[who] = people.add_person(
        world.unit[unit], name=name, call_name=call_name, actor=actor, at=at(recorded)
    )


def _join(world: World, who: str, unit: str, first: str, recorded: str, actor: Actor, **more: Any) -> None:
    world.membership[who] = people.join(
        world.person[who], unit=world.unit[unit], day=day(first), actor=actor, at=at(recorded), **more
    )


def _dana_leaves(world: World, actor: Actor) -> None:
    people.leave(world.membership["dana"], day=day("9 May 2024"), actor=actor, at=at("10 May 2024"))


def _emre_leaves_and_rejoins(world: World, actor: Actor) -> None:
    people.leave(world.membership["emre"], day=day("1 May 2023"), actor=actor, at=at("1 May 2023"))
    _join(world, "emre", "LINE4", "5 March 2024", "5 March 2024", actor)


def _femi_is_a_guest_of_the_pier(world: World, actor: Actor) -> None:
    pier = world.unit["PIER"]
    people.be_guest(
        world.person["femi"], unit=pier, day=day("1 April 2024"), actor=actor, at=at("1 April 2024")
    )


def _gita_is_transferred_to_the_other_union(world: World, actor: Actor) -> None:
    _transfer(world, "gita", "DOCK", "12 May 2024", actor)


def _hana_moves_within_the_union(world: World, actor: Actor) -> None:
    _transfer(world, "hana", "LINE4", "15 April 2024", actor)


def _transfer(world: World, who: str, unit: str, accepted: str, actor: Actor) -> None:
    world.membership[who] = people.transfer(
        world.membership[who], to=world.unit[unit], day=day(accepted), actor=actor, at=at(accepted)
    )


def _lio_never_was_a_member(world: World, actor: Actor) -> None:
    people.withdraw(world.membership["lio"], actor=actor, at=at("2 July 2024"))


def _mara_is_accepted(world: World, actor: Actor) -> None:
    world.membership["mara"] = people.change_kind(
        world.membership["mara"], kind="member", day=day("1 June 2024"), actor=actor, at=at("1 June 2024")
    )


def _rosa_had_joined_earlier(world: World, actor: Actor) -> None:
    world.membership["rosa"] = people.change_joining_day(
        world.membership["rosa"], day=day("15 January 2024"), actor=actor, at=at("10 March 2024")
    )


def _the_busworkers_report_by_number(world: World, actor: Actor) -> None:
    bus = world.unit["BUS"]
    people.report_by_number(bus, day=day("1 January 2023"), actor=actor, at=at("1 January 2023"))
    for as_of, members, joined, left in (("31 December 2023", 40, 4, 2), ("30 June 2024", 47, 9, 2)):
        people.file_return(
            bus,
            as_of=day(as_of),
            members=members,
            joined=joined,
            left=left,
            signed_by="Uli Umbra, secretary",
            actor=actor,
            at=at(as_of),
        )


def _the_busworkers_become_a_section(world: World, actor: Actor) -> None:
    structure.promote_unit(
        world.unit["BUS"], kind="section", day=day("1 June 2024"), actor=actor, at=at("1 June 2024")
    )


def _the_ferry_crews_take_a_new_name(world: World, actor: Actor) -> None:
    structure.rename_unit(
        world.unit["FERRY"],
        names={"en": "Sailors' Union", "de": "Seeleutegewerkschaft"},
        day=day("1 May 2024"),
        actor=actor,
        at=at("1 May 2024"),
    )


STORY: Final[tuple[Callable[[World, Actor], None], ...]] = (
    _dana_leaves,
    _emre_leaves_and_rejoins,
    _femi_is_a_guest_of_the_pier,
    _gita_is_transferred_to_the_other_union,
    _hana_moves_within_the_union,
    _lio_never_was_a_member,
    _mara_is_accepted,
    _rosa_had_joined_earlier,
    _the_busworkers_report_by_number,
    _the_busworkers_become_a_section,
    _the_ferry_crews_take_a_new_name,
)


def _give_offices(world: World, actor: Actor) -> None:
    for who, (office, unit) in OFFICES.items():
        world.mandate[who] = accounts.give_mandate(
            world.person[who],
            unit=world.unit[unit],
            office=office,
            day=day("1 January 2020"),
            actor=actor,
            at=at("1 January 2020"),
        )
    for who in ACCOUNTS:
        world.account[who] = accounts.create_account(
            world.person[who], email=f"{who}@example.org", password=PASSWORD, actor=actor
        )
