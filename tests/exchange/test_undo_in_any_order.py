"""Lists that name the same people are undone in any order: what stands loses nothing, and none gets stuck."""

import datetime as dt
from itertools import permutations

import pytest
from django.db import transaction
from test_import_own_fields import taken_in
from test_known_people import CHIDI, HEADER, held

from groundswell.access.actor import OPERATOR
from groundswell.duplicates.actions import Choices, merge
from groundswell.exchange import actions, leftover
from groundswell.exchange.models import Line
from groundswell.people import actions as people
from groundswell.people.models import Person
from stage import NOW, own

ZOE = ("Zoe Zinc", "she", "zoe@example.org", "", *CHIDI[4:])
YVO = ("Yvo Yarrow", "he", "yvo@example.org", "", *CHIDI[4:])
# The same people three times: the second list knows a phone more, the third names Zoe alone.
LISTS = ([CHIDI, ZOE, YVO], [CHIDI, (*ZOE[:3], "0660 2222222", *ZOE[4:]), YVO], [ZOE])
NAMED = {"Zoe Zinc": {0, 1, 2}, "Yvo Yarrow": {0, 1}}


def hours(count: int) -> dt.datetime:
    return NOW + dt.timedelta(hours=count)


def there() -> set[str]:
    return set(Person.objects.filter(name__in=NAMED).values_list("name", flat=True))


ORDERS = list(permutations(range(3)))


# Two orders in which each of the lists goes at another turn; as a drill all six.
@pytest.mark.parametrize("orders", [((0, 1, 2), (1, 2, 0)), pytest.param(ORDERS, marks=pytest.mark.drill)])
def test_lists_are_undone_in_every_order_and_all_of_them_leave_nothing(world, bring, orders):
    chidi = world.person["chidi"]
    before, figures = held(chidi), own("DEPOT", "15 July 2024")
    lists = [taken_in(bring(*rows, header=HEADER), hours(place)) for place, rows in enumerate(LISTS)]
    whole = held(chidi)
    for order in orders:
        with transaction.atomic():
            standing = set(range(3))
            for place, number in enumerate(order):
                actions.undo(lists[number], actor=OPERATOR, at=hours(10 + place))
                standing.remove(number)
                assert there() == {name for name, named in NAMED.items() if named & standing}, order
                if standing & {0, 1}:
                    assert held(chidi) == whole, order
            assert held(chidi) == before, order
            assert own("DEPOT", "15 July 2024") == figures, order
            transaction.set_rollback(True)


def test_whoever_a_later_list_names_stays_until_that_is_undone_too_and_the_pages_say_so(
    world,
    browser_of,
    work,
    bring,
):
    ada = browser_of("ada")
    first = taken_in(bring(ZOE, YVO, header=HEADER), hours(0))
    second = taken_in(bring(ZOE, header=HEADER), hours(1))
    page = ada.get(f"/lists/import/{first.pk}/undo/").content.decode()
    assert "Who stands in a later list as well stays as she is" in page
    assert (
        f'<a href="/lists/import/{second.pk}/">CSV of 15 July 2024</a> <span class="note">1 person</span>'
        in page
    )
    assert "later list" not in ada.get(f"/lists/import/{second.pk}/undo/").content.decode()
    ada.post(f"/lists/import/{first.pk}/undo/")
    work(first)
    assert there() == {"Zoe Zinc"}
    page = ada.get(f"/lists/import/{first.pk}/").content.decode()
    assert "1 person stands in a later list as well." in page
    assert "CSV of 15 July 2024" in page
    assert "Who has stayed" not in page
    # What is undone is not offered again.
    assert "/undo/" not in page
    assert ada.get(f"/lists/import/{first.pk}/undo/").status_code == 302
    ada.post(f"/lists/import/{second.pk}/undo/")
    work(second)
    assert there() == set()
    page = ada.get(f"/lists/import/{first.pk}/").content.decode()
    assert "later list" not in page
    assert "<h1>The list of 2 rows was undone.</h1>" in page


def test_whoever_was_built_upon_meanwhile_stays_for_good_without_what_the_later_list_added(
    world,
    bring,
):
    first = taken_in(bring(ZOE, header=HEADER), hours(0))
    second = taken_in(bring((*ZOE[:3], "0660 2222222", *ZOE[4:]), header=HEADER), hours(1))
    zoe = Person.objects.select_related("unit").get(name="Zoe Zinc")
    undone = actions.undo(first, actor=OPERATOR, at=hours(2))
    assert (undone.erased, undone.stay, undone.wait) == (0, 1, 1)
    people.write_note(zoe, text="She came.", visibility="organisers", actor=OPERATOR, at=hours(3))
    whole = held(zoe)
    undone = actions.undo(second, actor=OPERATOR, at=hours(4))
    assert (undone.erased, undone.stay, undone.wait) == (0, 1, 0)
    left = held(zoe)
    assert whole[9] == ["+436602222222", "zoe@example.org"]
    assert left == [*whole[:9], ["zoe@example.org"], *whole[10:]]


def test_a_record_that_became_one_with_hers_stays_when_the_list_is_undone_and_is_named(world, bring):
    first = taken_in(bring(ZOE, header=HEADER), hours(0))
    older = people.add_person(world.unit["DEPOT"], name="Yan Yew", actor=OPERATOR, at=NOW)
    second = taken_in(bring(YVO, header=HEADER), hours(0))
    younger = people.add_person(world.unit["DEPOT"], name="Zac Zeal", actor=OPERATOR, at=NOW)
    zoe, yvo = (Person.objects.select_related("unit").get(name=name) for name in ("Zoe Zinc", "Yvo Yarrow"))
    # Of two records the older one stays: the one of them is the list's, the other is not.
    for batch, made, other, stays in ((first, zoe, younger, zoe), (second, yvo, older, older)):
        merge(made, other, Choices({}, made.pk), actor=OPERATOR, at=hours(1))
        undone = actions.undo(batch, actor=OPERATOR, at=hours(2))
        assert (undone.erased, undone.stay) == (0, 1)
        assert leftover.stayed(batch) == [stays]


def test_a_row_that_might_have_been_somebody_who_goes_again_is_still_asked_about(world, bring):
    first = taken_in(bring(ZOE, header=HEADER), hours(0))
    other = taken_in(bring(("Someone Else", "", "zoe@example.org", *CHIDI[3:]), header=HEADER), hours(1))
    assert other.doubtful == 1
    assert actions.undo(first, actor=OPERATOR, at=hours(2)).erased == 1
    line = Line.objects.get(batch=other)
    assert (line.outcome, line.person_id, line.sealed is None) == ("doubtful", None, False)
