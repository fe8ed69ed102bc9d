"""The cast on stage, and somebody who was written down twice."""

import pytest

from stagehands import *  # noqa: F403 - fixtures


@pytest.fixture
def twins(world):
    """Let Dana guard the tramworkers' data, and write Chidi down a second time, with things of her own."""
    from groundswell.access.actor import OPERATOR
    from groundswell.accounts import actions as accounts
    from groundswell.people import actions as people
    from stage import NOW
    from world import day

    give = {"unit": world.unit["TRAM"], "office": "dpo", "day": day("1 January 2020")}
    accounts.give_mandate(world.person["dana"], actor=OPERATOR, at=NOW, **give)
    world.account["dana"] = accounts.create_account(
        world.person["dana"], email="dana@example.org", actor=OPERATOR
    )
    chidi = world.person["chidi"]
    twin = people.add_person(
        world.unit["DEPOT"], name="Chidi Kove", town="Linz", pronoun="she", actor=OPERATOR, at=NOW
    )
    for person, email in ((chidi, "chidi@example.org"), (twin, "twin@example.org")):
        people.put_contact(person, kind="email", text=email, actor=OPERATOR, at=NOW)
        people.put_contact(person, kind="phone", text="+43 676 7654321", actor=OPERATOR, at=NOW)
        people.put_tags(person, words=["choir", email[:4]], actor=OPERATOR)
        people.write_note(person, text=f"about {email}", visibility="organisers", actor=OPERATOR, at=NOW)
    for person, paid in ((chidi, "31 December 2023"), (twin, "31 December 2024")):
        people.put_paid_until(person, day=day(paid), source="hand", actor=OPERATOR, at=NOW)
    people.join(twin, unit=world.unit["DEPOT"], day=day("1 July 2024"), actor=OPERATOR, at=NOW)
    world.person["twin"] = twin
    return world
