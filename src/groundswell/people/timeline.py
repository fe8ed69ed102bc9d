"""Everything that happened with a person, as dated lines, the newest first."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from groundswell.kernel import clock
from groundswell.kernel.saying import said as day_said
from groundswell.people.models import Asking, Contact, Membership, Note, Person, Standing
from groundswell.people.queries import details_of, standings_of
from groundswell.web import figures


@dataclass(frozen=True, slots=True)
class Happened:
    """A day, what happened on it, and a word beside it; `struck` says that it was taken back since.

    `right` is the number of the membership whose day it is, and which one, where another may be right.
    """

    day: dt.date
    text: str
    note: str = ""
    struck: bool = False
    right: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True)
class Hanging:
    """What hangs on a person and stands in her timeline: what she paid, ways to reach her, days of notes."""

    standings: Sequence[Standing]
    contacts: Sequence[Contact]
    noted: Sequence[dt.datetime]


def hanging_of(person: Person) -> Hanging:
    """Return what hangs on a person, as far as the session sees it, nothing of it opened."""
    return Hanging(
        standings_of(person),
        list(Contact.objects.filter(person=person).only("kind", "recorded_at")),
        list(Note.objects.filter(person=person).values_list("at", flat=True)),
    )


def of(
    person: Person,
    memberships: Sequence[Membership],
    askings: Sequence[Asking],
    *,
    corrected: Sequence[Membership] = (),
    hanging: Hanging | None = None,
    kinds: Mapping[str, str],
    units: Mapping[int, str],
) -> list[Happened]:
    """Return what happened; `kinds` and `units` are what kinds and units are called.

    `hanging` is what hangs on her, for whoever has read it already.

    `memberships` are those believed, `corrected` those that were believed once: what of them is believed no
    more stands struck, with the day on which it was put right.
    """
    lines = [Happened(clock.day_of(person.recorded_at), _("was written down"))]
    lines.extend(_hanging(hanging or hanging_of(person)))
    for asking in sorted(askings, key=lambda one: (one.asked_at, one.pk)):
        lines.extend(_asking(asking, units))
    held = [one for each in _in_order(memberships) for one in _membership(each, kinds, units)]
    lines.extend(_struck(corrected, {(one.day, one.text) for one in held}, kinds, units))
    return newest_first([*lines, *held])


def newest_first(lines: Iterable[Happened]) -> list[Happened]:
    """Return what happened, the newest first; of one day what is told last stands first."""
    return sorted(lines, key=lambda one: one.day)[::-1]


def _in_order(memberships: Sequence[Membership]) -> list[Membership]:
    return sorted(memberships, key=lambda one: (one.valid.lower, one.pk))


def _membership(one: Membership, kinds: Mapping[str, str], units: Mapping[int, str]) -> Iterator[Happened]:
    words = {"kind": kinds.get(one.kind_id, one.kind_id), "unit": units.get(one.unit_id, "")}
    other = units.get(one.entry_other_id or 0, "")
    if not one.home:
        began = _("became a guest of %(unit)s") % words
    elif one.entry_flow == "move_in" and one.entry_other_id != one.unit_id:
        began = _("came to %(unit)s by transfer from %(other)s") % {**words, "other": other or "…"}
    elif one.entry_flow == "move_in":
        began = _("became a %(kind)s of %(unit)s") % words
    elif one.entry_flow == "opening":
        began = _("was a %(kind)s of %(unit)s when the records began") % words
    else:
        began = _("joined %(unit)s as a %(kind)s") % words
    yield Happened(one.valid.lower, began, right=None if one.entry_transfer_id else (one.pk, "began"))
    if one.valid.upper is None or one.exit_flow == "move_out":
        return
    ended = _("left %(unit)s") if one.home else _("was no guest of %(unit)s any more")
    right = None if one.exit_transfer_id else (one.pk, "ended")
    yield Happened(one.valid.upper, ended % words, _(one.reason) if one.reason else "", right=right)


def _struck(
    corrected: Sequence[Membership],
    believed: set[tuple[dt.date, str]],
    kinds: Mapping[str, str],
    units: Mapping[int, str],
) -> Iterator[Happened]:
    told = set(believed)
    for membership in corrected:
        day = figures.day(membership.recorded.upper.date(), get_language() or "en")
        note = _("corrected on %(day)s") % {"day": day}
        for one in _membership(membership, kinds, units):
            if (one.day, one.text) not in told:
                told.add((one.day, one.text))
                yield replace(one, note=note, struck=True, right=None)


def _asking(asking: Asking, units: Mapping[int, str]) -> Iterator[Happened]:
    asked = {
        "apply": _("applied to %(unit)s"),
        "transfer": _("asked to go to %(unit)s"),
        "leave": _("said that she leaves %(unit)s"),
        "change": _("another detail was proposed"),
    }[asking.kind]
    words = {"unit": units.get(asking.unit_id, "")}
    written = str(details_of(asking).get("words", ""))
    yield Happened(clock.day_of(asking.asked_at), asked % words, written)
    if asking.decided_at is not None:
        decided = {
            "accepted": _("what was asked was accepted"),
            "refused": _("what was asked was refused"),
            "withdrawn": _("what was asked was taken back"),
        }[asking.decision]
        yield Happened(clock.day_of(asking.decided_at), decided, asking.reason)


def _hanging(found: Hanging) -> Iterator[Happened]:
    for standing in found.standings:
        paid = _("paid until %(day)s") % {"day": day_said(standing.paid_until)}
        yield Happened(clock.day_of(standing.recorded_at), paid)
    for contact in found.contacts:
        noted = _("an e-mail was noted") if contact.kind == "email" else _("a phone number was noted")
        yield Happened(clock.day_of(contact.recorded_at), noted)
    for at in found.noted:
        yield Happened(clock.day_of(at), _("a note was written"))
