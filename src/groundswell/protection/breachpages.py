"""What the pages of breaches show: the clock, whom it concerns, the steps, what is told to the authority."""

import datetime as dt
import zoneinfo
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.forms import Form
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.rights import may
from groundswell.accounts.models import Account
from groundswell.accounts.words import office_names
from groundswell.people import entering
from groundswell.people.personpage import shown_names
from groundswell.protection import notifying, queries, rules, words
from groundswell.protection.models import Breach, BreachStep
from groundswell.structure import queries as structure
from groundswell.structure.models import Unit
from groundswell.web import figures

# So many persons are named at once; those whose records were opened come first.
MOST: Final = 200

Ticked = Mapping[str, BreachStep]


def listed(actor: Actor, now: dt.datetime) -> dict[str, Any]:
    """Return the breaches on record, each with where its clock stands."""
    found = queries.breaches(actor)
    ticked = queries.steps_of(found)
    still = sum("close" not in ticked[one.pk] for one in found)
    headline = ngettext("%(count)d breach is open.", "%(count)d breaches are open.", still)
    return {
        "headline": headline % {"count": still} if still else _("No breach is open."),
        "opens": any(one.office == "dpo" for one in actor.mandates) or actor.operator,
        "lines": [
            {
                "when": moment(one.found_at, one.unit),
                "what": one.what,
                "unit": one.unit.code,
                "href": reverse("protection:breach", args=[one.pk]),
                "clock": clock_of(one, ticked[one.pk], now),
            }
            for one in found
        ],
    }


def page(actor: Actor, breach: Breach, now: dt.datetime, *, forms: Mapping[str, Form]) -> dict[str, Any]:
    """Return all that the page of a breach shows to this actor; `forms` are those of the steps."""
    ticked = queries.steps_of([breach])[breach.pk]
    until = breach.readable_until or now
    concerned = _concerned(actor, breach, until, now)
    following = next((step for step in rules.STEPS if step not in ticked), "")
    writes = may(actor, "protection.breach", breach.unit) and "close" not in ticked
    told = ticked["authority"].done_at if "authority" in ticked else now
    late = told > rules.notify_by(breach.found_at)
    return {
        "breach": breach,
        "unit": breach.unit,
        "name": entering.unit_name(breach.unit),
        "clock": clock_of(breach, ticked, now),
        "late": late and "authority" not in ticked,
        "facts": _facts(breach),
        "steps": [
            _step(step, ticked, breach.unit) | {"form": forms[step], "next": step == following}
            for step in rules.STEPS
        ],
        "writes": writes,
        "closed": "close" in ticked,
        "sessions": _sessions(breach) if writes and breach.accounts else "",
        "notification": notifying.text(breach, concerned, moment, late=late),
        **concerned,
        "knows": bool(concerned),
    }


def stands(breach: Breach) -> dict[str, Any]:
    """Return what is known of a breach as its form writes it."""
    names = ("what", "ways", "consequences", "measures", "found_at", "readable_from", "readable_until")
    codes = Unit.objects.filter(pk__in=breach.places).order_by("path").values_list("code", flat=True)
    return {
        **{name: getattr(breach, name) for name in names},
        "units": "\n".join(codes),
        "accounts": "\n".join(_mails(breach)),
    }


def moment(value: dt.datetime, unit: Unit) -> str:
    """Return a moment by the clock of a unit: '31 January 2024, 23:59 (Europe/Vienna)'."""
    there = value.astimezone(zoneinfo.ZoneInfo(unit.time_zone))
    day = figures.day(there.date(), get_language() or "en")
    return f"{day}, {there:%H:%M} ({unit.time_zone})"


def clock_of(breach: Breach, ticked: Ticked, now: dt.datetime) -> str:
    """Return where the clock of 72 hours stands (GDPR art. 33(1))."""
    step = ticked.get("authority")
    if step is not None and not step.needed:
        return _("The authority need not be notified.")
    by = {"by": moment(rules.notify_by(breach.found_at), breach.unit)}
    if step is not None:
        hours = int((step.done_at - breach.found_at) / dt.timedelta(hours=1))
        done = ngettext(
            "The authority was notified after %(count)d hour.",
            "The authority was notified after %(count)d hours.",
            hours,
        )
        return done % {"count": hours}
    left = (rules.notify_by(breach.found_at) - now) / dt.timedelta(hours=1)
    if left < 0:
        late = ngettext(
            "The authority was to be notified by %(by)s: %(count)d hour late.",
            "The authority was to be notified by %(by)s: %(count)d hours late.",
            int(-left),
        )
        return late % {"count": int(-left), **by}
    on_time = ngettext(
        "Notify the authority by %(by)s: %(count)d hour left.",
        "Notify the authority by %(by)s: %(count)d hours left.",
        int(left),
    )
    return on_time % {"count": int(left), **by}


def _facts(breach: Breach) -> list[tuple[str, str]]:
    names = structure.called(breach.places, breach.found_at.date())
    until = moment(breach.readable_until, breach.unit) if breach.readable_until else _("it goes on")
    said = [
        (_("Found out"), moment(breach.found_at, breach.unit)),
        (_("Data could be read"), f"{moment(breach.readable_from, breach.unit)} – {until}"),
        (_("Whose people"), ", ".join(one.name for one in names.values())),
        (_("Through accounts"), ", ".join(_mails(breach))),
        (_("Through sessions, devices or files"), breach.ways),
        (_("Sessions ended"), _ended(breach)),
        (_("What may come of it"), breach.consequences),
        (_("What was and will be done"), breach.measures),
    ]
    return [(label, value) for label, value in said if value]


def _ended(breach: Breach) -> str:
    if breach.sessions_ended_at is None:
        return ""
    said = {"count": breach.sessions_ended, "when": moment(breach.sessions_ended_at, breach.unit)}
    return (
        ngettext("%(count)d, last on %(when)s", "%(count)d, last on %(when)s", breach.sessions_ended) % said
    )


def _sessions(breach: Breach) -> str:
    """Return what is open of the accounts it happened through: '3 sessions of these accounts are open.'."""
    there = queries.sessions_of(breach).sessions
    said = ngettext(
        "%(count)d session of these accounts is open.",
        "%(count)d sessions of these accounts are open.",
        there,
    )
    return said % {"count": there} if there else _("No session of these accounts is open.")


def _mails(breach: Breach) -> list[str]:
    return list(
        Account.objects.filter(pk__in=breach.accounts).order_by("email").values_list("email", flat=True)
    )


def _step(step: str, ticked: Ticked, unit: Unit) -> dict[str, Any]:
    label, note = words.steps()[step]
    done = ticked.get(step)
    sentence = ""
    if done is not None:
        when = {"when": moment(done.done_at, unit)}
        sentence = (_("Done on %(when)s.") if done.needed else _("Not needed, said on %(when)s.")) % when
    return {
        "step": step,
        "label": label,
        "note": note,
        "done": sentence,
        "words": done.words if done else "",
        "skips": step != "close",
    }


def _concerned(actor: Actor, breach: Breach, until: dt.datetime, now: dt.datetime) -> dict[str, Any]:
    """Return whom it concerns, as far as the actor may know them; nothing for whoever knows none of them."""
    units = queries.affected_units(actor, breach)
    if not units:
        return {}
    since, held = breach.readable_from, queries.held_in(units)
    opened = queries.opened_of(units, breach.accounts, since, until)
    names = {key: one.name for key, one in structure.called([one.pk for one in units], now.date()).items()}
    offices = queries.could_read(units, since, until)
    did = queries.did_read(units, since, until)
    other = {one.unit_id for one in offices} | {one.unit_id for one in did if one.unit_id is not None}
    names |= {key: one.name for key, one in structure.called(sorted(other - set(names)), now.date()).items()}
    persons = sum(one.persons for one in held.values())
    return {
        "persons": persons,
        "opened": len(opened),
        "kinds": [(names[key], one) for key, one in held.items()],
        "could": [_could(one, names.get(one.unit_id, "")) for one in offices],
        "did": [(one, names.get(one.unit_id or 0, ""), _what(one.what)) for one in did],
        "people": _people(units, opened, breach.unit, names),
        "young": (young := sum(one.young for one in held.values())),
        "more": max(persons - young - MOST, 0),
    }


def _could(one: queries.Could, unit: str) -> tuple[str, str]:
    """Return whose office reached them: her name, and by which office on which days."""
    language = get_language() or "en"
    days = [one.since, one.until - dt.timedelta(days=1) if one.until else None]
    said = " – ".join(dict.fromkeys(figures.day(day, language) for day in days if day is not None))
    return one.name, f"{office_names().get(one.office, one.office)}, {unit}, {said}"


def _people(
    units: Sequence[Unit], opened: Mapping[int, dt.datetime], unit: Unit, lies_in: Mapping[int, str]
) -> list[dict[str, Any]]:
    known = queries.persons_in(units)
    read = list(known.filter(pk__in=opened)[:MOST])
    rest = list(known.exclude(pk__in=opened)[: MOST - len(read)])
    names = shown_names([*read, *rest])
    return [
        {
            "name": names[one.pk],
            "unit": lies_in[one.unit_id],
            "href": reverse("people:person", args=[one.pk]),
            "opened": moment(opened[one.pk], unit) if one.pk in opened else "",
        }
        for one in (*read, *rest)
    ]


def _what(what: str) -> str:
    words_of = {
        "record": _("opened the record"),
        "list": _("opened a list with contact details"),
        "export": _("took into an export"),
        "sample": _("drew in a sample"),
    }
    return words_of.get(what, what)
