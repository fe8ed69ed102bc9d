"""Write the plan through the rooms' actions, all of it or nothing, in the scope of the operator.

`load` is the entrance. The facts go in as one transaction; the report is made public after it, because
what was known can be settled only once the facts have been committed. Interrupted between the two, the
next call goes on; called again afterwards, it changes nothing.
"""

import base64
import datetime as dt
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from groundswell.access import scope
from groundswell.access.actor import OPERATOR
from groundswell.accounts import actions as accounts
from groundswell.accounts.models import Mandate
from groundswell.democracy import actions as democracy
from groundswell.democracy.models import Body
from groundswell.exchange.scenario import branch, consents
from groundswell.exchange.scenario.facts import INTERNATIONAL, PromotionRule, Scenario
from groundswell.exchange.scenario.planned import HappeningPlan, MandatePlan, MembershipPlan, Plan, UnitPlan
from groundswell.exchange.scenario.reading import DATA, read
from groundswell.exchange.scenario.settling import wait_until_nobody_writes
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.kernel.periods import days, since
from groundswell.people import actions as people
from groundswell.people.models import Person
from groundswell.reports import actions as reports
from groundswell.reports.models import Frozen
from groundswell.structure import actions as structure
from groundswell.structure.models import Unit

Progress = Callable[[str, float], None]
HandOut = Callable[[tuple["SignIn", ...]], None]

_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
# Its holders open most of what is held of people, and the demo shows how it is with a second factor.
DEMANDING: Final = ("dpo",)
_PURPOSE: Final = "loading the demo's scenario"


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in of the demo; what it needs was made on this machine and is kept nowhere else in clear."""

    office: str
    unit: str
    email: str
    password: str
    totp_secret: str | None


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was written. `sign_ins` is empty, and `fresh` False, when the scenario was there already."""

    fresh: bool
    units: int
    persons: int
    memberships: int
    sign_ins: tuple[SignIn, ...]


def load(progress: Progress, folder: Path = DATA, *, hand_out: HandOut | None = None) -> Loaded:
    """Load the scenario of `folder` into an empty organisation; `progress` hears what and how far (0 to 1).

    `hand_out` is given the sign-ins before anything is committed, so that no password is lost: when it
    raises, nothing is loaded.

    Raises ScenarioProblem for wrong files and Refusal for a database that holds another organisation.
    """
    progress(_("Reading the scenario"), 0.0)
    scenario = read(folder)
    with scope.operator(_PURPOSE):
        there = set(Unit.objects.values_list("code", flat=True))
    # Its units keep their codes whatever becomes of them; another organisation may be called INT as well.
    if there and not {unit.code for unit in scenario.units} <= there:
        raise Refusal(
            _("This database holds another organisation; the demo is loaded into an empty one."),
            code="already-founded",
        )
    written = Loaded(fresh=False, units=len(there), persons=0, memberships=0, sign_ins=())
    if not there:
        progress(_("Planning the year"), 0.05)
        written = _write(_planned(scenario), progress, hand_out)
    _publish(scenario.days[0], scenario.days[-1], progress)
    progress(_("The scenario is loaded"), 1.0)
    return written


def _planned(scenario: Scenario) -> Plan:
    """Return the plan; the names in it need the extra `demo`, which a real installation does without."""
    try:
        from groundswell.exchange.scenario.plan import make_plan
    except ModuleNotFoundError as missing:
        sentence = _("The demo needs the package “%(name)s”: install Groundswell with its extra “demo”.")
        raise Refusal(sentence % {"name": missing.name}, code="extra-missing") from missing
    return make_plan(scenario)


def _write(plan: Plan, progress: Progress, hand_out: HandOut | None) -> Loaded:
    """Write everything in one transaction."""
    with scope.operator(_PURPOSE):
        clock.set_today(plan.today)
        # The other offices are signed in to from the first screen, without a phone.
        accounts.demand_factors(DEMANDING, actor=OPERATOR)
        progress(_("Founding the units"), 0.25)
        units = structure.found_units(
            [_new_unit(unit) for unit in plan.units], actor=OPERATOR, at=clock.now()
        )
        keys = {code: unit.pk for code, unit in units.items()}
        progress(_("Entering the members"), 0.35)
        persons = people.load_people(
            [
                people.NewPerson(
                    key=one.key,
                    unit_id=keys[one.unit],
                    name=one.name,
                    recorded_at=one.recorded_at,
                    sort_key=one.sort_key,
                    call_name=one.call_name,
                    locale=one.locale,
                    languages=one.languages,
                    town=units[one.unit].town,
                )
                for one in plan.persons
            ],
            actor=OPERATOR,
        )
        memberships = people.load_memberships(_new_memberships(plan, keys, persons), actor=OPERATOR)
        progress(_("Noting how they are reached"), 0.5)
        people.load_contacts(_contacts(plan, units, persons), actor=OPERATOR)
        progress(_("Giving the offices"), 0.6)
        accounts.load_mandates([_mandate(one, keys, persons) for one in plan.mandates], actor=OPERATOR)
        _set_rules(plan.promotion_rule)
        progress(_("Entering what happened"), 0.65)
        for event in plan.events:
            _happen(units[event.code], event)
        _enter_decisions(plan, units)
        consents.ask(Unit.objects.order_by("pk"), clock.now())
        progress(_("Making the sign-ins"), 0.7)
        sign_ins = _make_sign_ins(plan, persons)
        signing_in = {persons[one.person] for one in plan.accounts}
        consents.agree(Person.objects.select_related("unit").filter(pk__in=signing_in), clock.now())
        for organiser in (one for one in plan.accounts if one.office == "organiser"):
            branch.lay(units[organiser.unit], clock.now())
        if hand_out is not None:
            hand_out(sign_ins)
    return Loaded(
        fresh=True, units=len(units), persons=len(persons), memberships=memberships, sign_ins=sign_ins
    )


def _new_unit(plan: UnitPlan) -> structure.NewUnit:
    return structure.NewUnit(
        code=plan.code,
        names=dict(plan.names),
        kind=plan.kind,
        parent=plan.parent,
        founded_on=plan.founded_on,
        country=plan.country,
        town=plan.town,
        latitude=plan.latitude,
        longitude=plan.longitude,
        locale=plan.locale,
        languages=plan.languages,
        currency=plan.currency,
        time_zone=plan.time_zone,
        illustrative=plan.illustrative,
        recorded_at=plan.recorded_at,
    )


def _contacts(plan: Plan, units: Mapping[str, Unit], persons: Mapping[str, int]) -> list[people.NewContact]:
    """Return the e-mails and phones of the plan, in the form by which they are found."""
    return [
        people.NewContact(
            person_id=persons[one.key],
            kind=kind,
            text=people.fold_contact(kind, text, country=units[one.unit].country),
            recorded_at=one.recorded_at,
        )
        for one in plan.persons
        for kind, text in (("email", one.email), ("phone", one.phone))
        if text
    ]


def _new_memberships(
    plan: Plan, keys: Mapping[str, int], persons: Mapping[str, int]
) -> list[people.NewMembership]:
    """Return the rows; the two ends of a transfer learn each other's unit here."""
    left = {one.transfer_out: keys[one.unit] for one in plan.memberships if one.transfer_out}
    entered = {one.transfer_in: keys[one.unit] for one in plan.memberships if one.transfer_in}
    return [_new_membership(one, keys, persons, left, entered) for one in plan.memberships]


def _new_membership(
    one: MembershipPlan,
    keys: Mapping[str, int],
    persons: Mapping[str, int],
    left: Mapping[str, int],
    entered: Mapping[str, int],
) -> people.NewMembership:
    return people.NewMembership(
        person_id=persons[one.person],
        unit_id=keys[one.unit],
        start=one.since,
        recorded_at=one.recorded_at,
        until=one.until,
        ended_at=one.ended_at,
        kind=one.kind,
        home=one.home,
        entry_flow=one.entry,
        entry_other_id=left[one.transfer_in] if one.transfer_in else None,
        entry_transfer_key=one.transfer_in,
        exit_flow=one.exit or "exit",
        exit_other_id=entered[one.transfer_out] if one.transfer_out else None,
        exit_transfer_key=one.transfer_out,
    )


def _mandate(one: MandatePlan, keys: Mapping[str, int], persons: Mapping[str, int]) -> Mandate:
    return Mandate(
        person_id=persons[one.person],
        unit_id=keys[one.unit],
        office=one.office,
        valid=days(one.since, one.until),
        recorded=since(one.recorded_at),
    )


def _happen(unit: Unit, event: HappeningPlan) -> None:
    """Let an event happen to its unit by the action of its kind."""
    names = dict(event.names or {})
    if event.what == "renamed":
        structure.rename_unit(unit, names=names, day=event.on, actor=OPERATOR, at=event.recorded_at)
    elif event.what == "founded anew":
        structure.found_anew(unit, names=names, day=event.on, actor=OPERATOR, at=event.recorded_at)
    elif event.what == "promoted" and event.kind:
        structure.promote_unit(unit, kind=event.kind, day=event.on, actor=OPERATOR, at=event.recorded_at)
    else:
        structure.announce(unit, what="founded-anew", day=event.on, actor=OPERATOR, at=event.recorded_at)


def _set_rules(rule: PromotionRule) -> None:
    """Set what the scenario asks of a group before it becomes a section."""
    structure.set_promotion_rule(
        "group",
        to_kind="section",
        members=rule.members,
        units=rule.branches,
        of_kind="branch",
        elected_committee=rule.elected_committee,
        actor=OPERATOR,
    )


def _enter_decisions(plan: Plan, units: Mapping[str, Unit]) -> None:
    """Found the bodies, and enter what they decided, declared and count as a milestone."""
    bodies: dict[str, Body] = {}
    for body in plan.bodies:
        unit = units[body.unit]
        bodies[body.name] = democracy.found_body(
            unit,
            names={"en": body.name},
            founded_on=body.elected_on or unit.founded_on,
            elected=body.elected_on is not None,
            actor=OPERATOR,
        )
    for one in plan.decisions:
        democracy.enter_resolution(
            bodies[one.body],
            titles={"en": one.decision.what},
            kind=one.decision.kind,
            result=one.decision.result,
            day=one.on,
            actor=OPERATOR,
            at=_evening(one.on),
            public=True,
        )
    for target in plan.targets:
        reports.declare_target(
            units[target.code],
            figure=target.figure,
            value=target.value,
            by=target.by,
            declared_on=target.declared_on,
            declared_by=target.declared_by,
            actor=OPERATOR,
            at=_evening(target.declared_on),
        )
    reports.set_thresholds(plan.thresholds, actor=OPERATOR)


def _make_sign_ins(plan: Plan, persons: Mapping[str, int]) -> tuple[SignIn, ...]:
    people_by_key = Person.objects.select_related("unit").in_bulk(
        [persons[account.person] for account in plan.accounts]
    )
    made = []
    for one in plan.accounts:
        password = "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))
        person = people_by_key[persons[one.person]]
        account = accounts.create_account(person, email=one.email, password=password, actor=OPERATOR)
        secret = None
        if one.office in DEMANDING:
            secret = base64.b32encode(secrets.token_bytes(20)).decode()
            accounts.give_authenticator_app(account, secret=secret, actor=OPERATOR)
        made.append(SignIn(one.office, one.unit, one.email, password, secret))
    return tuple(made)


def _publish(since_day: dt.date, as_of: dt.date, progress: Progress) -> None:
    """Make the year's report public, once, once what was loaded has been committed."""
    progress(_("Making the report public"), 0.95)
    with scope.operator(_PURPOSE):
        unit = Unit.objects.get(code=INTERNATIONAL)
        if Frozen.objects.filter(unit=unit, as_of=as_of, since=since_day, published=True).exists():
            return
    wait_until_nobody_writes()
    with scope.operator(_PURPOSE):
        reports.publish_report(unit, as_of=as_of, since=since_day, actor=OPERATOR, at=clock.now())


def _evening(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(18), dt.UTC)
