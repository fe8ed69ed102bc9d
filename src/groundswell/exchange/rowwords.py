"""Rows in words: what one tells of somebody, what it adds to her record, and what it says otherwise."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from groundswell.exchange import words
from groundswell.exchange.importing import filling, judging
from groundswell.exchange.importing.days import said as day_said
from groundswell.exchange.importing.entries import Entry
from groundswell.exchange.importing.fields import BY_KEY
from groundswell.exchange.importing.filling import Differs, Filling, Joining, Record
from groundswell.exchange.importing.values import CONTACT
from groundswell.exchange.models import Batch
from groundswell.exchange.planning import Plan
from groundswell.people import custom, listpage, status
from groundswell.people.folding import spaced_phone
from groundswell.people.models import CustomField
from groundswell.people.queries import fields_of
from groundswell.protection.queries import texts_by_key
from groundswell.protection.words import agreed_to
from groundswell.structure import queries as structure

_LONGEST_NOTE: Final = 80


@dataclass(frozen=True, slots=True)
class Labels:
    """What rows speak of: added fields, texts agreed to, units, kinds of membership, and what rows become.

    `places` are the units that rows name besides the one whose list it is, by code.
    """

    kept: Mapping[int, CustomField]
    agreed: Mapping[int, str]
    units: Mapping[int, str]
    places: Mapping[str, str]
    kinds: Mapping[str, str]
    outcomes: Mapping[str, str]


def labels_of(batch: Batch, plans: Collection[Plan] = ()) -> Labels:
    """Return the words for the rows of a batch, and for what is planned of them."""
    texts = texts_by_key(batch.mapping.get("words", {}).values())
    units = {key for plan in plans for key in _units(plan)}
    called = structure.called(sorted(units), batch.today)
    return Labels(
        {one.pk: one for one in fields_of(batch.unit, ended=True)},
        {key: agreed_to(text.purpose) for key, text in texts.items()},
        {key: one.name for key, one in called.items()},
        {
            plan.entry.unit: called[plan.place.pk].name
            for plan in plans
            if plan.place.pk in called and plan.place.pk != batch.unit_id
        },
        listpage.status_words(),
        words.outcomes(),
    )


def _units(plan: Plan) -> Iterator[int]:
    yield plan.place.pk
    yield from (one.held.place.pk for one in plan.candidates)
    for said in (plan.filling, *(one.filling for one in plan.candidates)):
        if said.joining is not None:
            yield said.joining.place.pk
        for one in said.differs:
            if one.field == "unit":
                yield from (one.said, one.held)


def outcome(plan: Plan) -> str:
    """Return what a row is, by a word of `words.outcomes`."""
    if plan.of_row is not None and plan.verdict.outcome == judging.KNOWN:
        return filling.REPEATS
    return plan.filling.again if plan.person > 0 and plan.filling.again else plan.verdict.outcome


def told(entry: Entry | None, labels: Labels) -> str:
    """Return all that a row tells of somebody besides her name, in one line."""
    if entry is None:
        return ""
    place = " ".join(filter(None, (entry.postcode, entry.town)))
    parts: list[str] = [*entry.emails, *map(spaced_phone, entry.phones), place, *_standing(entry, labels)]
    parts.append(labels.places.get(entry.unit, ""))
    parts += [f"{label('call_name')}: {entry.call_name}"] if entry.call_name else []
    parts += [f"{label('pronoun')}: {entry.pronoun}"] if entry.pronoun else []
    parts += [_detail("languages", entry.languages)] if entry.languages else []
    parts += [_("under 18")] if entry.minor else []
    parts += [", ".join(entry.tags)] if entry.tags else []
    for number, value in entry.own:
        if field := labels.kept.get(number):
            parts.append(f"{field.label}: {custom.shown(field.type, value)}")
    parts += [_("kept as a note: phone “%(cell)s”") % {"cell": cell[:40]} for cell in entry.unread]
    parts += [f"{labels.agreed.get(text, '')}, {day_said(day)}" for text, day in entry.consents]
    note = "\n".join(filter(None, (entry.note, entry.address)))
    parts += [f"{label('note')}: {_short(note)}"] if note else []
    return " · ".join(filter(None, parts))


def _standing(entry: Entry, labels: Labels) -> Iterator[str]:
    """Yield what a row tells of a membership."""
    kind = labels.kinds.get(entry.kind, entry.kind)
    if entry.kind == CONTACT:
        yield labels.kinds[status.CONTACT]
    elif entry.joined is None:
        yield _("%(kind)s, day of joining unknown") % {"kind": kind}
    else:
        yield _("%(status)s since %(day)s") % {"status": kind, "day": day_said(entry.joined)}
    if entry.left is not None and entry.kind != CONTACT:
        yield f"{label('left')}: {day_said(entry.left)}"
    if entry.paid_until is not None:
        yield f"{label('paid_until')}: {day_said(entry.paid_until)}"


def stands(held: Record, labels: Labels, today: dt.date) -> str:
    """Return what somebody who is known is on a day, or ''."""
    stay = next((one for one in held.stays if one.home and one.holds_on(today)), None)
    if stay is None:
        return ""
    kind = labels.kinds.get(stay.kind, stay.kind)
    said = {"status": kind, "kind": kind, "day": day_said(stay.since)}
    return (_("%(kind)s, day of joining unknown") if stay.earlier else _("%(status)s since %(day)s")) % said


def adds(said: Filling, labels: Labels) -> list[str]:
    """Return what a row adds to the record of somebody who is known, each as 'Town: Wien'."""
    found: list[tuple[str | Promise, str]] = []
    if said.joining is not None:
        found.append((_("Membership"), _membership(said.joining, labels)))
    # Until when she is under 18 says that she is.
    details = {**said.details, "minor": None} if "of_age_on" in said.details else said.details
    found += [(label(name), _detail(name, value)) for name, value in details.items() if value is not None]
    found += [
        (label(kind), spaced_phone(text) if kind == "phone" else text)
        for kind, text, _digest in said.contacts
    ]
    found += [(label("tags"), ", ".join(said.tags))] if said.tags else []
    found += [(label("paid_until"), day_said(said.paid_until))] if said.paid_until else []
    for number, value in said.own:
        found.append((labels.kept[number].label, custom.shown(labels.kept[number].type, value)))
    found += [(labels.agreed.get(text, ""), day_said(day)) for text, day in said.consents]
    found += [(label("note"), _short(said.note))] if said.note else []
    return [f"{name}: {value}" for name, value in found]


def stays(said: Filling, labels: Labels) -> list[str]:
    """Return what a row says otherwise than the record, which stays as it is."""
    sentence = _("%(field)s: the list says %(said)s; it stays %(held)s")
    return [
        sentence % {"field": name, "said": other, "held": held}
        for name, other, held in (_differing(one, labels) for one in said.differs)
    ]


def label(key: str) -> str | Promise:
    """Return what a field is called."""
    if key in {"minor", "of_age_on", "born"}:
        return _("Age")
    return _("Unit") if key == "unit" else BY_KEY[key].label if key in BY_KEY else ""


def _membership(one: Joining, labels: Labels) -> str:
    said = {
        "kind": labels.kinds.get(one.kind, one.kind),
        "unit": labels.units.get(one.place.pk, ""),
        "start": day_said(one.start),
        "until": day_said(one.until) if one.until else "",
    }
    if one.until is not None:
        return _("%(kind)s, %(unit)s, from %(start)s until %(until)s") % said
    if one.flow == "opening":
        return _("%(kind)s, %(unit)s, since when is not known") % said
    return _("%(kind)s, %(unit)s, since %(start)s") % said


def _detail(name: str, value: Any) -> str:
    if name == "minor":
        return _("under 18")
    if name == "of_age_on":
        return _("under 18 until %(day)s") % {"day": day_said(value)}
    return ", ".join(map(structure.language_name, value)) if name == "languages" else str(value)


def _differing(one: Differs, labels: Labels) -> tuple[str | Promise, str, str]:
    """Return what differs, as the list says it, and as it stands."""
    name: str | Promise = label(one.field)
    if one.field == "own":
        name = labels.kept[one.number].label
    elif one.field == "consent":
        name = labels.agreed.get(one.number, "")
    said, held = (_value(one, value, labels) for value in (one.said, one.held))
    return name, said, _("%(day)s or earlier") % {"day": held} if one.earlier else held


def _value(one: Differs, value: Any, labels: Labels) -> str:
    if isinstance(value, dt.date):
        return day_said(value)
    if one.field == "own":
        return custom.shown(labels.kept[one.number].type, value)
    meanings: Mapping[str, Mapping[Any, str]] = {
        "unit": labels.units,
        "kind": labels.kinds,
        "left": {filling.OPEN: _("a member to this day")},
        "consent": {filling.NOT_AGREED: _("not agreed")},
        "born": {filling.MINOR: _("under 18"), filling.GROWN: _("18 or older")},
    }
    return meanings[one.field].get(value, "") if one.field in meanings else _detail(one.field, value)


def _short(note: str) -> str:
    line = " · ".join(note.split("\n"))
    return line if len(line) <= _LONGEST_NOTE else f"{line[:_LONGEST_NOTE]}…"


def reasons(plan: Plan) -> list[str]:
    """Return why a row is doubtful, or whom it repeats, in sentences."""
    if plan.verdict.outcome == judging.DOUBTFUL:
        meant = (
            _("She may be the same person as in row %(row)d.") % {"row": plan.of_row} if plan.of_row else ""
        )
        return list(filter(None, [words.doubts().get(plan.verdict.why, ""), meant]))
    if plan.of_row is not None:
        return [_("The same person as in row %(row)d.") % {"row": plan.of_row}]
    if plan.filling.again == filling.STAYS_FORMER:
        return [_("She was a member before. The list does not say that she joined again after that.")]
    return []
