"""The filter of what a unit asks of its people besides.

What is kept lies sealed under each person's key, so the database cannot search it: the values of a field are
opened and compared here, as many as the session sees (decision 0674).

A choice is `12` (something is written in field 12), `12:fitter` (just this), `12:3..8`, `12:3..` or `12:..8`
(a number or a day from, to, or both, each included); several are joined by `|`, and all of them hold.
"""

import datetime as dt
import decimal
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.rights import may_by_office
from groundswell.access.secrets import unlock
from groundswell.people import custom
from groundswell.people.filters import LONGEST, Filter, Input, Offered, Typed, units_about
from groundswell.people.models import CHOOSING, CustomField, CustomValue
from groundswell.structure.models import Unit
from groundswell.web import fields, figures
from groundswell.web.fields import BadQuery

# Of more answers than these the opening takes too long: then a unit is chosen first.
MOST_OPENED: Final = 20_000
MOST_AT_ONCE: Final = 8
_MOST_FIELDS: Final = 60
_TO: Final = ".."
_RANGED: Final = ("number", "day")
_NAME: Final = "kept"
_TYPED: Final = re.compile(r"kept-([0-9]{1,18})(-from|-to)?", re.ASCII)
# A bar within a value is written twice.
_PART: Final = re.compile(r"(?:[^|]|\|\|)+")


def asked_for(field: int, wanted: str = "") -> str:
    """Return the choice of whoever has this in a field; without one, of whoever has anything."""
    return f"{field}:{wanted.replace('|', '||')}" if wanted else str(field)


def parts(choice: str) -> list[str]:
    """Return the choices of which one consists."""
    return _PART.findall(choice)


def joined(several: Sequence[str]) -> str:
    """Return several choices as one; BadQuery for more than are looked through at once."""
    choice = "|".join(dict.fromkeys(several))
    if len(set(several)) > MOST_AT_ONCE or len(choice) > LONGEST:
        sentence = _("At most %(count)d of these are asked for at once; take some away.")
        raise BadQuery(sentence % {"count": MOST_AT_ONCE}, field=_NAME)
    return choice


def _fields(actor: Actor, unit: Unit | None) -> list[CustomField]:
    """Return the fields of which the actor may ask."""
    if not may_by_office(actor, "people.contact"):
        return []
    about = Unit.objects.filter(units_about(actor, unit)).values("pk")
    found = CustomField.objects.filter(unit__in=about, ended_on=None)
    return list(found.order_by("unit__path", "position", "pk")[:_MOST_FIELDS])


def _offered(actor: Actor, unit: Unit | None, choice: str) -> Offered:
    found = _fields(actor, unit)
    return Offered([(one.label, _values(one)) for one in found], _typed(found, choice))


def _values(field: CustomField) -> list[tuple[str, str]]:
    """Return what of a field can be chosen: whether something is written, and each choice."""
    offered = [(asked_for(field.pk), _("%(field)s: anything") % {"field": field.label})]
    if field.type in CHOOSING:
        offered += [(asked_for(field.pk, one), f"{field.label}: {one}") for one in field.options]
    if field.type == "yesno":
        offered += [
            (asked_for(field.pk, one), f"{field.label}: {word}")
            for one, word in (("yes", _("yes")), ("no", _("no")))
        ]
    return offered


def _typed(found: Sequence[CustomField], choice: str) -> list[Typed]:
    """Return what can be typed: a text just as it is, a number and a day from and to."""
    now: dict[int, tuple[str, str]] = {}
    for part in parts(choice):
        number, _colon, wanted = part.partition(":")
        if wanted and number.isdecimal():
            now[int(number)] = part, _plain(wanted)
    offered = []
    for one in found:
        name, (part, wanted) = f"{_NAME}-{one.pk}", now.get(one.pk, ("", ""))
        if one.type == "text":
            inputs = [Input(name, _("exactly"), wanted)]
        elif one.type in _RANGED:
            first, last = _bounds(wanted)
            inputs = [Input(f"{name}-from", _("from"), first), Input(f"{name}-to", _("to"), last)]
        else:
            continue
        offered.append(Typed(one.label, one.type, inputs, part))
    return offered


def _gathered(chosen: str, typed: Mapping[str, str]) -> str:
    """Return one choice of what was chosen and typed."""
    several = parts(chosen)
    ranges: dict[int, dict[str, str]] = {}
    for name, text in typed.items():
        if (match := _TYPED.fullmatch(name)) is None:
            continue
        key, end = int(match[1]), match[2]
        if end is None:
            several.append(asked_for(key, text))
        else:
            ranges.setdefault(key, {})[end] = text
    several += [
        asked_for(key, f"{ends.get('-from', '')}{_TO}{ends.get('-to', '')}") for key, ends in ranges.items()
    ]
    return joined(several)


def _bounds(wanted: str) -> tuple[str, str]:
    """Return from and to of what is asked for; of one value both are it."""
    first, dots, last = wanted.partition(_TO)
    return (first, last) if dots else (wanted, wanted)


def _parted(part: str) -> tuple[CustomField | None, str]:
    number, _colon, wanted = part.partition(":")
    plain = number.isascii() and number.isdecimal() and len(number) <= len(str(2**62))
    field = CustomField.objects.filter(pk=int(number)).first() if plain else None
    return field, _plain(wanted)


def _plain(written: str) -> str:
    return written.replace("||", "|").strip()


def _said(part: str) -> str:
    field, wanted = _parted(part)
    if field is None:
        return part
    if field.type in _RANGED and _TO in wanted:
        return _said_range(field, *_bounds(wanted))
    words = dict(_values(field))
    return words.get(part) or f"{field.label}: {wanted}"


def _said_range(field: CustomField, first: str, last: str) -> str:
    said = {"field": field.label, "first": _read(field.type, first), "last": _read(field.type, last)}
    if not last:
        return _("%(field)s: from %(first)s") % said
    if not first:
        return _("%(field)s: up to %(last)s") % said
    return _("%(field)s: %(first)s to %(last)s") % said


def _read(kind: str, text: str) -> str:
    """Return a bound as a person reads it; one that is none, as it was typed."""
    try:
        value = _bound(kind, text)
    except BadQuery:
        return text
    language = get_language() or "en"
    if isinstance(value, dt.date):
        return figures.day(value, language)
    return text if value is None else str(figures.number(value, language))


def _bound(kind: str, text: str) -> decimal.Decimal | dt.date | None:
    """Return a bound of a range, None where it is open; BadQuery for what is none."""
    if not text:
        return None
    try:
        if kind == "day":
            return fields.checked_day(text)
        value = decimal.Decimal(text)
    except (decimal.InvalidOperation, ValueError, ValidationError):
        value = decimal.Decimal("nan")
    if value.is_finite():
        return value
    sentence = _("“%(text)s” is no number.") if kind == "number" else _("“%(text)s” is no day.")
    raise BadQuery(sentence % {"text": text[:80]}, field=_NAME)


def _narrow(choice: str, within: list[int] | None) -> tuple[str, Mapping[str, Any]]:
    """Return the condition of whoever has all that is asked for.

    What is opened for one part counts for the next: of everything together no more is opened than of one.
    """
    found: set[int] | None = None
    opened = 0
    for part in parts(joined(parts(choice))):
        field, wanted = _parted(part)
        if field is None:
            return "false", {}
        held = CustomValue.objects.filter(field=field)
        if within is not None:
            held = held.filter(unit__in=within)
        if found is not None and len(found) <= MOST_OPENED:
            held = held.filter(person__in=found)
        if wanted:
            values = _opened(held, MOST_OPENED - opened)
            opened += len(values)
            fits = _test(field.type, wanted)
            have = {one.person_id for one in values if fits(custom.unpacked(field.type, str(one.value)))}
        else:
            have = set(held.values_list("person_id", flat=True))
        found = have if found is None else found & have
    return "p.id = any(%(kept)s::bigint[])", {"kept": sorted(found or ())}


def _opened(held: Any, most: int) -> list[CustomValue]:
    values = list(held[: most + 1])
    if len(values) > most:
        raise BadQuery(
            _("This is known of too many people to look through; choose a unit first."), field=_NAME
        )
    return unlock(values, "value")


def _test(kind: str, wanted: str) -> Any:
    """Return the test of whether a kept value is the one asked for, which is written as in a file."""
    if kind in _RANGED and _TO in wanted:
        first, last = (_bound(kind, text) for text in _bounds(wanted))
        return lambda value: (first is None or first <= value) and (last is None or value <= last)
    return lambda value: _is(kind, value, wanted)


def _is(kind: str, value: Any, wanted: str) -> bool:
    if kind == "choices":
        return wanted in value
    if kind == "yesno":
        return wanted == ("yes" if value else "no")
    try:
        if kind == "number":
            return bool(value == decimal.Decimal(wanted))
        if kind == "day":
            return bool(value == dt.date.fromisoformat(wanted))
    except (decimal.InvalidOperation, ValueError):
        return False
    return str(value).casefold() == wanted.casefold()


KEPT: Final = Filter(
    _NAME,
    gettext_lazy("What is kept of them"),
    _offered,
    _said,
    _narrow,
    gathered=_gathered,
    parts=parts,
    joined=joined,
)
