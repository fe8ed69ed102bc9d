"""A list from above her unit says of somebody under 18 neither that she is known nor anything else."""

import pytest
from test_import_own_fields import taken_in as let_in
from test_import_pages import HEADER, staged

from groundswell.access import scope
from groundswell.access.actor import OPERATOR
from groundswell.accounts import actions as accounts
from groundswell.exchange.models import Batch, Line
from groundswell.people import actions as people
from groundswell.people.models import Membership, Person, Tag
from groundswell.people.queries import contacts_of
from stage import NOW
from world import day

# By her e-mail, and by her name within her unit.
MILA = ("Mila Maple", "mila@example.org", "01 5131234", "Graz", "2020-03-01", "", "choir", "")
NAMED = ("Mila Maple", "", "01 5131234", "", "", "", "press", "")
ADULT = ("Chidi Cove", "chidi@example.org", "01 5131299", "", "", "", "choir", "")


@pytest.fixture
def young(world):
    """Let Mila of the Depot be 16, and Chidi be reached by e-mail."""
    say = {"actor": OPERATOR, "at": NOW}
    mila = people.add_person(world.unit["DEPOT"], name="Mila Maple", minor=True, **say)
    people.join(mila, unit=world.unit["DEPOT"], day=day("1 July 2024"), **say)
    for who, mail in ((mila, "mila@example.org"), (world.person["chidi"], "chidi@example.org")):
        people.put_contact(who, kind="email", text=mail, **say)
    world.person["mila"] = mila
    return world


def taken_in(browser, work, *rows, unit):
    """Bring rows in by the pages; return the preview and the batch."""
    batch = staged(browser, *rows, unit=unit)
    preview = browser.get(f"/lists/import/{batch.pk}/").content.decode()
    browser.post(f"/lists/import/{batch.pk}/start/", {"step": "start"})
    return preview, work(batch)


def held(world):
    """Return what a list could have written of Mila, and how many are called so."""
    mila = world.person["mila"]
    return (
        [one.value for one in contacts_of([mila])[mila.pk]],
        list(Tag.objects.filter(person=mila).values_list("word", flat=True)),
        list(Membership.objects.filter(person=mila).values_list("valid", flat=True)),
        Person.objects.get(pk=mila.pk).town,
        Person.objects.filter(name="Mila Maple").count(),
    )


@pytest.mark.parametrize(("unit", "row"), [("TRAM", MILA), ("DEPOT", MILA), ("DEPOT", NAMED)])
def test_an_office_above_is_not_told_that_she_is_known_and_writes_nothing_of_her(
    young, browser_of, work, unit, row
):
    before = held(young)
    bela = browser_of("bela")
    preview, batch = taken_in(bela, work, row, ADULT, unit=unit)
    assert (batch.new, batch.known, batch.doubtful, batch.refused) == (0, 1, 0, 0)
    assert held(young) == before
    page = bela.get(f"/lists/import/{batch.pk}/").content.decode()
    assert "1 row is not kept any more: somebody in it was erased or is read in her own unit alone" in page
    for told in (preview, page):
        assert f"/people/{young.person['mila'].pk}/" not in told
    assert "Mila" not in page
    left = Line.objects.get(batch=batch, outcome="gone")
    assert (left.sealed, left.marks, left.person_id, left.made) == (None, [], None, None)
    assert "choir" in Tag.objects.filter(person=young.person["chidi"]).values_list("word", flat=True)


def test_her_own_unit_and_the_operator_meet_her_as_ever(young, browser_of, work, bring):
    _preview, batch = taken_in(browser_of("ada"), work, MILA, ADULT, unit="DEPOT")
    assert (batch.new, batch.known) == (0, 2)
    contacts, tags, _valid, town, count = held(young)
    assert (contacts, tags, town, count) == (["mila@example.org", "+4315131234"], ["choir"], "Graz", 1)
    done = let_in(bring(MILA, header=HEADER, unit="TRAM"))
    assert (done.new, done.known) == (0, 1)


def test_whose_office_in_her_unit_has_ended_meets_her_no_more(young, browser_of, work):
    ada = browser_of("ada")
    batch = staged(ada, MILA, unit="DEPOT")
    ada.post(f"/lists/import/{batch.pk}/start/", {"step": "start"})
    with scope.operator("a test"):
        accounts.end_mandate(young.mandate["ada"], day=day("15 July 2024"), actor=OPERATOR, at=NOW)
    before = held(young)
    assert (work(batch).known, held(young)) == (0, before)
    assert Batch.objects.get(pk=batch.pk).state == "done"
