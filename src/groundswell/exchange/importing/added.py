"""Cells of columns that mean a field of a unit's own: by the type of the field, nothing guessed."""

import datetime as dt
import decimal
import re
from typing import Final

from django.utils.translation import gettext as _

from groundswell.exchange.importing import days, values
from groundswell.exchange.importing.fields import Field
from groundswell.kernel.errors import Refusal
from groundswell.people import custom

_PARTS: Final = re.compile(r"[;\n\r|]")
_NUMBER: Final = re.compile(r"[+\-−]?\d[\d.,'’\s]*")
_MOST_FIGURES: Final = 14
_MOST_PLACES: Final = 6
_GROUP: Final = 3


def read(cell: str, field: Field, *, order: str, today: dt.date) -> str:
    """Return the value of a cell as it is kept; Refusal with a sentence that names the field.

    `order` is that of the column's days.
    """
    if field.type == "day":
        value: object = days.read(cell, order, today=today, field=field.key)
    elif field.type == "number":
        value = _number(cell, field)
    elif field.type == "yesno":
        value = _yes_or_no(cell, field)
    elif field.type in {"choice", "choices"}:
        value = _chosen(cell, field)
    else:
        value = values.text(cell, field=field.key, most=custom.LONGEST_TEXT)
    return custom.packed(field.type, field.options, value, field=field.key)


def _yes_or_no(cell: str, field: Field) -> bool:
    said = values.yes_or_no(cell)
    if said is None:
        sentence = _("“%(cell)s” is neither yes nor no; “%(field)s” takes one of them.")
        raise Refusal(sentence % _named(cell, field), field=field.key, code="no-yes")
    return said


def _number(cell: str, field: Field) -> decimal.Decimal:
    """Return a number of any writing: 1234.5, 1,234.5, 1 234,5; refuse 1.234, which may be either."""
    text = cell.strip()
    if not _NUMBER.fullmatch(text):
        raise Refusal(
            _("“%(cell)s” is no number; “%(field)s” takes one, written in figures.") % _named(cell, field),
            field=field.key,
            code="no-number",
        )
    plain = re.sub(r"[\s'’]", "", text).replace("−", "-")
    signs = [sign for sign in plain if sign in ".,"]
    if len(set(signs)) == 1:
        whole, _sign, rest = plain.rpartition(signs[0])
        grouped = all(len(part) == _GROUP for part in plain.split(signs[0])[1:])
        if len(signs) == 1 and grouped and 0 < len(whole.lstrip("+-0")) <= _GROUP:
            sentence = _("“%(cell)s” can be read in two ways; write it in “%(field)s” without a sign inside.")
            raise Refusal(sentence % _named(cell, field), field=field.key, code="either-number")
        plain = plain.replace(signs[0], "") if len(signs) > 1 else f"{whole}.{rest}"
    elif signs:
        last = signs[-1]
        plain = plain.replace("," if last == "." else ".", "").replace(last, ".")
    return _held(plain, cell, field)


def _held(plain: str, cell: str, field: Field) -> decimal.Decimal:
    """Return the number, within what the field's form takes."""
    try:
        number = decimal.Decimal(plain)
    except decimal.InvalidOperation:
        number = None
    whole, _point, rest = plain.lstrip("+-").partition(".")
    if number is None or len(whole) > _MOST_FIGURES or len(rest) > _MOST_PLACES:
        sentence = _("“%(cell)s” is no number that “%(field)s” can hold.")
        raise Refusal(sentence % _named(cell, field), field=field.key, code="no-number")
    return number


def _chosen(cell: str, field: Field) -> object:
    """Return what is chosen, whatever the size of its letters; the whole cell may be one choice."""
    offered = {" ".join(option.casefold().split()): option for option in field.options}
    whole = offered.get(" ".join(cell.casefold().split()))
    if field.type == "choice":
        return whole if whole is not None else _refuse(cell, field)
    if whole is not None:
        return [whole]
    parts = [part for part in _PARTS.split(cell) if part.strip()]
    if len(parts) == 1:
        parts = [part for part in cell.split(",") if part.strip()]
    return [offered.get(" ".join(part.casefold().split())) or _refuse(part, field) for part in parts]


def _refuse(cell: str, field: Field) -> str:
    sentence = _("“%(cell)s” is not among the choices of “%(field)s”: %(choices)s.")
    words = _named(cell, field) | {"choices": ", ".join(field.options)}
    raise Refusal(sentence % words, field=field.key, code="no-choice")


def _named(cell: str, field: Field) -> dict[str, str]:
    return {"cell": cell.strip()[:40], "field": str(field.label)}
