"""The lineage of a unit on its page: a sentence made of figures, its life drawn, what it came of or became.

Pure functions of what the queries return; ready for the template.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.structure.models import Unit, UnitEvent, UnitKind, UnitName, UnitParent
from groundswell.structure.pages import language, unit_href
from groundswell.structure.queries import localized
from groundswell.web import figures, lifeline
from groundswell.web.lifeline import Lane, Stretch

# What an event says of the other unit: whether this one came of it, or went into it.
_CAME_OF: Final = frozenset({"split-off", "received"})
_WENT_INTO: Final = frozenset({"split", "merged"})
_YEAR_DAYS: Final = 365.2425


def of_unit(
    unit: Unit,
    on: dt.date,
    histories: tuple[Sequence[UnitName], Sequence[UnitKind], Sequence[UnitParent]],
    happened: Sequence[UnitEvent],
    names: Mapping[int, str],
) -> dict[str, Any]:
    """Return what the page tells of where the unit came from; `names` say what others are called, by key."""
    lanes = _lanes(unit, histories, names)
    end = unit.dissolved_on if unit.dissolved_on is not None and unit.dissolved_on < on else on
    return {
        "lineage": _sentence(unit, end, lanes, happened),
        **_life(lanes, end),
        "came_of": _others(happened, _CAME_OF, names),
        "became": _others(happened, _WENT_INTO, names),
    }


def _lanes(
    unit: Unit,
    histories: tuple[Sequence[UnitName], Sequence[UnitKind], Sequence[UnitParent]],
    names: Mapping[int, str],
) -> list[Lane]:
    called, kinds, parents = histories
    return [
        Lane(_("Names"), [_stretch(one, localized(one.names, unit.languages)) for one in called]),
        Lane(_("Kinds"), [_stretch(one, localized(one.kind.names)) for one in kinds]),
        Lane(_("Belonged to"), [_stretch(one, names.get(one.parent_id, one.parent.code)) for one in parents]),
    ]


def _stretch(one: UnitName | UnitKind | UnitParent, text: str) -> Stretch:
    return Stretch(one.valid.lower, one.valid.upper, text)


def _life(lanes: Sequence[Lane], until: dt.date) -> dict[str, SafeString]:
    """Return the life drawn, wide and narrow; nothing of one that never changed: full bars say nothing."""
    if max(len(lane.stretches) for lane in lanes) == 1:
        return {}
    drawn = [lane for lane in lanes if lane.stretches]
    told = "; ".join(f"{lane.name}: {', '.join(one.text for one in lane.stretches)}" for lane in drawn)
    label = _("What it was over time. %(list)s.") % {"list": told}
    return {
        "life": lifeline.lifeline(drawn, until=until, label=label),
        "life_narrow": lifeline.lifeline(drawn, until=until, label=label, width=lifeline.NARROW),
    }


def _sentence(unit: Unit, end: dt.date, lanes: Sequence[Lane], happened: Sequence[UnitEvent]) -> str:
    """Return 'In 32 years two names, one kind and one place.'; what is still to come is not counted."""
    counts = [sum(one.since <= end for one in lane.stretches) for lane in lanes]
    called, kinds, places = counts
    others = sum(
        event.what in _CAME_OF | _WENT_INTO and not event.prepared and event.day <= end for event in happened
    )
    parts = [
        _in_words(ngettext("one name", "%(number)s names", called), called),
        _in_words(ngettext("one kind", "%(number)s kinds", kinds), kinds),
    ]
    if places:
        parts.append(
            _in_words(
                ngettext("one place in the structure", "%(number)s places in the structure", places), places
            )
        )
    if others:
        parts.append(
            _in_words(ngettext("one split or merger", "%(number)s splits or mergers", others), others)
        )
    said = {"list": figures.listed(parts, language()), "years": _years(unit.founded_on, end)}
    return _("%(years)s: %(list)s.") % said


def _in_words(wording: str, count: int) -> str:
    return wording % {"number": figures.in_words(count, language())} if "%(" in wording else wording


def _years(since: dt.date, until: dt.date) -> str:
    years = int((until - since).days / _YEAR_DAYS)
    if years < 1:
        return _("Less than a year")
    return ngettext("%(count)d year", "%(count)d years", years) % {"count": years}


def _others(
    happened: Sequence[UnitEvent], which: frozenset[str], names: Mapping[int, str]
) -> list[tuple[str, str, str]]:
    """Return other units that the events speak of, oldest first: what each is called, its page, the day."""
    return [
        (
            names.get(event.other.pk, event.other.code),
            unit_href(event.other.code, None),
            figures.short_day(event.day, language()),
        )
        for event in reversed(happened)
        if event.what in which and event.other is not None and not event.prepared
    ]
