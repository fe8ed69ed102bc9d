"""Every address × office × {own, below, sibling, above}: judged by the table of rights, written by hand.

The offices are held in the region NORTH of the tramworkers by people who are members elsewhere, so that
nothing but the office opens a door. An address that names a unit or a person in a way not known here
fails until it stands in `WAYS`; so no address is left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from aviary import UNITS
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from test_rights import PLACES as PLACE_NAMES
from test_rights import TABLE

from groundswell.access.actor import OFFICES

# Who lives there: a person of each place.
PERSONS = {"own": "nils", "below": "bela", "sibling": "noor", "above": "tove"}
NOT_YOURS = "Your offices do not include this right here."


@dataclass(frozen=True)
class Address:
    """An address of the house: its name, what its door asks, and the names of what it leads to."""

    name: str
    door: str
    parts: tuple[str, ...]


def addresses(entries: list[Any], space: str = "") -> Iterator[Address]:
    for entry in entries:
        if isinstance(entry, URLResolver):
            yield from addresses(
                entry.url_patterns, f"{space}{entry.namespace}:" if entry.namespace else space
            )
        elif isinstance(entry, URLPattern):
            parts = tuple(entry.pattern.regex.groupindex) or tuple(entry.pattern.converters)
            yield Address(f"{space}{entry.name}", entry.callback.door, parts)


ALL = list(addresses(get_resolver().url_patterns))
# Addresses that are asked about a unit in their query, and without it about the asker's own.
BY_QUERY = {
    "protection:consents",
    "protection:ages",
    "offices:list",
    "reports:report",
    "reports:csv",
    "reports:json",
    "reports:map",
}
WAYS = {
    ("code",): lambda _world, place: {"code": UNITS[place]},
    ("pk",): lambda world, place: {"pk": world.person[PERSONS[place]].pk},
}
# Addresses whose parts are of their own kind: what stands in them, or None where that is another test's.
APART: dict[str, Any] = {
    # tests/accounts/test_offices.py: whoever gives an office may end it; a passkey is its holder's.
    "offices:end": lambda _world, _place: {"key": 1},
    "offices:hand-over": lambda _world, _place: {"key": 1},
    # tests/accounts/test_another_email.py: her own account's.
    "accounts:take-email": lambda _world, _place: {"token": "t" * 43},
    "accounts:use-link": lambda _world, _place: {"token": "t" * 43},
    # tests/structure/test_rule_pages.py: for the secretary of the top unit alone.
    "structure:kind": lambda _world, _place: {"kind": "branch"},
    "structure:promotion-rule": lambda _world, _place: {"kind": "group"},
    # tests/structure/test_deed_pages.py: who may do a deed may take it back.
    "structure:undo": lambda _world, place: {"code": UNITS[place], "key": 1},
    # tests/people/test_person_pages.py: whoever may edit her; whoever decides in the unit that is asked.
    "people:drop-contact": lambda world, place: {"pk": world.person[PERSONS[place]].pk, "key": 1},
    # tests/people/test_putting_right.py: the secretary of her unit and of the one she is a guest of.
    "people:end-guest": lambda world, place: {"pk": world.person[PERSONS[place]].pk, "key": 1},
    # tests/protection/test_own_page.py: she who asked.
    "protection:take-back": lambda _world, _place: {"key": 1},
    # tests/protection/test_protection_pages.py: whoever may erase her.
    "protection:request": lambda _world, _place: {"key": 1},
    "protection:lift": lambda _world, _place: {"key": 1},
    # tests/protection/test_sample.py: the auditor who drew it.
    "protection:sample": lambda _world, _place: {"key": 1},
    # tests/protection/test_consent.py: a purpose, in the unit that is named in the query.
    "protection:text": lambda _world, _place: {"key": 1},
    "protection:end-purpose": lambda _world, _place: {"key": 1},
    # tests/protection/test_breach.py: the officers of the unit whose breach it is.
    **{
        f"protection:{name}": lambda _world, _place: {"key": 1}
        for name in ("breach", "breach-tell", "breach-step", "breach-sessions")
    },
    "people:answer": lambda _world, _place: {"key": 1},
    # tests/exchange/test_import_pages.py: a list belongs to its unit, a file to who chose it.
    **{
        f"exchange:{name}": lambda _world, _place: {"batch": 1}
        for name in ("batch", "progress", "start", "settle", "undo", "refused")
    },
    # tests/exchange/test_exporting.py: who asked, and a second person.
    **{f"exchange:{name}": lambda _world, _place: {"release": 1} for name in ("decide", "fetch")},
    "exchange:columns": lambda _world, _place: {"key": 1},
    # tests/people/test_gatherings.py: whoever writes people down in the unit whose gathering it is.
    "people:gathering": lambda _world, _place: {"key": 1},
    "people:change-gathering": lambda _world, _place: {"key": 1},
    "people:came": lambda _world, _place: {"key": 1},
    # tests/people/test_custom_fields.py: the secretary of the unit that asks.
    "people:field": lambda _world, _place: {"key": 1},
    "people:end-field": lambda _world, _place: {"key": 1},
    # tests/people/test_saved_views.py: one's own alone.
    "people:drop-view": lambda _world, _place: {"key": 1},
    # tests/duplicates/test_pair_pages.py: whoever may propose for both records, and their officer.
    "duplicates:pair": lambda _world, _place: {"key": 1},
    "duplicates:say": lambda _world, _place: {"key": 1},
    "duplicates:undo": lambda _world, _place: {"key": 1},
    "structure:call-off": lambda _world, place: {"code": UNITS[place], "key": 1},
}


@pytest.fixture(scope="module")
def clients(furnished):
    made = {"": Client(headers={"accept-language": "en"})}
    for who in (*OFFICES, "chidi"):
        made[who] = Client(headers={"accept-language": "en"})
        made[who].force_login(furnished.account[who])
    return made


# Doors that stand open to strangers; what they read there, tests/structure/test_outline.py says.
FOR_ALL = {"public", "unit.public"}
# Where members find what they asked for themselves, whatever office they hold.
FOR_MEMBERS = {"people:asked"}


def opens(client: Client, address: str) -> bool:
    """Return whether there is something behind the door for this client, whatever it says of the request."""
    answer = client.get(address)
    if answer.status_code == 405:
        answer = client.post(address, {})
    assert answer.status_code < 500, (address, answer.status_code)
    if answer.status_code == 302 and answer.url.startswith("/accounts/login/"):
        return False
    return answer.status_code != 404 and NOT_YOURS not in answer.content.decode(errors="replace")


def of_a_place() -> list[Address]:
    return [one for one in ALL if one.parts in WAYS or one.name in BY_QUERY]


def where(one: Address, world, place: str) -> str:
    if one.name in BY_QUERY:
        return f"{reverse(one.name)}?unit={UNITS[place]}"
    return reverse(one.name, kwargs=WAYS[one.parts](world, place))


def test_every_address_is_judged_here():
    known = {one.name for one in of_a_place()} | {one.name for one in ALL if not one.parts} | set(APART)
    assert [one.name for one in ALL if one.name not in known] == []
    assert {one.door for one in ALL} <= set(TABLE) | {"public", "signed-in"}
    assert set(PLACE_NAMES) == set(UNITS) == set(PERSONS)


def in_turn(which: str, door: str, turn: int) -> list[str]:
    """Return one of the offices that have a right somewhere, or have it not; another at the next turn."""
    has = [office for office in OFFICES if TABLE[door].get(office)]
    there = has if which == "has it" else [office for office in OFFICES if office not in has]
    return there[turn % len(there) :][:1] if there else []


def wrongly_opened(clients, furnished, one: Address, tried: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the offices and places, of those tried, in which an address is not open as the table says."""
    return [
        (office, place)
        for office, place in tried
        if opens(clients[office], where(one, furnished, place))
        is not (place in TABLE[one.door].get(office, set()))
    ]


GUARDED = [one for one in of_a_place() if one.door in TABLE]
NO_PLACE = [one for one in ALL if one.door in TABLE and not one.parts]


# Each sample is one test over all addresses: what fails is named by its address.
def test_an_office_opens_a_page_just_where_the_table_gives_it_and_another_not_at_all(clients, furnished):
    """A sample: of those who have the right one tries all four places; of the others one tries her own."""
    wrong = {}
    for turn, one in enumerate(GUARDED):
        tried = [(office, place) for office in in_turn("has it", one.door, turn) for place in UNITS]
        tried += [(office, "own") for office in in_turn("has it not", one.door, turn)]
        wrong[one.name] = wrongly_opened(clients, furnished, one, tried)
    assert {name: found for name, found in wrong.items() if found} == {}


@pytest.mark.drill
@pytest.mark.parametrize("one", GUARDED, ids=lambda one: one.name)
def test_each_office_opens_just_what_the_table_gives_it(clients, furnished, one):
    tried = [(office, place) for office in OFFICES for place in UNITS]
    assert wrongly_opened(clients, furnished, one, tried) == []


@pytest.mark.parametrize(
    ("place", "offices"),
    [
        ("own", ("secretary",)),
        ("below", ("dpo",)),
        *(pytest.param(place, ("secretary", "dpo"), marks=pytest.mark.drill) for place in ("own", "below")),
    ],
)
def test_an_address_of_somebody_under_18_opens_to_the_offices_of_her_own_unit_alone(
    clients, furnished, place, offices
):
    by_number = [one for one in ALL if one.parts == ("pk",) and one.door in TABLE]
    assert len(by_number) > 20
    her = {"pk": furnished.person[f"young-{place}"].pk}
    wrong = [
        (one.name, office)
        for one in by_number
        for office in offices
        if opens(clients[office], reverse(one.name, kwargs=her))
        is not (place == "own" and place in TABLE[one.door].get(office, set()))
    ]
    assert wrong == []


def offices_that_open(clients, one: Address, offices) -> set[str]:
    return {office for office in offices if opens(clients[office], reverse(one.name))}


def that_may(one: Address) -> set[str]:
    """Return the offices to which an address of no place opens."""
    return {office for office in OFFICES if one.name in FOR_MEMBERS or TABLE[one.door].get(office)}


def test_an_address_of_no_place_opens_to_an_office_that_has_its_right_and_to_none_that_has_it_not(
    clients, furnished
):
    wrong = []
    for turn, one in enumerate(NO_PLACE):
        tried = {*in_turn("has it", one.door, turn), *in_turn("has it not", one.door, turn)}
        if offices_that_open(clients, one, tried) != that_may(one) & tried:
            wrong.append((one.name, tried))
    assert wrong == []


@pytest.mark.drill
@pytest.mark.parametrize("one", NO_PLACE, ids=lambda one: one.name)
def test_an_address_of_no_place_opens_to_the_offices_that_have_its_right(clients, furnished, one):
    assert offices_that_open(clients, one, OFFICES) == that_may(one)


def test_nothing_but_public_pages_opens_to_somebody_signed_out(clients, furnished):
    opened = []
    for one in (one for one in ALL if one.door not in FOR_ALL):
        make = WAYS.get(one.parts) or APART.get(one.name)
        answer = clients[""].get(reverse(one.name, kwargs=make(furnished, "own") if one.parts else {}))
        if answer.status_code != 302 or not answer.url.startswith("/accounts/login/"):
            opened.append((one.name, answer.status_code))
    assert opened == []


def test_a_member_without_an_office_finds_no_place_of_others(clients, furnished):
    elsewhere = ("sibling", "own")  # the other region's branch, and the region, which is no unit of hers
    guarded = [one for one in of_a_place() if one.door in set(TABLE) - FOR_ALL]
    assert len(guarded) > 40
    found = [
        (one.name, place)
        for one in guarded
        for place in elsewhere
        if opens(clients["chidi"], where(one, furnished, place))
    ]
    assert found == []
