"""The values of a unit's own fields: read from what was written, shown as words. Pure."""

import datetime as dt
import decimal
import json
from collections.abc import Sequence
from typing import Any, Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from groundswell.kernel.errors import Refusal
from groundswell.people import rules
from groundswell.web import figures

LONGEST_TEXT: Final = 500
LONGEST_LABEL: Final = 80
MOST_OPTIONS: Final = 40


def type_names() -> list[tuple[str, str]]:
    """Return what may be written into a field, in words."""
    return [
        ("text", _("a line of text")),
        ("number", _("a number")),
        ("yesno", _("yes or no")),
        ("day", _("a day")),
        ("choice", _("one of several")),
        ("choices", _("any of several")),
    ]


def packed(kind: str, options: Sequence[str], value: Any, *, field: str) -> str:
    """Return a value as it is kept, '' for nothing; Refusal for one that the field does not take."""
    if value in (None, "", []):
        return ""
    if kind == "text":
        text = rules.check_line(str(value), field=field, most=LONGEST_TEXT)
        return json.dumps(text, ensure_ascii=False) if text else ""
    if kind == "choices":
        wrong = [one for one in value if one not in options]
        value = [one for one in options if one in value]
    else:
        wrong = [value] if kind == "choice" and value not in options else []
    if wrong:
        sentence = _("“%(value)s” is not among the choices.") % {"value": str(wrong[0])[:80]}
        raise Refusal(sentence, field=field, code="no-choice")
    if isinstance(value, decimal.Decimal):
        return json.dumps(format(value.normalize(), "f"))
    return json.dumps(value.isoformat() if isinstance(value, dt.date) else value, ensure_ascii=False)


def unpacked(kind: str, kept: str) -> Any:
    """Return a kept value as the field's form takes it."""
    value = json.loads(kept)
    if kind == "day":
        return dt.date.fromisoformat(value)
    return decimal.Decimal(value) if kind == "number" else value


def written(kind: str, kept: str) -> str:
    """Return a kept value as a file holds it: days and numbers as in no language, to be read in again."""
    value = unpacked(kind, kept)
    if kind == "yesno":
        return _("yes") if value else _("no")
    return "; ".join(value) if kind == "choices" else str(value)


def shown(kind: str, kept: str) -> str:
    """Return a kept value as a person reads it."""
    value = unpacked(kind, kept)
    language = get_language() or "en"
    if kind == "day":
        return figures.day(value, language)
    if kind == "number":
        return figures.number(value, language)
    if kind == "yesno":
        return _("yes") if value else _("no")
    return ", ".join(value) if kind == "choices" else str(value)
