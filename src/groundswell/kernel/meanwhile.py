"""Two who change the same thing: what either of them wrote is not undone by the other unseen."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from groundswell.kernel.errors import Refusal
from groundswell.kernel.saying import said as day_said

# The code of the refusal of what somebody else changed meanwhile.
CHANGED: Final = "changed-meanwhile"


def reconciled(
    stands: Mapping[str, Any], *, before: Mapping[str, Any] | None, wanted: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what is to stand: what she changed as she wants it, the rest as it stands by now.

    `before` is what she saw; None from a caller who has just looked. What stands must be read under a lock.
    Where somebody else changed the same meanwhile to something else, the Refusal says what stands there now.
    """
    if before is None:
        return dict(wanted)
    for name, want in wanted.items():
        if not (_same(want, before.get(name)) or _same(stands[name], before.get(name), want)):
            raise changed(stands[name], field=name)
    return {name: stands[name] if _same(want, before.get(name)) else want for name, want in wanted.items()}


def united(stands: list[str], *, before: list[str] | None, wanted: list[str]) -> list[str]:
    """Return a list of words that several edit: without those she took out, with those others put in."""
    if before is None:
        return list(wanted)
    others = [one for one in stands if one not in before and one not in wanted]
    gone = [one for one in before if one not in stands]
    return [one for one in wanted if one not in gone] + others


def changed(value: Any, *, field: str) -> Refusal:
    """Return the refusal of what somebody else changed meanwhile to a value."""
    return Refusal(_sentence(value), field=field, code=CHANGED)


def _same(one: Any, *others: Any) -> bool:
    return any(_plain(one) == _plain(other) for other in others)


def _plain(value: Any) -> Any:
    """Return a value as it is compared: nothing is nothing, and a browser writes line ends its own way."""
    if isinstance(value, str):
        return "\n".join(value.strip().splitlines())
    return "" if value is None else value


def _sentence(value: Any) -> str:
    if value in (None, "", []):
        return _("Somebody emptied this meanwhile; look again, then save once more.")
    sentence = _("Somebody changed this meanwhile to “%(value)s”; look again, then save once more.")
    return sentence % {"value": _said(value)}


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return day_said(value) if isinstance(value, dt.date) else str(value)
