"""A breach is written down, told more exactly as more is known, and brought to its end step by step."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.rights import may
from groundswell.access.trail import record
from groundswell.accounts.models import Account, Mandate
from groundswell.kernel.errors import Refusal
from groundswell.kernel.meanwhile import reconciled
from groundswell.people.rules import check_note
from groundswell.protection import queries, rules
from groundswell.protection.models import Breach, BreachStep
from groundswell.structure.models import Unit

_EVENTS: Final = {
    "contain": "contained",
    "assess": "assessed",
    "authority": "authority_told",
    "persons": "persons_told",
    "close": "closed",
}


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a breach: codes of the units it touched, sign-in e-mails through which it happened."""

    what: str
    found_at: dt.datetime
    readable_from: dt.datetime
    readable_until: dt.datetime | None = None
    units: Sequence[str] = ()
    accounts: Sequence[str] = ()
    ways: str = ""
    consequences: str = ""
    measures: str = ""


@transaction.atomic
def open_breach(unit: Unit, told: Told, *, actor: Actor, at: dt.datetime) -> Breach:
    """Write a breach down; the clock of 72 hours runs from when it was found out."""
    require(actor, "protection.breach", unit)
    breach = Breach.objects.create(
        unit=unit, opened_at=at, opened_by=actor.account_id, **_checked(unit, told, actor, at)
    )
    record("protection.breach.opened", actor=actor, subject=breach)
    return breach


@transaction.atomic
def tell_breach(
    breach: Breach, told: Told, *, actor: Actor, at: dt.datetime, before: Mapping[str, Any] | None = None
) -> Breach:
    """Write down what is known by now; what stood there before stays in the trail.

    `before` is what whoever tells it saw, by the names of `Told`.
    """
    require(actor, "protection.breach", breach.unit)
    breach = Breach.objects.select_for_update(of=("self",)).select_related("unit").get(pk=breach.pk)
    if "close" in _done(breach):
        raise Refusal(_("It is closed; the record stays as it was written."), code="closed")
    told = Told(**reconciled(_stands(breach), before=before, wanted=asdict(told)))
    Breach.objects.filter(pk=breach.pk).update(**_checked(breach.unit, told, actor, at))
    record("protection.breach.told", actor=actor, subject=breach)
    return Breach.objects.select_related("unit").get(pk=breach.pk)


@transaction.atomic
def tick_step(
    breach: Breach, step: str, *, actor: Actor, at: dt.datetime, needed: bool = True, words: str = ""
) -> BreachStep:
    """Tick a step of a breach, or say why it is not needed; the last one closes it."""
    require(actor, "protection.breach", breach.unit)
    Breach.objects.select_for_update(of=("self",)).get(pk=breach.pk)
    said = check_note(words) if words.strip() else ""
    rules.check_step(step, done=_done(breach), needed=needed, words=said)
    ticked = BreachStep.objects.create(
        breach=breach,
        unit_id=breach.unit_id,
        step=step,
        needed=needed,
        words=said,
        done_at=at,
        done_by=actor.account_id,
    )
    record(f"protection.breach.{_EVENTS[step]}", actor=actor, subject=ticked)
    return ticked


@transaction.atomic
def end_sessions(breach: Breach, *, actor: Actor, at: dt.datetime) -> queries.Sessions:
    """End the sessions of the accounts through which it happened; return how many of how many accounts.

    Links that were sent to them and not used open nothing any more. The actor's own present session goes on.
    """
    require(actor, "protection.breach", breach.unit)
    Breach.objects.select_for_update(of=("self",)).get(pk=breach.pk)
    if "close" in _done(breach):
        raise Refusal(_("It is closed; the record stays as it was written."), code="closed")
    ended = queries.end_sessions_of(breach)
    Breach.objects.filter(pk=breach.pk).update(
        sessions_ended=F("sessions_ended") + ended.sessions, sessions_ended_at=at
    )
    record("protection.breach.sessions_ended", actor=actor, subject=breach)
    return ended


def _stands(breach: Breach) -> dict[str, Any]:
    """Return what stands of a breach by the names of `Told`; its moments to the minute, as in its form."""
    words = {name: getattr(breach, name) for name in ("what", "ways", "consequences", "measures")}
    moments = {name: getattr(breach, name) for name in ("found_at", "readable_from", "readable_until")}
    codes = Unit.objects.filter(pk__in=breach.places).order_by("path").values_list("code", flat=True)
    mails = Account.objects.filter(pk__in=breach.accounts).order_by("email").values_list("email", flat=True)
    return {
        **words,
        **{name: one and one.replace(second=0, microsecond=0) for name, one in moments.items()},
        "units": list(codes),
        "accounts": list(mails),
    }


def _done(breach: Breach) -> set[str]:
    return set(BreachStep.objects.filter(breach=breach).values_list("step", flat=True))


def _checked(unit: Unit, told: Told, actor: Actor, at: dt.datetime) -> dict[str, object]:
    rules.check_moments(found=told.found_at, since=told.readable_from, until=told.readable_until, now=at)
    accounts = _accounts(told.accounts, actor)
    places = _places(told.units, actor) or _reached_by(accounts, actor) or [unit.pk]
    words = {
        name: check_note(text) if text.strip() else ""
        for name, text in (
            ("ways", told.ways),
            ("consequences", told.consequences),
            ("measures", told.measures),
        )
    }
    return {
        "what": check_note(told.what),
        "found_at": told.found_at,
        "readable_from": told.readable_from,
        "readable_until": told.readable_until,
        "places": places,
        "accounts": [one.pk for one in accounts],
        **words,
    }


def _places(codes: Sequence[str], actor: Actor) -> list[int]:
    units = {one.code: one for one in Unit.objects.filter(code__in=codes)}
    for code in codes:
        one = units.get(code)
        if one is None or not may(actor, "protection.breach", one):
            raise Refusal(
                _("There is no unit %(code)s in your reach, or several are called so: write its code.")
                % {"code": code[:40]},
                field="units",
                code="no-unit",
            )
    return sorted(one.pk for one in units.values())


def _accounts(mails: Sequence[str], actor: Actor) -> list[Account]:
    folded = [one.strip().casefold() for one in mails]
    found = {
        one.email: one for one in Account.objects.filter(email__in=folded).select_related("person__unit")
    }
    for mail in folded:
        one = found.get(mail)
        # Row security hides persons out of reach: then it looks as if there were no such account.
        if one is None or one.person is None or not may(actor, "people.erase", one.person.unit):
            sentence = _("Nobody in your reach signs in as %(mail)s.")
            raise Refusal(sentence % {"mail": mail[:80]}, field="accounts", code="no-account")
    return list(found.values())


def _reached_by(accounts: Sequence[Account], actor: Actor) -> list[int]:
    """Return the units that these accounts' offices reached, as far as the actor answers for them."""
    held = Mandate.objects.select_related("unit").filter(
        person__in=[one.person_id for one in accounts], recorded__upper_inf=True
    )
    return sorted({one.unit_id for one in held if may(actor, "protection.breach", one.unit)})
