"""The table of rights of the design, cell by cell: office × capability × {own, below, sibling, above}."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from groundswell.access import rights
from groundswell.access.actor import ANONYMOUS, OFFICES, OPERATOR, Actor, Office
from groundswell.kernel.errors import NotFound, Refusal


def unit(path: str, *, names: bool = True) -> SimpleNamespace:
    return SimpleNamespace(pk=int(path.split("/")[-2]), path=path, holds_names=names)


INT = unit("/1/", names=False)
SECTION, OTHER = unit("/1/2/"), unit("/1/20/")
REGION, BRANCH = unit("/1/2/3/"), unit("/1/2/3/4/")
# Of an office held in the section's region
PLACES = {"own": REGION, "below": BRANCH, "sibling": unit("/1/2/30/"), "above": SECTION}

# Written out by hand from the design's table: which offices reach where. Everything else is a no.
OWN_AND_BELOW = frozenset({"own", "below"})
EVERYWHERE = frozenset(PLACES)
TABLE = {
    "unit.read": dict.fromkeys(OFFICES, OWN_AND_BELOW),
    "people.names": dict.fromkeys(("organiser", "secretary", "treasurer", "dpo"), OWN_AND_BELOW),
    "people.sample": {"auditor": OWN_AND_BELOW},
    "people.contact": dict.fromkeys(("organiser", "secretary", "dpo"), OWN_AND_BELOW),
    "people.edit": dict.fromkeys(("organiser", "secretary"), OWN_AND_BELOW),
    "people.ask": {},
    "people.decide": {"secretary": OWN_AND_BELOW},
    "accounts.mandate": {"secretary": OWN_AND_BELOW},
    "structure.change": {"secretary": OWN_AND_BELOW},
    "structure.place": {"secretary": {"below"}},
    "lists.import": dict.fromkeys(("organiser", "secretary", "dpo"), OWN_AND_BELOW),
    "lists.export": dict.fromkeys(("organiser", "secretary", "treasurer", "dpo"), OWN_AND_BELOW),
    "reports.write": dict.fromkeys(("organiser", "secretary", "treasurer"), OWN_AND_BELOW),
    "reports.approve": {"secretary": {"below"}},
    "reports.read": dict.fromkeys(OFFICES, OWN_AND_BELOW),
    "people.erase.ask": dict.fromkeys(("organiser", "secretary", "dpo"), OWN_AND_BELOW),
    "people.erase": {"dpo": OWN_AND_BELOW},
    "protection.rules": dict.fromkeys(("secretary", "dpo"), OWN_AND_BELOW),
    "protection.breach": {"dpo": OWN_AND_BELOW},
    "protection.breach.read": dict.fromkeys(("dpo", "auditor"), OWN_AND_BELOW),
    "trail.read": dict.fromkeys(("secretary", "treasurer", "dpo", "auditor"), OWN_AND_BELOW),
    "structure.load": {},
    "people.load": {},
    "unit.public": dict.fromkeys(OFFICES, EVERYWHERE),
}


def holding(office: str, place: SimpleNamespace, person: int = 7) -> Actor:
    held = Office(office, place.pk, place.path, place.holds_names)
    return Actor(account_id=1, person_id=person, name="she", mandates=(held,))


MEMBER = Actor(account_id=2, person_id=8, name="a member", own_units=frozenset({4, 2, 1}))


def test_the_hand_written_table_has_every_capability_and_no_other():
    assert set(TABLE) == set(rights.CAPABILITIES)


def test_the_record_of_the_table_names_every_capability_and_no_other():
    records = Path(__file__).resolve().parent.parent.parent / "docs" / "decisions"
    record = (records / "0767-the-table-of-rights-as-the-house-has-it.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`([a-z]+(?:\.[a-z]+)+)`", record)) == set(rights.CAPABILITIES)


# One test over each table, not one for each of its cells: six hundred tests cost a second for nothing.
@pytest.mark.parametrize("office", OFFICES)
def test_each_office_may_just_what_the_table_says_in_each_place(office):
    actor = holding(office, REGION)
    wrong = [
        (capability, place)
        for capability in TABLE
        for place in PLACES
        if rights.may(actor, capability, PLACES[place]) is not (place in TABLE[capability].get(office, set()))
    ]
    assert wrong == []


def test_somebody_signed_out_may_nothing_but_public_pages():
    guarded = set(TABLE) - {"unit.public"}
    assert {one for one in guarded if rights.may_anywhere(ANONYMOUS, one)} == set()
    allowed = [
        (one, name) for one in guarded for name, place in PLACES.items() if rights.may(ANONYMOUS, one, place)
    ]
    assert allowed == []
    assert rights.may(ANONYMOUS, "unit.public", BRANCH)


def test_a_member_reads_her_branch_its_section_and_the_international_and_no_other_unit():
    assert [rights.may(MEMBER, "unit.read", place) for place in (BRANCH, SECTION, INT)] == [True, True, True]
    assert [rights.may(MEMBER, "unit.read", place) for place in (REGION, OTHER)] == [False, False]
    assert rights.right(MEMBER, "unit.read", BRANCH).how == "suppressed"


def test_a_member_has_her_own_record_and_nobody_elses():
    own = {name for name in TABLE if rights.may_for_herself(MEMBER, name, 8)}
    assert own == {
        "people.contact",
        "people.edit",
        "people.ask",
        "lists.export",
        "people.erase.ask",
        "trail.read",
    }
    assert not any(rights.may_for_herself(MEMBER, name, 9) for name in TABLE)
    assert not any(rights.may_for_herself(ANONYMOUS, name, 8) for name in TABLE)


def test_names_stop_at_the_section():
    secretary = holding("secretary", INT)
    assert rights.may(secretary, "reports.read", SECTION)
    assert not rights.may(secretary, "people.names", SECTION)
    assert not rights.may(secretary, "people.decide", BRANCH)
    assert rights.may(holding("secretary", SECTION), "people.names", BRANCH)


def test_a_unit_whose_number_begins_like_another_is_not_below_it():
    assert not rights.may(holding("secretary", SECTION), "unit.read", OTHER)


def test_the_operator_may_everything_and_others_nothing_without_a_place():
    assert all(rights.may(OPERATOR, capability, None) for capability in TABLE)
    secretary = holding("secretary", INT)
    assert {name for name in TABLE if rights.may(secretary, name, None)} == {"unit.public"}


def test_an_unknown_capability_is_a_fault_and_not_a_no():
    with pytest.raises(KeyError):
        rights.may(OPERATOR, "people.nmaes", BRANCH)


GIVEN = {
    # A secretary gives what is below her rank in her unit, everything below it, nothing above or beside.
    "own": {"organiser", "treasurer", "dpo", "auditor"},
    "below": set(OFFICES),
    "sibling": set(),
    "above": set(),
}


@pytest.mark.parametrize("granter", OFFICES)
def test_no_grant_exceeds_the_granter(granter):
    wrong = [
        (office, place)
        for office in OFFICES
        for place in PLACES
        if rights.may_give(holding(granter, REGION), office, PLACES[place], to_person=9)
        is not (granter == "secretary" and office in GIVEN[place])
    ]
    assert wrong == []


@pytest.mark.parametrize("office", OFFICES)
def test_nobody_gives_an_office_to_herself_except_the_operator(office):
    secretary = holding("secretary", INT, person=7)
    assert not rights.may_give(secretary, office, BRANCH, to_person=7)
    assert rights.may_give(secretary, office, BRANCH, to_person=8)
    assert rights.may_give(OPERATOR, office, BRANCH, to_person=7)


def test_what_one_may_not_know_of_is_not_there_and_what_one_knows_is_refused():
    from groundswell.access.doors import require

    organiser = holding("organiser", REGION)
    require(organiser, "unit.read", BRANCH)
    with pytest.raises(Refusal) as refused:
        require(organiser, "people.decide", BRANCH)
    assert (refused.value.code, isinstance(refused.value, NotFound)) == ("not-allowed", False)
    with pytest.raises(NotFound):
        require(organiser, "people.decide", OTHER)
    with pytest.raises(Refusal):
        require(organiser, "people.load", None)


def test_an_office_above_all_names_has_none_of_the_rights_that_end_with_them():
    above, within = holding("secretary", INT), holding("secretary", SECTION)
    for capability in ("people.names", "people.decide", "lists.export", "protection.rules"):
        assert (rights.may_by_office(above, capability), rights.may_by_office(within, capability)) == (
            False,
            True,
        ), capability
    assert rights.may_by_office(above, "structure.change")
    assert not rights.may_by_office(MEMBER, "people.ask")  # her own record is no office
