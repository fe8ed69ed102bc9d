"""The clocks of retention, each on the day before and on the day."""

import asyncio
import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django import app
from procrastinate.periodic import PeriodicDeferrer
from procrastinate.testing import InMemoryConnector

from groundswell.access import scope
from groundswell.access.actor import OPERATOR, Actor
from groundswell.accounts import actions as accounts
from groundswell.cli import worker
from groundswell.kernel import clock
from groundswell.people import actions as people
from groundswell.people import hooks
from groundswell.people.models import Contact, Hold, Membership, Person, SectionRule
from groundswell.protection import actions, basis, days, queries
from groundswell.protection.actions import retaining
from groundswell.protection.tasks import forget
from pageforms import send, text_of
from stage import NOW, ask, figures, signed_in, somebody
from world import day


def on(text: str) -> dict[str, int]:
    """Let it be a day, and do what is due on it."""
    clock.set_today(day(text))
    return dict(actions.keep_no_longer(today=day(text), at=NOW))


@pytest.fixture
def quiet(world):
    """Let nobody of the cast be due: each was heard of today."""
    Person.objects.update(heard_on=day("15 July 2024"))
    return world


def there(person: Person) -> bool:
    return Person.objects.filter(pk=person.pk).exists()


def heard(world, text: str, unit: str = "DEPOT") -> Person:
    person = somebody(world, unit)
    Person.objects.filter(pk=person.pk).update(heard_on=day(text))
    return person


def test_a_contact_is_erased_six_months_after_she_was_last_heard_of_and_not_a_day_sooner(quiet):
    contact = heard(quiet, "20 January 2024")
    assert on("19 July 2024") == {}
    assert there(contact)
    assert on("20 July 2024") == {"contact": 1}
    assert not there(contact)


def test_a_section_that_gives_other_months_is_obeyed(quiet):
    SectionRule.objects.create(unit=quiet.unit["TRAM"], contact_months=2)
    tram, ferry = heard(quiet, "20 May 2024"), heard(quiet, "20 May 2024", "PIER")
    assert on("19 July 2024") == {}
    assert on("20 July 2024") == {"contact": 1}
    assert (there(tram), there(ferry)) == (False, True)


def test_a_hold_and_an_open_application_stop_the_clock(quiet):
    held, applying = heard(quiet, "20 January 2024"), heard(quiet, "20 January 2024")
    Hold.objects.create(person=held, unit_id=held.unit_id, why="a dispute", placed_at=NOW)
    people.ask_to_join(applying, kind="member", actor=OPERATOR, at=NOW)
    assert on("20 July 2024") == {}
    Hold.objects.update(lifted_at=NOW)
    assert on("21 July 2024") == {"contact": 1}
    assert (there(held), there(applying)) == (False, True)


def test_whoever_holds_an_office_and_never_joined_is_not_forgotten_while_she_holds_it(quiet):
    """As the first secretary of a new organisation does, and one who was rescued."""
    founder, contact = heard(quiet, "20 January 2024"), heard(quiet, "20 January 2024")
    give = {"unit": quiet.unit["DEPOT"], "office": "secretary", "actor": OPERATOR, "at": NOW}
    accounts.give_mandate(founder, day=day("20 January 2024"), until=day("1 October 2024"), **give)
    told, _count = queries.ahead(OPERATOR, today=day("19 July 2024"), until=day("20 July 2024"), most=9)
    assert [one.person for one in told] == [contact]
    # Her page promises her no other day.
    assert "forgotten on" in " ".join(basis.of(contact, day("19 July 2024")))
    (why,) = basis.of(founder, day("19 July 2024"))
    assert why.startswith("She holds an office, and is kept as long as she does")
    assert on("20 July 2024") == {"contact": 1}
    assert on("30 September 2024") == {}
    assert on("1 October 2024") == {"contact": 1}
    assert not there(founder)


def test_whoever_was_refused_is_forgotten_at_once(quiet):
    applicant = heard(quiet, "15 July 2024")
    asking = people.ask_to_join(applicant, kind="member", actor=OPERATOR, at=NOW)
    assert on("15 July 2024") == {}
    people.refuse(asking, actor=OPERATOR, at=NOW, reason="no")
    assert on("15 July 2024") == {"refused": 1}
    assert not there(applicant)


def test_a_former_member_is_reduced_to_name_and_membership_after_three_years(quiet):
    dana = quiet.person["dana"]  # left on 9 May 2024
    people.put_contact(dana, kind="email", text="dana@example.org", actor=OPERATOR, at=NOW)
    before = figures(ask("TRAM", "15 July 2024").total)
    Person.objects.update(heard_on=day("9 May 2027"))
    assert on("8 May 2027") == {}
    assert Contact.objects.filter(person=dana).exists()
    assert on("9 May 2027") == {"former": 1}
    assert not Contact.objects.filter(person=dana).exists()
    assert there(dana)
    assert Membership.objects.filter(person=dana).count() == 1
    assert figures(ask("TRAM", "15 July 2024").total) == before
    assert on("10 May 2027") == {}  # once


@pytest.mark.parametrize(
    ("last", "due"),
    [
        ("28 August 2023", "28 February 2024"),
        ("29 August 2023", "29 February 2024"),
        ("31 August 2023", "29 February 2024"),
        ("31 August 2022", "28 February 2023"),
        ("31 December 2023", "30 June 2024"),
    ],
)
def test_a_month_that_is_too_short_ends_the_clock_on_its_last_day(quiet, last, due):
    contact = heard(quiet, last)
    assert days.forget_on(day(last), 6) == day(due)
    assert list(queries.due(OPERATOR, until=day(due) - dt.timedelta(days=1))) == []
    (one,) = queries.due(OPERATOR, until=day(due))
    assert (one.person, one.what, one.day) == (contact, "contact", day(due))


def test_of_whom_nobody_ever_heard_the_clock_runs_from_the_day_she_was_recorded(quiet):
    contact = heard(quiet, "20 January 2024")
    Person.objects.filter(pk=contact.pk).update(
        heard_on=None, recorded_at=dt.datetime(2024, 1, 20, 23, 59, tzinfo=dt.UTC)
    )
    assert on("19 July 2024") == {}
    assert on("20 July 2024") == {"contact": 1}


def test_a_night_does_so_many_at_most_contacts_first_and_the_database_reads_no_more(quiet, monkeypatch):
    monkeypatch.setattr(retaining, "MOST", 2)
    people.put_contact(quiet.person["dana"], kind="email", text="d@example.org", actor=OPERATOR, at=NOW)
    contacts = [heard(quiet, "20 January 2024") for _number in range(3)]
    Person.objects.exclude(pk__in=[one.pk for one in contacts]).update(heard_on=day("9 May 2027"))
    with CaptureQueriesContext(connection) as asked:
        assert on("9 May 2027") == {"contact": 2}
    reads = [one["sql"] for one in asked if 'AS "due"' in one["sql"]]
    assert [one.rpartition("LIMIT ")[2] for one in reads] == ["2"]  # full without a former member
    assert [there(one) for one in contacts] == [False, False, True]
    assert on("9 May 2027") == {"contact": 1, "former": 1}
    assert on("9 May 2027") == {}


def test_a_refusal_of_one_lets_the_night_go_on_and_her_officer_reads_why(
    officers, browsers, read, monkeypatch
):
    Person.objects.update(heard_on=day("15 July 2024"))
    one, two, three = (heard(officers, "20 January 2024") for _number in range(3))

    def hold_the_second(person: Person, actor: Actor) -> None:
        """While the first is erased somebody writes down that the second is needed."""
        if person == one:
            assert actor == OPERATOR
            Hold.objects.create(person=two, unit_id=two.unit_id, why="a dispute", placed_at=NOW)

    monkeypatch.setattr(hooks, "when_erasing", [*hooks.when_erasing, hold_the_second])
    assert on("20 July 2024") == {"contact": 2, retaining.KEPT: 1}
    assert [there(person) for person in (one, two, three)] == [False, True, False]
    assert "It was refused lately" not in read(browsers("dana").get("/protection/"))
    with scope.operator("lift it"):
        Hold.objects.update(lifted_at=NOW)
    # In the language of her unit.
    why = "It was refused lately: Sie wird vorerst aufbewahrt (a dispute). Hebe zuerst die Sperre auf."
    assert why in read(browsers("dana").get("/protection/"))
    assert "could not erase or reduce a person whose time is over" in read(browsers("dana").get("/trail/"))
    assert browsers("bela").get("/protection/").status_code == 404


def test_whom_the_night_forgot_stays_forgotten_when_it_is_broken_off(quiet, monkeypatch):
    one, two = heard(quiet, "20 January 2024"), heard(quiet, "20 January 2024")
    clock.set_today(day("20 July 2024"))

    def broken_off(person: Person, _actor: Actor) -> None:
        if person == two:
            raise ConnectionError

    monkeypatch.setattr(hooks, "when_erasing", [*hooks.when_erasing, broken_off])
    with pytest.raises(ConnectionError):
        forget.func(0)
    assert [there(person) for person in (one, two)] == [False, True]


def test_members_and_those_heard_of_are_left_alone(quiet):
    before = Person.objects.count()
    assert on("16 July 2024") == {}
    assert Person.objects.count() == before


def test_an_officer_sees_beforehand_what_the_clocks_will_do_in_her_reach_alone(quiet):
    mine, other = heard(quiet, "20 January 2024"), heard(quiet, "20 January 2024", "PIER")
    give = {"unit": quiet.unit["TRAM"], "office": "dpo", "day": day("1 January 2020")}
    accounts.give_mandate(quiet.person["dana"], actor=OPERATOR, at=NOW, **give)
    quiet.account["dana"] = accounts.create_account(
        quiet.person["dana"], email="dana@example.org", actor=OPERATOR
    )
    until = day("15 July 2024") + dt.timedelta(days=30)
    with signed_in(quiet, "dana") as dana:
        assert [(one.person.pk, one.what, one.day) for one in queries.due(dana, until=until)] == [
            (mine.pk, "contact", day("20 July 2024"))
        ]
    with signed_in(quiet, "bela") as bela:
        assert list(queries.due(bela, until=until)) == []
    assert there(other)


def test_a_server_that_is_off_by_night_does_in_the_morning_what_the_night_missed():
    names = ("protection.tasks.forget", "people.tasks.accept_transfers", "people.tasks.let_come_of_age")
    started = dt.datetime(2026, 11, 28, 9, 30, tzinfo=dt.UTC).timestamp()
    at_work = worker.app_at_work()
    clocks = PeriodicDeferrer(at_work.periodic_registry, **at_work.periodic_defaults)
    due = clocks.get_previous_tasks(at=started)
    hours = {one.task.name: (started - then) / 3600 for one, then in due}
    assert [int(hours[f"groundswell.{name}"]) for name in names] == [6, 9, 9]


def test_a_worker_that_ends_when_nothing_is_due_orders_first_what_the_clocks_have_due():
    with app.replace_connector(InMemoryConnector()) as noting:
        asyncio.run(worker.order_due(noting))
        ordered = {job["task_name"] for job in noting.connector.jobs.values()}
    assert ordered == {one.task.name for one in app.periodic_registry.periodic_tasks.values()}


def test_what_a_former_member_asked_for_is_answered_before_she_is_reduced(quiet):
    """She would come back on the very day before the night that reduces her."""
    dana = quiet.person["dana"]
    people.put_contact(dana, kind="phone", text="+43 1 234", actor=OPERATOR, at=NOW)
    clock.set_today(day("8 May 2027"))
    Person.objects.update(heard_on=day("8 May 2027"))
    applies = people.ask_to_join(dana, actor=OPERATOR, at=clock.now())
    assert on("9 May 2027") == {}
    people.refuse(applies, actor=OPERATOR, at=clock.now())
    assert Contact.objects.filter(person=dana).exists()
    assert on("9 May 2027") == {"former": 1}
    # The day after she may come back all the same, as who she was.
    people.join(dana, unit=quiet.unit["DEPOT"], day=day("9 May 2027"), actor=OPERATOR, at=clock.now())
    assert on("10 May 2027") == {}


def test_whoever_joins_while_the_night_goes_on_is_not_forgotten_by_it(quiet, monkeypatch):
    first, second = heard(quiet, "20 January 2024"), heard(quiet, "20 January 2024")

    def comes_back(_person, _actor):
        if not Membership.objects.filter(person=second).exists():
            joined = {"unit": quiet.unit["DEPOT"], "day": day("20 July 2024")}
            people.join(second, **joined, actor=OPERATOR, at=clock.now())

    monkeypatch.setattr(hooks, "when_erasing", [*hooks.when_erasing, comes_back])
    assert on("20 July 2024") == {"contact": 1}
    assert (there(first), there(second)) == (False, True)


def test_a_secretary_hears_whom_shorter_times_forget_in_the_coming_night_before_she_sets_them(
    quiet, browser_of
):
    page, bela = "/people/rules/?unit=TRAM", browser_of("bela")
    dana = quiet.person["dana"]
    people.put_contact(dana, kind="phone", text="+43 1 234", actor=OPERATOR, at=NOW)
    heard(quiet, "20 April 2024")
    heard(quiet, "20 April 2024", "PIER")  # of another section
    clock.set_today(day("8 May 2025"))
    Person.objects.update(heard_on=day("8 May 2025"))
    Person.objects.filter(name="Nia New").update(heard_on=day("8 February 2025"))
    heard(quiet, "8 November 2024")  # tonight anyway
    # That longer times spare one says nothing of another.
    told = send(bela, page, {"contact_months": "24", "former_years": "1"})
    assert "1 record would be erased or reduced to a name in the coming night." in text_of(told)
    shorter = {"contact_months": "3", "former_years": "1"}
    told = send(bela, page, shorter)
    assert (told.status_code, SectionRule.objects.count()) == (422, 0)
    assert "2 records would be erased or reduced to a name in the coming night." in text_of(told)
    assert send(bela, page, shorter | {"ending": "1"}).status_code == 422
    assert send(bela, page, shorter | {"ending": "2"}).status_code == 302
    assert on("9 May 2025") == {"contact": 2, "former": 1}
    # More patience costs nobody anything, and nothing is said of it.
    assert send(bela, page, {"contact_months": "12", "former_years": "5"}).status_code == 302
