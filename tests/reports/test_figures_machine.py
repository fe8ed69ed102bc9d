"""Whatever happens to people and units, in whatever order it is recorded, every row of the report
equals a brute-force count over plain lists.
"""

import datetime as dt
import random

import pytest
import shown
from django.db import transaction
from hypothesis import HealthCheck, Phase, assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from ledger import FOREVER, TREE, Figures, Ledger, Stay, set_from
from shown import LONG_AGO

from groundswell.access import scope
from groundswell.access.actor import OPERATOR
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.people import actions as people
from groundswell.people.models import Membership, Person
from groundswell.reports.actions import set_thresholds
from groundswell.reports.drilldown import FIGURES
from groundswell.reports.queries import report
from groundswell.structure import actions as structure
from groundswell.structure.models import Unit

TODAY = dt.date(2024, 6, 15)
FIRST = dt.date(2024, 1, 1)
START = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
ORDER = ["international", "section", "group", "region", "branch"]
MEMBERS_AT_FIRST = 18
THRESHOLDS = [1, 2, 3, 5, 8, 13, 20]
days = st.integers(0, (TODAY - FIRST).days).map(lambda number: FIRST + dt.timedelta(days=number))
some = st.integers(0, 10_000)


class Organisation(RuleBasedStateMachine):
    """An organisation and its ledger side by side. After `opened` of the steps a figure is opened too."""

    opened = 1.0

    @initialize(seed=some)
    def found(self, seed):
        # The first walk of all is the simplest: the same rule about the same stay at every step. It counts
        # as an example, and nothing happens in it.
        assume(seed)
        self.dice = random.Random(seed)
        self.block = transaction.atomic()
        self.block.__enter__()
        self.scope = scope.operator("test")
        self.scope.__enter__()
        clock.set_today(TODAY)
        self.at = START
        self.ledger = Ledger()
        self.units, self.founded = {}, 0
        for code, parent, kind in TREE:
            new = structure.NewUnit(code, {"en": code}, kind, parent, LONG_AGO)
            if parent is None:
                self.units[code] = structure.found_root(new, at=self.at)
            else:
                self.units |= structure.found_units([new], actor=OPERATOR, at=self.at)
            self._founded(code, parent, kind, LONG_AGO)
        set_thresholds(THRESHOLDS, actor=OPERATOR)
        self.people = []
        self.ledger.recorded(self.at)
        for number in range(MEMBERS_AT_FIRST):
            unit = self._unit(number)
            self._new_member(unit, FIRST + dt.timedelta(days=self.dice.randint(0, 120)), kind="member")

    def teardown(self):
        if hasattr(self, "scope"):
            self.scope.__exit__(None, None, None)
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    def _founded(self, code, parent, kind, day):
        now = self.ledger.now
        now.founded[code] = day
        now.names[code] = [(day, FOREVER, code)]
        now.kinds[code] = [(day, FOREVER, kind)]
        if parent:
            now.parents[code] = [(day, FOREVER, (parent, False))]

    @rule(hours=st.integers(1, 60))
    def time_passes(self, hours):
        latest = dt.datetime.combine(TODAY, dt.time(11), dt.UTC)
        self.at = min(self.at + dt.timedelta(hours=hours), latest)

    # -- people ------------------------------------------------------------------------------------

    def _unit(self, number):
        codes = sorted(self.units)
        return self.units[codes[number % len(codes)]]

    def _stay(self, number, *, still=True):
        stays = [stay for stay in self.ledger.now.stays.values() if not still or stay.end == FOREVER]
        return stays[number % len(stays)] if stays else None

    def _row(self, stay):
        return Membership.objects.select_related("unit", "person").get(pk=stay.key)

    def _free(self, person, unit, start, end, *, home, but=None):
        for stay in self.ledger.now.stays.values():
            shares_a_day = stay.person == person and stay.start < end and start < stay.end
            if shares_a_day and stay.key != but and (stay.unit == unit or (home and stay.home)):
                return False
        return True

    def _open_on(self, unit, day):
        beliefs = self.ledger.now
        return beliefs.founded[unit.code] <= day < beliefs.dissolved.get(unit.code, FOREVER)

    def _try(self, allowed, act):
        """Run an action; it must be refused when the ledger says so, and only then."""
        made, sentence = None, ""
        try:
            with transaction.atomic():
                made = act()
        except Refusal as refusal:
            sentence = refusal.sentence
        assert allowed == (made is not None), sentence or "an action that the rules forbid was done"
        return made

    @rule(unit=some, day=days, kind=st.sampled_from(["member", "member", "member", "candidate", "supporter"]))
    def somebody_new_joins(self, unit, day, kind):
        self._new_member(self._unit(unit), day, kind=kind)

    def _new_member(self, unit, day, *, kind):
        person = people.add_person(unit, name=f"Person {len(self.people)}", actor=OPERATOR, at=self.at)
        self.people.append(person.pk)
        self._join(person.pk, unit, day, kind=kind)

    @precondition(lambda self: self.people)
    @rule(person=some, unit=some, day=days)
    def somebody_rejoins(self, person, unit, day):
        self._join(self.people[person % len(self.people)], self._unit(unit), day, kind="member")

    def _join(self, person, unit, day, *, kind):
        allowed = self._open_on(unit, day) and self._free(person, unit.code, day, FOREVER, home=True)
        row = Person.objects.get(pk=person)
        made = self._try(
            allowed, lambda: people.join(row, unit=unit, day=day, actor=OPERATOR, at=self.at, kind=kind)
        )
        if made:
            self.ledger.now.stays[made.pk] = Stay(
                made.pk, person, unit.code, day, FOREVER, counts=kind == "member", home=True
            )
            self.ledger.recorded(self.at)

    @precondition(lambda self: self.people)
    @rule(person=some, unit=some, day=days)
    def somebody_is_a_guest(self, person, unit, day):
        person, unit = self.people[person % len(self.people)], self._unit(unit)
        allowed = self._open_on(unit, day) and self._free(person, unit.code, day, FOREVER, home=False)
        row = Person.objects.get(pk=person)
        made = self._try(
            allowed, lambda: people.be_guest(row, unit=unit, day=day, actor=OPERATOR, at=self.at)
        )
        if made:
            self.ledger.now.stays[made.pk] = Stay(
                made.pk, person, unit.code, day, FOREVER, counts=True, home=False
            )
            self.ledger.recorded(self.at)

    @rule(stay=some, day=days)
    def somebody_leaves(self, stay, day):
        stay = self._stay(stay)
        if stay is None:
            return
        made = self._try(
            day > stay.start, lambda: people.leave(self._row(stay), day=day, actor=OPERATOR, at=self.at)
        )
        if made:
            stay.end = day
            self.ledger.recorded(self.at)

    @rule(stay=some, unit=some, day=days)
    def somebody_is_transferred(self, stay, unit, day):
        stay, unit = self._stay(stay), self._unit(unit)
        if stay is None or not stay.home:
            return
        allowed = (
            unit.code != stay.unit
            and day > stay.start
            and self._open_on(unit, day)
            and self._free(stay.person, unit.code, day, FOREVER, home=True, but=stay.key)
        )
        made = self._try(
            allowed, lambda: people.transfer(self._row(stay), to=unit, day=day, actor=OPERATOR, at=self.at)
        )
        if made:
            stay.end, stay.went_to = day, unit.code
            self.ledger.now.stays[made.pk] = Stay(
                made.pk, stay.person, unit.code, day, FOREVER, stay.counts, home=True, came_from=stay.unit
            )
            self.ledger.recorded(self.at)

    @rule(stay=some, day=days)
    def a_candidate_becomes_a_member(self, stay, day):
        waiting = [
            one
            for one in self.ledger.now.stays.values()
            if not one.counts and one.home and one.end == FOREVER
        ]
        if not waiting:
            return
        stay = waiting[stay % len(waiting)]
        made = self._try(
            day > stay.start,
            lambda: people.change_kind(self._row(stay), kind="member", day=day, actor=OPERATOR, at=self.at),
        )
        if made:
            stay.end = day
            self.ledger.now.stays[made.pk] = Stay(
                made.pk, stay.person, stay.unit, day, FOREVER, counts=True, home=True
            )
            self.ledger.recorded(self.at)

    @rule(stay=some)
    def an_entry_was_wrong(self, stay):
        stay = self._stay(stay, still=False)
        if stay is None:
            return
        made = self._try(
            stay.went_to is None, lambda: people.withdraw(self._row(stay), actor=OPERATOR, at=self.at)
        )
        if made is None:
            return
        del self.ledger.now.stays[stay.key]
        if stay.came_from is not None:
            self._goes_on_where_it_was(stay)
        self.ledger.recorded(self.at)

    def _goes_on_where_it_was(self, stay):
        former = next(
            one
            for one in self.ledger.now.stays.values()
            if one.person == stay.person and one.went_to == stay.unit and one.end == stay.start
        )
        row = Membership.objects.get(
            person_id=former.person, unit__code=former.unit, valid__upper_inf=True, recorded__upper_inf=True
        )
        del self.ledger.now.stays[former.key]
        self.ledger.now.stays[row.pk] = Stay(
            row.pk,
            former.person,
            former.unit,
            former.start,
            FOREVER,
            former.counts,
            former.home,
            former.came_from,
        )

    @rule(stay=some, day=days)
    def a_joining_day_was_wrong(self, stay, day):
        stay = self._stay(stay, still=False)
        if stay is None:
            return
        unit = self.units[stay.unit]
        allowed = (
            self._open_on(unit, day)
            and stay.came_from is None
            and day < stay.end
            and self._free(stay.person, stay.unit, day, stay.end, home=stay.home, but=stay.key)
        )
        made = self._try(
            allowed,
            lambda: people.change_joining_day(self._row(stay), day=day, actor=OPERATOR, at=self.at),
        )
        if made:
            self._rewritten(stay, made.pk, start=day, end=stay.end)

    @rule(stay=some)
    def a_leaving_was_wrong(self, stay):
        stay = self._stay(stay, still=False)
        if stay is None:
            return
        allowed = (
            stay.end != FOREVER
            and stay.went_to is None
            and self._free(stay.person, stay.unit, stay.start, FOREVER, home=stay.home, but=stay.key)
        )
        made = self._try(allowed, lambda: people.reopen(self._row(stay), actor=OPERATOR, at=self.at))
        if made:
            self._rewritten(stay, made.pk, start=stay.start, end=FOREVER)

    def _rewritten(self, stay, key, *, start, end):
        del self.ledger.now.stays[stay.key]
        went_to = stay.went_to if end != FOREVER else None
        self.ledger.now.stays[key] = Stay(
            key, stay.person, stay.unit, start, end, stay.counts, stay.home, stay.came_from, went_to
        )
        self.ledger.recorded(self.at)

    # -- units -------------------------------------------------------------------------------------

    @precondition(lambda self: self.founded < 3)
    @rule(parent=some, day=days)
    def a_branch_is_founded(self, parent, day):
        parent, code = self._unit(parent), f"N-{self.founded}"
        if parent.code in self.ledger.now.dissolved or parent.code == "INT":
            return
        if day < self.ledger.now.founded[parent.code]:
            return
        new = structure.NewUnit(code, {"en": code}, "branch", parent.code, day)
        self.units[code] = structure.found_unit(new, actor=OPERATOR, at=self.at)
        self.founded += 1
        self._founded(code, parent.code, "branch", day)
        self.ledger.recorded(self.at)

    def _alive(self, unit):
        return unit.code not in self.ledger.now.dissolved

    def _within(self, unit, other):
        """Whether `other` is the unit or lies below it today."""
        return Unit.objects.get(pk=other.pk).path.startswith(Unit.objects.get(pk=unit.pk).path)

    def _fits(self, unit, other, day):
        """Whether the unit's kind of that day may lie in the other's."""
        first, second = (
            next(kind for start, end, kind in self.ledger.now.kinds[one.code] if start <= day < end)
            for one in (unit, other)
        )
        return ORDER.index(first) >= ORDER.index(second)

    def _would_circle(self, unit, parent, day):
        """Whether on any day from `day` on the parent lies below the unit in what is believed."""
        beliefs = self.ledger.now
        starts = {day} | {
            start for periods in beliefs.parents.values() for start, _, _ in periods if start > day
        }
        until = min((start for start, _, _ in beliefs.parents[unit.code] if start > day), default=FOREVER)
        for moment in sorted(start for start in starts if start < until):
            above = parent.code
            while above is not None:
                if above == unit.code:
                    return True
                lies = beliefs.parent_on(above, moment, ended=False)
                above = lies[0] if lies else None
        return False

    @rule(unit=some, parent=some, day=days)
    def a_unit_is_moved(self, unit, parent, day):
        unit, parent = self._unit(unit), self._unit(parent)
        founded = self.ledger.now.founded
        if unit.code == "INT" or self._would_circle(unit, parent, day):
            return
        allowed = (
            self._alive(unit)
            and self._alive(parent)
            and not self._within(unit, parent)
            and day >= founded[unit.code]
            and day >= founded[parent.code]
            and self._fits(unit, parent, day)
            and self.ledger.now.parent_on(unit.code, day) != (parent.code, False)
        )
        made = self._try(
            allowed, lambda: structure.move_unit(unit, parent=parent, day=day, actor=OPERATOR, at=self.at)
        )
        if made:
            periods = self.ledger.now.parents
            periods[unit.code] = set_from(periods[unit.code], day, (parent.code, False))
            self.ledger.recorded(self.at)

    @rule(unit=some, into=some, day=days)
    def a_unit_is_merged(self, unit, into, day):
        unit, into = self._unit(unit), self._unit(into)
        if unit.code in {"INT", "A", "B"} or into.code == "INT" or self._would_circle(unit, into, day):
            return
        founded, periods = self.ledger.now.founded, self.ledger.now.parents
        allowed = (
            self._alive(unit)
            and self._alive(into)
            and not self._within(unit, into)
            and day >= founded[unit.code]
            and day >= founded[into.code]
            and self._fits(unit, into, day)
            and all(start <= day for start, _, _ in periods[unit.code])
        )
        made = self._try(
            allowed, lambda: structure.merge_units(unit, into=into, day=day, actor=OPERATOR, at=self.at)
        )
        if made:
            self.ledger.now.merge(unit.code, into.code, day)
            self.ledger.recorded(self.at)

    @rule(unit=some, day=days, number=some)
    def a_unit_is_renamed(self, unit, day, number):
        unit, name = self._unit(unit), f"Name {number}"
        spells = self.ledger.now.names[unit.code]
        made = self._try(
            self._alive(unit) and any(start <= day < end and one != name for start, end, one in spells),
            lambda: structure.rename_unit(unit, names={"en": name}, day=day, actor=OPERATOR, at=self.at),
        )
        if made:
            names = self.ledger.now.names
            names[unit.code] = set_from(names[unit.code], day, name)
            self.ledger.recorded(self.at)

    @rule(day=days)
    def the_group_is_promoted(self, day):
        unit = self.units["C"]
        kinds = self.ledger.now.kinds
        kind = next(value for start, end, value in kinds["C"] if start <= day < end)
        lies = self.ledger.now.parent_on("C", day)
        made = self._try(
            # A section lies in the international or in a section, not below.
            self._alive(unit) and kind != "section" and lies[0] in {"INT", "A", "B"},
            lambda: structure.promote_unit(unit, kind="section", day=day, actor=OPERATOR, at=self.at),
        )
        if made:
            kinds["C"] = set_from(kinds["C"], day, "section")
            self.ledger.recorded(self.at)

    # -- what is asked -----------------------------------------------------------------------------

    @invariant()
    def every_row_is_what_the_ledger_counts(self):
        if not hasattr(self, "ledger"):
            return
        dice = self.dice
        window = (TODAY - FIRST).days
        since, as_of = sorted(FIRST + dt.timedelta(days=dice.randint(0, window)) for _ in range(2))
        hours = dice.choice([None, None, dice.randint(0, 200)])
        unit, now = self._unit(dice.choice([0, dice.randint(0, 100)])), dice.random() < 0.25
        if as_of < self.ledger.now.founded[unit.code]:
            return
        known_at = None if hours is None else self.at - dt.timedelta(hours=hours)
        if known_at is not None and unit.code not in self.ledger.known_at(known_at).founded:
            return
        made = report(
            OPERATOR,
            unit_code=unit.code,
            as_of=as_of,
            since=since,
            known_at=known_at,
            structure_of="now" if now else "then",
        )
        expected = self.ledger.report(unit.code, since, as_of, known_at, today=TODAY if now else None)
        found = {
            "direct" if line.kind == "direct" else line.code: Figures(
                line.members, line.previous, line.joined, line.left, line.moved_in, line.moved_out
            )
            for line in made.lines
        }
        assert {code: figures for code, figures in found.items() if figures != Figures()} == {
            code: figures for code, figures in expected.items() if figures != Figures()
        }
        assert all(figures.add_up() for figures in found.values())
        assert made.total.members == sum(figures.members for figures in found.values())
        assert made.total.joined == sum(figures.joined for figures in found.values())
        shown.each_unit_reaches_what_lies_below_it()
        shown.names_are_of_the_day(self.ledger, made, TODAY if now else as_of)
        if dice.random() < 0.3:
            shown.thresholds_are_passed_on_their_days(
                self.ledger, made, THRESHOLDS, today=TODAY if now else None
            )
        if made.lines and dice.random() < self.opened:
            shown.a_figure_opens_to_its_number(made, dice.choice(made.lines), dice.choice(FIGURES))


class Glimpsed(Organisation):
    """For the quick tests: opening a figure costs as much as the whole report."""

    opened = 0.3


def walk(examples, steps, machine=Organisation):
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            phases=[Phase.generate, *([Phase.shrink] if examples < 20 else [])],
        ),
    )


def test_every_row_of_the_report_equals_a_count_over_plain_lists(db):
    walk(examples=2, steps=150, machine=Glimpsed)


@pytest.mark.drill
@pytest.mark.parametrize("part", range(10))
def test_ten_thousand_steps_change_nothing_about_that(db, part, record_property):
    record_property("steps", 20 * 60)
    walk(examples=20, steps=60)
