"""The sentence at the top of a report and of a unit's page, where there is nobody, or was nobody."""

import pytest
from django.utils.translation import override

from groundswell.access.actor import OPERATOR
from groundswell.people import actions as people
from groundswell.reports.sentences import headline
from groundswell.structure import actions as structure
from stage import NOW, ask
from world import day


@pytest.fixture
def quay(world):
    new = structure.NewUnit("QUAY", {"en": "Quay"}, "branch", "FERRY", day("1 March 2024"))
    return structure.found_unit(new, actor=OPERATOR, at=NOW)


def told(unit, as_of="15 July 2024", since="15 July 2023", language="en"):
    with override(language):
        return headline(ask(unit, as_of, since)).replace("\xa0", " ")


def test_a_new_unit_has_nobody_yet_and_says_when_it_was_founded_once_it_has(world, quay):
    guest = people.be_guest(world.person["femi"], unit=quay, day=day("1 July 2024"), actor=OPERATOR, at=NOW)
    assert told("QUAY") == "Nobody is a member yet."
    assert told("QUAY", language="de") == "Noch ist niemand Mitglied."
    nia = people.add_person(quay, name="Nia New", actor=OPERATOR, at=NOW)
    joined = people.join(nia, unit=quay, day=day("2 May 2024"), actor=OPERATOR, at=NOW)
    assert told("QUAY") == "One member. It was founded on 1 March 2024."
    assert told("QUAY", since="1 April 2024") == "One member. There was none on 1 April 2024."
    for membership in (joined, guest):
        people.leave(membership, day=day("2 July 2024"), actor=OPERATOR, at=NOW)
    assert told("QUAY") == "Nobody is a member any more."
    assert told("QUAY", since="31 May 2024") == "Nobody is a member any more. On 31 May 2024 there was one."
    assert told("QUAY", since="31 May 2024", language="de").endswith("Am 31. Mai 2024 war es noch eines.")
    structure.dissolve_unit(quay, day=day("10 July 2024"), actor=OPERATOR, at=NOW)
    assert told("QUAY") == "This unit has ended: nobody counts in it any more."


def test_an_old_unit_that_never_had_a_member_has_simply_none(world):
    new = structure.NewUnit("BUOY", {"en": "Buoy"}, "branch", "FERRY", day("1 March 2022"))
    structure.found_unit(new, actor=OPERATOR, at=NOW)
    assert told("BUOY") == "Nobody is a member."
    assert "than a year ago" in told("DEPOT")
