"""The page of the trail: entries in sentences, what they changed, and whether the chain holds."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from groundswell.access import personal, sealing, trailing
from groundswell.access.actor import Actor
from groundswell.access.sealing import Checkpoint
from groundswell.access.trailing import Entry
from groundswell.accounts import holding
from groundswell.accounts.holding import Holder
from groundswell.accounts.models import Mandate
from groundswell.kernel import clock
from groundswell.kernel.errors import NotFound
from groundswell.people.models import Person
from groundswell.site import trailwords
from groundswell.structure import queries as structure
from groundswell.structure.models import Unit
from groundswell.web import figures

READERS: Final = frozenset({"dpo", "auditor", "secretary", "treasurer"})
# A treasurer reads of money, and no room keeps any: the page opens to her, and nothing leads there.
LED: Final = READERS - {"treasurer"}
PAGE: Final = 50
_SEALED: Final = "\\x"


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as the page shows it."""

    at: str
    sentence: str
    where: str
    href: str
    about: str
    offices: Sequence[Holder]
    purpose: str
    changes: tuple[tuple[str, str], ...]
    locked: bool


@dataclass(frozen=True, slots=True)
class State:
    """Whether the chain holds, and the newest seal to hold against what was published."""

    sentence: str
    whole: bool
    findings: tuple[str, ...]
    checkpoints: tuple[tuple[str, Checkpoint], ...]


def page(
    actor: Actor, *, day: dt.date | None, unit_code: str | None, kind: str, before: int | None
) -> dict[str, Any]:
    """Return what the page shows; NotFound for whoever holds no office that reads the trail."""
    if not actor.operator and not READERS & {one.office for one in actor.mandates}:
        raise NotFound(_("There is nothing here that you may see."))
    unit = structure.unit_by_code(actor, unit_code, "trail.read") if unit_code else None
    units = None if unit is None else _below(unit)
    found = trailing.entries(
        before=before or trailing.LARGEST, day=day, units=units, kind=kind, most=PAGE + 1
    )
    shown = found[:PAGE]
    older = shown[-1].number if len(found) > PAGE else None
    asked = {"day": day.isoformat() if day else "", "unit": unit_code or "", "kind": kind}
    return {
        "days": _by_day(shown),
        "older_href": _address({**asked, "before": older}) if older else "",
        "newest_href": _address(asked) if before else "",
        "all_href": reverse("trail") if any(asked.values()) else "",
        "day": day,
        "unit_code": unit_code or "",
        "kind": kind,
        "kinds": [(word, label, word == kind) for word, label in _kinds().items()],
        "state": state(actor),
    }


def _kinds() -> dict[str, str]:
    return {
        "": _("Everything"),
        "people": _("People"),
        "offices": _("Offices"),
        "structure": _("Structure"),
        "reading": _("Who read what"),
        "decisions": _("Decisions"),
        "reports": _("Reports"),
    }


def _address(asked: Mapping[str, Any]) -> str:
    return f"{reverse('trail')}?{urlencode({name: value for name, value in asked.items() if value})}"


def _below(unit: Unit) -> list[int]:
    return list(Unit.objects.filter(path__startswith=unit.path).values_list("pk", flat=True))


def _by_day(entries: Sequence[Entry]) -> list[tuple[str, list[Line]]]:
    language = get_language() or "en"
    names = _names(entries)
    units = _units(entries)
    offices = _offices(entries)
    days: dict[str, list[Line]] = {}
    for entry in entries:
        day = figures.day(entry.at.date(), language)
        days.setdefault(day, []).append(_line(entry, names, units, offices))
    return list(days.items())


def _names(entries: Sequence[Entry]) -> dict[int, str]:
    """Return the names of who acted and who is spoken of, as far as the session sees them."""
    persons = {one.by_person for one in entries} | {one.person_id for one in entries}
    seen = Person.objects.filter(pk__in=persons - {None}).values_list(
        "pk", "name", "call_name", "unit__protected"
    )
    return {pk: (call_name if protected else name) for pk, name, call_name, protected in seen}


def _units(entries: Sequence[Entry]) -> dict[int, tuple[str, str]]:
    """Return the code and the name of today of the units that entries speak of."""
    units = {one.unit_id for one in entries if one.unit_id is not None}
    called = structure.called(sorted(units), clock.today())
    return {pk: (one.code, one.name) for pk, one in called.items()}


def _offices(entries: Sequence[Entry]) -> dict[int, Holder]:
    """Return by entry which office it is about, and whose, as the page of offices names them."""
    table = Mandate._meta.db_table
    keys = {entry.number: int(entry.row) for entry in entries if entry.table == table and entry.row}
    if not keys:
        return {}
    held = holding.told_of(list(Mandate.objects.filter(pk__in=keys.values())), on=clock.today())
    told = {one.mandate: one for one in held}
    return {number: told[key] for number, key in keys.items() if key in told}


def _line(
    entry: Entry,
    names: Mapping[int, str],
    units: Mapping[int, tuple[str, str]],
    offices: Mapping[int, Holder],
) -> Line:
    code, name = units.get(entry.unit_id or 0, ("", ""))
    return Line(
        at=f"{entry.at:%H:%M}",
        sentence=_("%(who)s %(did)s.") % {"who": _who(entry, names), "did": _did(entry)},
        where=name,
        href=reverse("structure:unit", args=[code]) if code else "",
        about=names.get(entry.person_id or 0, ""),
        offices=[offices[entry.number]] if entry.number in offices else [],
        purpose=entry.purpose,
        changes=_changes(entry),
        locked=not entry.content,
    )


def _who(entry: Entry, names: Mapping[int, str]) -> str:
    if entry.by_kind == "person":
        known = names.get(entry.by_person or 0)
        return known or _("Somebody outside your reach (account %(number)s)") % {"number": entry.account_id}
    machine = {
        "operator": _("The operator"),
        "worker": _("The background worker"),
        "nobody": _("Somebody who was not signed in"),
    }
    return machine.get(entry.by_kind, _("The server itself"))


def _did(entry: Entry) -> str:
    if entry.table == "access_reading" and entry.op == "insert":
        what = str((entry.new or {}).get("what", "record"))
        return str(trailwords.OPENED.get(what, trailwords.OPENED["record"]))
    if "." in entry.op:
        said = trailwords.EVENTS.get(entry.op)
        return str(said) if said else _("did: %(event)s") % {"event": entry.op.replace("_", " ")}
    noun = noun_of(entry.table)
    sentences = {
        "insert": _("entered %(noun)s"),
        "update": _("changed %(noun)s"),
        "delete": _("removed %(noun)s"),
    }
    return sentences[entry.op] % {"noun": noun}


def noun_of(table: str) -> str:
    """Return what one row of a table is called in a sentence."""
    declared = personal.find(table)
    noun = trailwords.NOUNS.get(table)
    if noun is None and declared is not None:
        return _("a row of “%(title)s”") % {"title": declared.title}
    return str(noun) if noun is not None else _("a row of %(table)s") % {"table": table}


def _changes(entry: Entry) -> tuple[tuple[str, str], ...]:
    """Return (column, what it was and became) of an update; sealed cells are never shown."""
    if entry.op != "update" or not entry.old or not entry.new:
        return ()
    declared = personal.find(entry.table)
    lines = []
    for column, after in entry.new.items():
        before = entry.old.get(column)
        if before == after or column.endswith("_stamp"):
            continue
        words = declared.words(column) if declared else None
        lines.append((str(words or column.replace("_", " ")), f"{_cell(before)} → {_cell(after)}"))
    return tuple(lines)


def _cell(value: object) -> str:
    if value is None or value == "":
        return "–"
    text = value if isinstance(value, str) else str(value)
    return _("(encrypted)") if text.startswith(_SEALED) else text[:120]


def state(actor: Actor) -> State:
    """Return whether the chain holds: by the newest check of all of it, with the newest seals."""
    language = get_language() or "en"
    proof = trailing.last_proof()
    newest = _newest_seals(actor)
    if proof is None:
        sentence = _("The trail has not been checked as a whole yet; it is, every night.")
        return State(sentence, whole=True, findings=(), checkpoints=newest)
    words = {
        "when": f"{figures.day(proof.at.date(), language)}, {proof.at:%H:%M} UTC",
        "seals": figures.number(proof.seals, language),
        "entries": figures.number(proof.entries, language),
    }
    sentence = (
        _("The check of %(when)s found something that is not as it was sealed.")
        if proof.findings
        else _("Every seal holds: %(seals)s seals over %(entries)s entries, checked on %(when)s.")
    )
    return State(sentence % words, whole=not proof.findings, findings=proof.findings, checkpoints=newest)


def _newest_seals(actor: Actor) -> tuple[tuple[str, Checkpoint], ...]:
    """Return the code and the newest seal of each section within reach."""
    codes = _sections(actor)
    return tuple((codes[point.section], point) for point in sealing.checkpoints() if point.section in codes)


def _sections(actor: Actor) -> dict[int, str]:
    """Return the codes of the sections in which the actor reads the trail; 0 is what lies above them."""
    tops = [one.unit_id for one in actor.mandates if one.office in READERS]
    found = Unit.objects.filter(pk__in=tops).values_list("code", "section_id", "section__code")
    return {section or 0: section_code or code for code, section, section_code in found}
