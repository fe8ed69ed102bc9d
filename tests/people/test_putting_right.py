"""Transfers and corrections: what may happen to a membership, what is refused, and in which words."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from groundswell.access.actor import OPERATOR
from groundswell.accounts import actions as accounts
from groundswell.accounts.models import Mandate
from groundswell.kernel.errors import NotFound, Refusal
from groundswell.people import actions as people
from groundswell.people import listpage, personpage, queries, searching
from groundswell.people.models import Asking, Membership, Person
from groundswell.protection import ownpage
from groundswell.structure import actions as structure
from groundswell.structure.models import Change
from stage import NOW, newcomer, own, row, signed_in, somebody
from world import day

BY_OPERATOR = {"actor": OPERATOR, "at": NOW}


def refusal_of(act):
    with pytest.raises(Refusal) as refused:
        act()
    assert refused.value.sentence.endswith(".")
    assert "%(" not in refused.value.sentence
    return refused.value.code


def transfer(world, who, unit, on="1 July 2024"):
    return people.transfer(world.membership[who], to=world.unit[unit], day=day(on), **BY_OPERATOR)


def test_a_stay_as_a_guest_is_ended_by_the_secretary_of_both_units_and_her_office_there_with_it(world):
    jonas, hill = world.person["jonas"], world.unit["HILL"]
    stay = people.be_guest(jonas, unit=hill, day=day("1 July 2024"), **BY_OPERATOR)
    term = {"office": "organiser", "day": day("1 July 2024")}
    held = accounts.give_mandate(jonas, unit=hill, **term, **BY_OPERATOR)
    page = f"/people/{jonas.pk}/"
    end = f"{page}guest/{stay.pk}/end/"
    bela, others = Client(headers={"accept-language": "en"}), Client()
    bela.force_login(world.account["bela"])
    assert f'href="{end}">No longer a guest of Hill Line' in bela.get(page).content.decode()
    for who in ("ada", "jonas", "sven", "ines"):
        others.force_login(world.account[who])
        assert others.post(end, {"day": "2024-07-15"}).status_code == 404, who
    assert "No longer a guest of Hill Line" in bela.get(end).content.decode()
    assert bela.post(end, {"day": "2024-07-15"}).status_code == 302
    assert "was no guest of Hill Line any more" in bela.get(page).content.decode()
    assert (bela.get(end).status_code, queries.home_of(jonas).unit.code) == (404, "LINE4")
    ended = Mandate.objects.get(person=jonas, unit=hill, recorded__upper_inf=True)
    assert (ended.office, ended.valid.upper, held.valid.upper) == ("organiser", day("15 July 2024"), None)
    assert transfer(world, "jonas", "HILL", "15 July 2024").unit == hill


def test_whoever_is_known_in_a_unit_that_has_ended_joins_the_one_it_went_into_or_another(world):
    dana, pavel = world.person["dana"], world.person["pavel"]
    people.ask_to_join(pavel, **BY_OPERATOR)
    merged = {"into": world.unit["LINE4"], "day": day("1 July 2024")}
    structure.merge_units(world.unit["DEPOT"], **merged, **BY_OPERATOR)
    bela = Client(headers={"accept-language": "en"})
    bela.force_login(world.account["bela"])
    join = f"/people/{dana.pk}/join/"
    assert 'value="LINE4"' in bela.get(join).content.decode()
    said = {"kind": "member", "day": "2024-07-15"}
    assert bela.post(join, said | {"unit": "DEPOT"}).status_code == 422
    assert (
        bela.post(join, said | {"unit": "PIER"}).status_code == 422
    )  # another union's secretary lets join there
    assert bela.post(join, said | {"unit": "hill line"}).status_code == 302
    bela.post(f"/people/asked/{Asking.objects.get().pk}/", {"answer": "accept"})
    assert [queries.home_of(one).unit.code for one in (dana, pavel)] == ["HILL", "LINE4"]
    assert Person.objects.get(pk=pavel.pk).unit.code == "LINE4"


def test_a_second_home_is_refused_before_and_after_the_first_and_allowed_once_it_has_ended(world):
    ada, hill = world.person["ada"], world.unit["HILL"]
    for on in ("1 March 2015", "15 July 2024", "1 January 2010"):
        assert refusal_of(lambda on=on: people.join(ada, unit=hill, day=day(on), **BY_OPERATOR)) == "overlap"
    people.leave(world.membership["ada"], day=day("1 July 2024"), **BY_OPERATOR)
    assert people.join(ada, unit=hill, day=day("1 July 2024"), **BY_OPERATOR).unit == hill


def test_a_transfer_into_her_own_branch_is_refused_and_into_another_is_not(world):
    assert refusal_of(lambda: transfer(world, "ada", "DEPOT")) == "same-unit"
    assert transfer(world, "ada", "HILL").unit == world.unit["HILL"]
    assert Person.objects.get(pk=world.person["ada"].pk).unit == world.unit["HILL"]


def test_a_guest_is_not_transferred_and_a_home_member_is(world):
    guest = Membership.objects.select_related("unit", "person").get(person=world.person["femi"], home=False)
    assert (
        refusal_of(
            lambda: people.transfer(guest, to=world.unit["DOCK"], day=day("1 July 2024"), **BY_OPERATOR)
        )
        == "guest"
    )
    assert transfer(world, "femi", "HILL").home is True


def test_a_guest_becomes_a_member_elsewhere_but_not_where_she_is_a_guest(world):
    assert refusal_of(lambda: transfer(world, "femi", "PIER")) == "overlap"


@pytest.mark.parametrize(
    ("on", "code"),
    [
        (dt.date(1, 1, 1), "day-out-of-range"),
        (dt.date(1799, 12, 31), "day-out-of-range"),
        (dt.date(2200, 1, 1), "day-out-of-range"),
        (dt.date(9999, 12, 31), "day-out-of-range"),
        (dt.date(2024, 7, 16), "in-the-future"),
        (dt.date(1999, 12, 31), "before-founding"),
    ],
)
def test_a_day_that_cannot_be_is_refused_by_every_act(world, on, code):
    pavel, hill, depot = somebody(world, "DEPOT"), world.unit["HILL"], world.unit["DEPOT"]
    assert refusal_of(lambda: people.join(pavel, unit=depot, day=on, **BY_OPERATOR)) == code
    assert refusal_of(lambda: people.be_guest(pavel, unit=hill, day=on, **BY_OPERATOR)) == code
    acts = {
        "leave": lambda: people.leave(world.membership["ada"], day=on, **BY_OPERATOR),
        "transfer": lambda: people.transfer(world.membership["ada"], to=hill, day=on, **BY_OPERATOR),
        "change_joining_day": lambda: people.change_joining_day(
            world.membership["ada"], day=on, **BY_OPERATOR
        ),
    }
    early = on < day("1 March 2015")
    assert {name: refusal_of(act) for name, act in acts.items()} == {
        "leave": "ends-before-it-began" if early else code,
        "transfer": "ends-before-it-began" if early else code,
        "change_joining_day": code,
    }


def test_nobody_leaves_on_the_day_she_joined_and_who_never_was_is_withdrawn(world):
    chidi = world.membership["chidi"]
    assert (
        refusal_of(lambda: people.leave(chidi, day=day("3 May 2024"), **BY_OPERATOR))
        == "ends-before-it-began"
    )
    assert people.leave(chidi, day=day("4 May 2024"), **BY_OPERATOR).valid.upper == day("4 May 2024")


def test_what_ended_or_was_withdrawn_does_not_end_again(world):
    assert (
        refusal_of(lambda: people.leave(world.membership["dana"], day=day("1 July 2024"), **BY_OPERATOR))
        == "already-ended"
    )
    assert refusal_of(lambda: people.withdraw(world.membership["lio"], **BY_OPERATOR)) == "superseded"
    assert refusal_of(lambda: people.reopen(world.membership["ada"], **BY_OPERATOR)) == "not-ended"


def test_a_leaving_that_was_wrong_is_undone_and_left_falls(world):
    people.reopen(world.membership["dana"], **BY_OPERATOR)
    assert own("DEPOT", "31 May 2024", "30 April 2024") == (5, 4, 1, 0, 0, 0)


def test_a_leaving_day_is_put_right_also_before_a_joining_that_followed(world):
    """Reopening would not do: she has joined again since."""
    dana = people.join(world.person["dana"], unit=world.unit["DEPOT"], day=day("1 June 2024"), **BY_OPERATOR)
    window = ("DEPOT", "15 July 2024", "30 April 2024")
    assert own(*window) == (5, 4, 2, 1, 0, 0)
    left = Membership.objects.select_related("unit", "person").get(pk=world.membership["dana"].pk)
    right = people.change_leaving_day(left, day=day("30 April 2024"), **BY_OPERATOR)
    assert (own(*window), right.valid.upper) == ((5, 3, 2, 0, 0, 0), day("30 April 2024"))
    refusals = {
        "2 June 2024": "overlap",
        "9 January 2020": "ends-before-it-began",
        "16 July 2024": "in-the-future",
    }
    for on, code in refusals.items():
        act = lambda on=on: people.change_leaving_day(right, day=day(on), **BY_OPERATOR)  # noqa: E731 - one refusal each
        assert refusal_of(act) == code, on
    assert (
        refusal_of(lambda: people.change_leaving_day(dana, day=day("1 July 2024"), **BY_OPERATOR))
        == "not-ended"
    )
    bela = Client(headers={"accept-language": "en"})
    bela.force_login(world.account["bela"])
    page = f"/people/{world.person['dana'].pk}/correct/"
    said = {"membership": right.pk, "what": "ended", "day": "2024-05-09"}
    assert bela.post(page, said | {"day": ""}).status_code == 422
    assert bela.post(page, said).status_code == 302
    assert own(*window) == (5, 4, 2, 1, 0, 0)


def test_a_leaving_is_not_undone_over_a_membership_that_began_since(world):
    people.join(world.person["dana"], unit=world.unit["HILL"], day=day("1 June 2024"), **BY_OPERATOR)
    assert refusal_of(lambda: people.reopen(world.membership["dana"], **BY_OPERATOR)) == "overlap"


def test_a_withdrawn_transfer_lets_her_go_on_where_she_was(world):
    before = row("TRAM", "SOUTH", "15 July 2024", "1 May 2024"), own("DOCK", "15 July 2024", "1 May 2024")
    people.withdraw(world.membership["gita"], **BY_OPERATOR)
    after = row("TRAM", "SOUTH", "15 July 2024", "1 May 2024"), own("DOCK", "15 July 2024", "1 May 2024")
    assert before == ((1, 2, 0, 0, 0, 1), (3, 2, 0, 0, 1, 0))
    assert after == ((2, 2, 0, 0, 0, 0), (2, 2, 0, 0, 0, 0))
    assert Person.objects.get(pk=world.person["gita"].pk).unit == world.unit["HILL"]


def test_one_half_of_a_transfer_is_not_put_right_alone(world):
    first = Membership.objects.select_related("unit", "person").get(
        person=world.person["hana"], unit=world.unit["DEPOT"], recorded__upper_inf=True
    )
    assert refusal_of(lambda: people.withdraw(first, **BY_OPERATOR)) == "transferred"
    assert refusal_of(lambda: people.reopen(first, **BY_OPERATOR)) == "transferred"
    moved = world.membership["hana"]
    assert (
        refusal_of(lambda: people.change_joining_day(moved, day=day("20 April 2024"), **BY_OPERATOR))
        == "transferred"
    )
    people.withdraw(moved, **BY_OPERATOR)
    assert own("NORTH", "15 July 2024", "14 April 2024") == (9, 7, 3, 1, 0, 0)


def test_a_kind_that_there_is_not_is_refused_in_a_sentence(world):
    assert refusal_of(lambda: newcomer(world, "HILL", "1 July 2024", kind="friend")) == "no-kind"
    assert (
        refusal_of(
            lambda: people.change_kind(
                world.membership["ada"], kind="friend", day=day("1 July 2024"), **BY_OPERATOR
            )
        )
        == "no-kind"
    )


@pytest.mark.parametrize("name", ["", "  \t\n", "\u2003", "x" * 201, "A\x00B", "lone \ud800"])
def test_a_name_that_cannot_be_kept_is_refused_in_a_sentence(world, name):
    assert refusal_of(lambda: people.add_person(world.unit["HILL"], name=name, **BY_OPERATOR)) in {
        "no-name",
        "long-name",
        "bad-name",
    }


@pytest.mark.parametrize(
    ("name", "key"),
    [("Ada Amber", "amber ada"), ("  Åsa \t Sven ", "sven asa"), ("Björk", "bjork"), ("نور نخل", "نخل نور")],
)
def test_a_name_is_kept_as_she_writes_it_and_sorted_without_accents(world, name, key):
    made = people.add_person(world.unit["HILL"], name=name, **BY_OPERATOR)
    assert (made.name, made.sort_key) == (" ".join(name.split()), key)


def test_nobody_joins_a_branch_that_has_ended_and_its_own_members_stay(world):
    structure.merge_units(world.unit["DOCK"], into=world.unit["PIER"], day=day("1 July 2024"), **BY_OPERATOR)
    assert refusal_of(lambda: newcomer(world, "DOCK", "1 July 2024")) == "dissolved"
    assert refusal_of(lambda: transfer(world, "ada", "DOCK")) == "dissolved"
    assert newcomer(world, "DOCK", "30 June 2024").unit == world.unit["DOCK"]


def test_a_secretary_decides_in_her_union_and_not_in_the_other(world):
    with signed_in(world, "bela") as bela:
        made = people.join(
            world.person["pavel"], unit=world.unit["HILL"], day=day("1 July 2024"), actor=bela, at=NOW
        )
        people.leave(made, day=day("5 July 2024"), actor=bela, at=NOW)
        with pytest.raises(NotFound):
            people.leave(world.membership["olga"], day=day("5 July 2024"), actor=bela, at=NOW)
        with pytest.raises(NotFound):
            people.transfer(
                world.membership["ada"], to=world.unit["PIER"], day=day("5 July 2024"), actor=bela, at=NOW
            )


def test_a_person_of_another_union_looks_like_nobody(world):
    with signed_in(world, "sven") as sven, pytest.raises(NotFound):
        people.join(
            world.person["pavel"], unit=world.unit["PIER"], day=day("1 July 2024"), actor=sven, at=NOW
        )


def test_a_transfer_from_another_union_is_not_undone_by_one_of_the_two_alone(world):
    with signed_in(world, "sven") as sven, pytest.raises(Refusal):
        people.withdraw(world.membership["gita"], actor=sven, at=NOW)
    assert own("DOCK", "15 July 2024", "1 May 2024") == (3, 2, 0, 0, 1, 0)


@pytest.mark.parametrize("who", ["ada", "jonas", "ines", "olga", "quinn", "chidi"])
def test_whoever_is_no_secretary_of_the_union_decides_nothing(world, who):
    with signed_in(world, who) as acting:
        for act in (
            lambda: people.join(
                world.person["pavel"], unit=world.unit["DEPOT"], day=day("1 July 2024"), actor=acting, at=NOW
            ),
            lambda: people.leave(world.membership["bela"], day=day("1 July 2024"), actor=acting, at=NOW),
            lambda: people.withdraw(world.membership["bela"], actor=acting, at=NOW),
            lambda: people.report_by_number(world.unit["HILL"], day=day("1 July 2024"), actor=acting, at=NOW),
        ):
            with pytest.raises(Refusal) as refused:
                act()
            assert refused.value.code in {"not-allowed", "not-found"}


def test_a_secretary_lets_an_empty_branch_of_hers_report_by_number_and_signs_its_return(world):
    new = structure.NewUnit("VALLEY", {"en": "Valley Line"}, "branch", "SOUTH", day("1 June 2024"))
    valley = structure.found_unit(new, **BY_OPERATOR)
    with signed_in(world, "bela") as bela:
        people.report_by_number(valley, day=day("1 June 2024"), actor=bela, at=NOW)
        people.file_return(
            valley,
            as_of=day("10 July 2024"),
            members=5,
            joined=1,
            left=0,
            signed_by="Béla Birch",
            actor=bela,
            at=NOW,
        )
    assert own("VALLEY", "15 July 2024", "30 June 2024") == (5, 4, 1, 0, 0, 0)


def test_bulk_entry_is_for_whoever_runs_the_server(world):
    with signed_in(world, "bela") as bela:
        assert refusal_of(lambda: people.load_people([], actor=bela)) == "not-allowed"
        assert refusal_of(lambda: people.load_memberships([], actor=bela)) == "not-allowed"
    assert people.load_people([], actor=OPERATOR) == {}


def listed_today(world) -> Membership:
    """Write somebody down as a member of whom nobody says since when, as a list does."""
    nia = somebody(world, "DEPOT")
    opening = people.NewMembership(
        nia.pk, nia.unit_id, day("15 July 2024"), NOW, entry_flow="opening", kind="member"
    )
    people.load_memberships([opening], actor=OPERATOR)
    return Membership.objects.select_related("unit", "person").get(person=nia)


def test_who_was_a_member_before_she_was_written_down_leaves_on_the_very_day_and_who_joined_on_it_does_not(
    world,
):
    before = own("DEPOT", "15 July 2024")
    listed, joined = listed_today(world), newcomer(world, "LINE4", "15 July 2024")
    today = day("15 July 2024")
    left = people.leave(listed, day=today, **BY_OPERATOR)
    assert (left.valid.lower, left.valid.upper) == (day("14 July 2024"), today)
    members, previous, entered, gone, moved_in, moved_out = own("DEPOT", "15 July 2024")
    assert (members, previous, entered) == before[:3]
    assert (gone, moved_in, moved_out) == (before[3] + 1, before[4] + 1, before[5])
    assert refusal_of(lambda: people.leave(joined, day=today, **BY_OPERATOR)) == "ends-before-it-began"
    moved = people.transfer(listed_today(world), to=world.unit["HILL"], day=today, **BY_OPERATOR)
    assert (moved.unit.code, moved.valid.lower) == ("HILL", today)


def test_a_split_and_its_undoing_ask_as_much_for_many_members_as_for_two(world):
    today, depot, asked = day("15 July 2024"), world.unit["DEPOT"], []
    for number in (1, 2):
        # A list came in this morning, and the unit is divided in the afternoon.
        chosen = [listed_today(world).pk for _one in range(number)]
        chosen += [newcomer(world, "DEPOT", "1 July 2024").pk for _one in range(number)]
        before = own("DEPOT", "15 July 2024")
        new = structure.NewUnit(f"NEW{number}", {"en": "New"}, "branch", "NORTH", today)
        with CaptureQueriesContext(connection) as going:
            made = structure.split_unit(depot, new=new, members=chosen, **BY_OPERATOR)
        assert (own(made.code, "15 July 2024")[0], Person.objects.filter(unit=made).count()) == (
            2 * number,
            2 * number,
        )
        with CaptureQueriesContext(connection) as coming_back:
            structure.undo_change(Change.objects.latest("pk"), **BY_OPERATOR)
        assert own("DEPOT", "15 July 2024") == before
        assert not Person.objects.filter(unit=made).exists()
        asked.append((len(going), len(coming_back)))
    assert asked == [asked[0], asked[0]]


def test_who_joined_on_the_day_of_a_split_is_named_as_who_cannot_go_over(world):
    new = structure.NewUnit("NEW", {"en": "New"}, "branch", "NORTH", day("15 July 2024"))
    chosen = [newcomer(world, "DEPOT", joined).pk for joined in ("1 July 2024", "15 July 2024")]
    with pytest.raises(Refusal, match=r"\w+ is a member here only since 15 July 2024") as refused:
        structure.split_unit(world.unit["DEPOT"], new=new, members=chosen, **BY_OPERATOR)
    assert (refused.value.field, refused.value.code) == ("members", "came-that-day")


def test_of_whom_nobody_says_since_when_the_pages_say_so_until_it_is_put_right(world):
    listed = listed_today(world)
    who = listed.person

    def said() -> str:
        (row,) = searching.rows([who.pk], day("15 July 2024"))
        assert personpage.page(OPERATOR, who, today=day("15 July 2024"))["standing"] == listpage.standing(
            row.status, listpage.status_words()
        )
        return listpage.standing(row.status, listpage.status_words())

    assert said() == "member since 15 July 2024 or earlier"
    assert ownpage.card(who, day("15 July 2024"))["memberships"] == [
        "Member, Depot, since 15 July 2024 or earlier"
    ]
    before = own("DEPOT", "15 July 2024")
    people.change_joining_day(listed, day=day("3 May 2019"), **BY_OPERATOR)
    assert said() == "member since 3 May 2019"
    assert own("DEPOT", "15 July 2024")[0] == before[0]
    assert own("DEPOT", "31 May 2019", since="1 May 2019")[2] == 1
