"""What was encrypted of somebody whose key is gone, as after a restore without the keys, breaks nothing."""

import pytest
from django.test import Client

from groundswell.access import scope
from groundswell.access.actor import OPERATOR
from groundswell.access.secrets import erase_key
from groundswell.accounts import actions as accounts
from groundswell.kernel.errors import Refusal
from groundswell.people import actions as people
from groundswell.people import queries
from groundswell.people.models import Asking, Contact, CustomValue, Person
from groundswell.protection import actions as protection
from stage import NOW, signed_in
from world import day


@pytest.fixture
def chidi(world):
    """Let something be kept of Chidi in every way, and her key be gone."""
    chidi = world.person["chidi"]
    people.put_contact(chidi, kind="email", text="chidi@example.org", actor=OPERATOR, at=NOW)
    people.write_note(chidi, text="drives", visibility="organisers", actor=OPERATOR, at=NOW)
    asked = {"label": "Shift", "kind": "text", "options": ()}
    field = people.add_field(world.unit["DEPOT"], **asked, actor=OPERATOR, at=NOW)
    people.put_values(chidi, values={field: "late"}, before={}, actor=OPERATOR, at=NOW)
    proposed = {"changes": {"town": "Graz"}, "before": {"town": ""}}
    people.propose_change(chidi, **proposed, actor=OPERATOR, at=NOW)
    protection.ask(chidi, "correct", words="My town is Graz.", actor=OPERATOR, at=NOW)
    with scope.operator("a restore without keys"):
        assert erase_key(chidi.pk)
    return chidi


def window(world, who):
    client = Client(headers={"accept-language": "en"})
    client.force_login(world.account[who])
    return client


def test_every_page_of_her_still_opens(world, chidi):
    request = protection.ask(chidi, "correct", words="again", actor=OPERATOR, at=NOW)
    officer = {"office": "dpo", "day": day("1 July 2024"), "actor": OPERATOR, "at": NOW}
    accounts.give_mandate(world.person["femi"], unit=world.unit["TRAM"], **officer)
    hers = f"/people/{chidi.pk}/"
    for who, addresses in (
        ("bela", (hers, f"{hers}fields/", f"{hers}edit/", "/people/asked/", "/people/?q=chidi")),
        ("chidi", ("/me/", "/me/copy.json")),
        ("femi", (f"/protection/requests/{request.pk}/",)),
    ):
        client = window(world, who)
        found = {address: client.get(address).status_code for address in addresses}
        assert found == dict.fromkeys(addresses, 200)
    assert "drives" not in window(world, "bela").get(hers).content.decode()


def test_what_is_written_anew_stands_under_a_new_key_beside_what_stays_locked(world, chidi):
    with signed_in(world, "bela") as bela:
        people.put_contact(chidi, kind="phone", text="+43 676 1234567", actor=bela, at=NOW)
        assert [one.kind for one in queries.contacts_of([chidi])[chidi.pk]] == ["phone"]
        people.put_contact(chidi, kind="email", text="chidi@example.org", actor=bela, at=NOW)
        found = queries.contacts_of([chidi])[chidi.pk]
        assert [one.value for one in found] == ["chidi@example.org", "+436761234567"]
        (field,) = queries.fields_of(world.unit["DEPOT"])
        people.put_values(chidi, values={field: "early"}, before={}, actor=bela, at=NOW)
        assert [one.value for one in queries.values_of(chidi)] == ['"early"']
        assert queries.notes_of(chidi) == []
    assert (Contact.objects.filter(person=chidi).count(), CustomValue.objects.count()) == (2, 1)


def test_what_was_proposed_and_cannot_be_read_is_refused_and_not_guessed(world, chidi):
    proposed = Asking.objects.get(person=chidi)
    with signed_in(world, "bela") as bela:
        with pytest.raises(Refusal) as refused:
            people.accept(proposed, actor=bela, at=NOW)
        assert refused.value.code == "unreadable"
        people.refuse(proposed, actor=bela, at=NOW)
    assert Person.objects.get(pk=chidi.pk).town == ""


def test_she_is_erased_like_anybody_else(world, chidi):
    protection.erase_person(chidi, actor=OPERATOR, at=NOW)
    assert not Contact.objects.filter(person_id=chidi.pk).exists()
