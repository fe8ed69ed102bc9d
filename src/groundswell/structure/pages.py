"""What the pages of units show, ready for their templates. Pure functions of what the queries return."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.rights import may_by_office
from groundswell.structure import slots
from groundswell.structure.models import Unit, UnitEvent
from groundswell.structure.queries import Called, Node, ParentPeriod, localized
from groundswell.web import figures

# A page with more units than this stays heavy on a phone: deeper levels are left to the units' pages.
MOST_SHOWN: Final = 600
_SPOKEN_UP_TO: Final = 20


@dataclass(slots=True)
class Twig:
    """A unit in the tree with what lies below it; `kind` carries the country where names are shared."""

    name: str
    kind: str
    href: str
    illustrative: bool
    below: list["Twig"] = field(default_factory=list)
    hidden: int = 0

    @property
    def leafs_only(self) -> bool:
        """Return whether nothing lies below what lies below."""
        return bool(self.below) and not any(twig.below or twig.hidden for twig in self.below)


@dataclass(frozen=True, slots=True)
class Span:
    """A period of a history: from when until when, what, and a link where there is one."""

    days: str
    text: str
    note: str = ""
    href: str = ""


def language() -> str:
    """Return the reader's language."""
    return get_language() or "en"


def unit_href(code: str, on: dt.date | None) -> str:
    """Return the address of a unit's page as of a day (None: today)."""
    address = _unit_address().replace("CODE", code, 1)
    return f"{address}?on={on.isoformat()}" if on else address


@cache
def _unit_address() -> str:
    return reverse("structure:unit", args=["CODE"])


def members_href(code: str, on: dt.date) -> str:
    """Return where a unit's members of a day open to what is counted; '' where no room above counts."""
    return next((opening(code, on) for opening in slots.members_open), "")


def ways(actor: Actor) -> dict[str, bool]:
    """Return which lists beside the tree are the actor's to read."""
    return {
        "reads": may_by_office(actor, "reports.read"),
        "changes": may_by_office(actor, "structure.change"),
    }


def matching(nodes: Sequence[Node], text: str) -> tuple[Node, ...]:
    """Return the units whose name, code or town holds the text, with those above them."""
    wanted = text.casefold()
    if not wanted:
        return tuple(nodes)
    by_id = {node.unit_id: node for node in nodes}
    kept: set[int] = set()
    for node in nodes:
        if wanted in f"{node.name}\n{node.code}\n{node.town}".casefold():
            above: Node | None = node
            while above is not None and above.unit_id not in kept:
                kept.add(above.unit_id)
                above = by_id.get(above.parent_id) if above.parent_id is not None else None
    return tuple(node for node in nodes if node.unit_id in kept)


def branches_of(nodes: Sequence[Node], on: dt.date | None) -> list[Twig]:
    """Return the tree as nested twigs, cut below the deepest level that still fits on a page."""
    depths = Counter(node.depth for node in nodes)
    shown = 0
    deepest = -1
    for depth in sorted(depths):
        shown += depths[depth]
        if depth > 1 and shown > MOST_SHOWN:
            break
        deepest = depth
    shared = Counter(node.name for node in nodes)
    twigs: dict[int, Twig] = {}
    top: list[Twig] = []
    for node in nodes:
        parent = twigs.get(node.parent_id) if node.parent_id is not None else None
        if node.depth > deepest:
            if parent:
                parent.hidden += 1
            continue
        twig = Twig(node.name, _kind(node, shared), unit_href(node.code, on), node.illustrative)
        twigs[node.unit_id] = twig
        (parent.below if parent else top).append(twig)
    for twig in twigs.values():
        twig.below.sort(key=lambda one: one.name.casefold())
    return top


def _kind(node: Node, shared: Counter[str]) -> str:
    if shared[node.name] > 1 and node.country:
        return f"{node.kind_name}, {figures.country(node.country, language())}"
    return node.kind_name


def counted_kinds(nodes: Sequence[Node]) -> str:
    """Return 'Sixteen sections, nine groups and 214 branches'; the first unit itself is not counted."""
    if not nodes:
        return _("No unit")
    depths: dict[str, list[int]] = {}
    for node in nodes:
        if node.parent_id is not None:
            depths.setdefault(node.kind, []).append(node.depth)
    names = {node.kind: node.kind_name for node in nodes}
    # From the top down: a kind stands where its units lie on average.
    order = sorted(depths, key=lambda kind: (sum(depths[kind]) / len(depths[kind]), -len(depths[kind])))
    parts = [_kind_counted(kind, len(depths[kind]), names[kind]) for kind in order]
    return figures.capitalised(figures.listed(parts, language()) or _("One unit"))


def _kind_counted(kind: str, count: int, kind_name: str) -> str:
    known = {
        "section": ngettext("one section", "%(number)s sections", count),
        "group": ngettext("one group", "%(number)s groups", count),
        "region": ngettext("one region", "%(number)s regions", count),
        "branch": ngettext("one branch", "%(number)s branches", count),
    }
    lang = language()
    shown = figures.in_words(count, lang) if count <= _SPOKEN_UP_TO else figures.number(count, lang)
    wording = known.get(kind, "%(number)s \N{MULTIPLICATION SIGN} " + kind_name)
    return wording % {"number": shown} if "%(number)s" in wording else wording


def period(valid: Any) -> str:
    """Return a half-open range of days in words: 'since 3 May 2024', '1 May 1992 to 2 May 2024'."""
    lang = language()
    if valid.upper is None:
        return _("since %(day)s") % {"day": figures.short_day(valid.lower, lang)}
    last = valid.upper - dt.timedelta(days=1)
    return _("%(since)s to %(as_of)s") % {
        "since": figures.short_day(valid.lower, lang),
        "as_of": figures.short_day(last, lang),
    }


def names(history: Sequence[Any], languages: Sequence[str]) -> list[Span]:
    """Return the names over time, newest first, each with its other languages."""
    spans = []
    for one in reversed(history):
        chief = localized(one.names, languages)
        others = sorted({f"{name} ({code})" for code, name in one.names.items() if name != chief})
        spans.append(Span(period(one.valid), chief, ", ".join(others)))
    return spans


def kinds(history: Sequence[Any]) -> list[Span]:
    """Return the kinds over time, newest first."""
    return [Span(period(one.valid), localized(one.kind.names)) for one in reversed(history)]


def parents(history: Sequence[Any], called: Mapping[int, str]) -> list[Span]:
    """Return where the unit lay over time, newest first; `called` names the parents by key."""
    return [
        Span(
            period(one.valid),
            called.get(one.parent_id, one.parent.code),
            _("merged into it") if one.absorbed else "",
            unit_href(one.parent.code, None),
        )
        for one in reversed(history)
    ]


def event_text(
    event: UnitEvent, names: Mapping[int, str] | None = None, kinds: Mapping[str, str] | None = None
) -> str:
    """Return what happened to a unit, in words, its first letter small.

    `names` say what other units are called, by key, `kinds` what kinds are, by code.
    """
    name = localized(event.details.get("names") or {}, event.unit.languages)
    kind = (kinds or {}).get(event.details.get("to", ""), "")
    other = (names or {}).get(event.other_id or 0, event.other.code) if event.other else ""
    known = {
        "founded": _("founded"),
        "renamed": _("from now on called %(name)s") if name else _("renamed"),
        "promoted": _("became a %(kind)s") if kind else _("promoted"),
        "moved": _("moved to %(other)s") if other else _("moved within the structure"),
        "merged": _("merged into %(other)s") if other else _("merged"),
        "received": _("took in %(other)s"),
        "split": _("split: %(other)s came of it") if other else _("split"),
        "split-off": _("split off from %(other)s"),
        "founded-anew": _("founded anew as %(name)s") if name else _("founded anew"),
        "dissolved": _("dissolved"),
        "protected": _("protected from this day on"),
        "protected-no-more": _("protected no more"),
    }
    said = known.get(event.what, event.what.replace("-", " "))
    said %= {"name": name, "kind": kind, "other": other}
    return _("in preparation: %(what)s") % {"what": said} if event.prepared else said


def events(found: Sequence[UnitEvent], names: Mapping[int, str], kinds: Mapping[str, str]) -> list[Span]:
    """Return what happened to a unit, as given, each with the way to the other unit."""
    return [
        Span(
            figures.short_day(event.day, language()),
            figures.capitalised(event_text(event, names, kinds)),
            "",
            unit_href(event.other.code, None) if event.other else "",
        )
        for event in found
    ]


def lede(called: Called, town: str, below: int, *, into: str = "") -> str:
    """Return 'section, London, since 13 March 1992, 10 units in it': what a unit is, on one line.

    `into` is the name of the unit it was merged into, if it ended so.
    """
    parts = [
        called.kind_name,
        town,
        _("since %(day)s") % {"day": figures.day(called.founded_on, language())},
    ]
    if called.dissolved_on is not None:
        ended = _("merged into %(other)s on %(day)s") if into else _("dissolved on %(day)s")
        parts.append(ended % {"other": into, "day": figures.day(called.dissolved_on, language())})
    if below:
        counted = ngettext("%(count)s unit in it", "%(count)s units in it", below)
        parts.append(counted % {"count": figures.number(below, language())})
    return ", ".join(filter(None, parts))


def facts(unit: Unit, names_of_languages: Mapping[str, str], *, merged: bool) -> list[tuple[str, str]]:
    """Return what is recorded of a unit: seat, languages, currency, time zone, founding, how it ended."""
    languages = ", ".join(names_of_languages.get(code, code) for code in unit.languages)
    rows = [
        (_("Code"), unit.code),
        (_("Country"), figures.country(unit.country, language()) if unit.country else ""),
        (_("Seat"), unit.town),
        (_("Languages"), languages),
        (_("Currency"), unit.currency),
        (_("Time zone"), unit.time_zone),
        (_("Founded on"), figures.day(unit.founded_on, language())),
        (
            _("Merged on") if merged else _("Dissolved on"),
            figures.day(unit.dissolved_on, language()) if unit.dissolved_on else "",
        ),
    ]
    return [(label, value) for label, value in rows if value]


def _lay(lies: Sequence[ParentPeriod], on: dt.date) -> list[ParentPeriod]:
    return [one for one in lies if one.start <= on and (one.end is None or one.end > on)]


def chain(lies: Sequence[ParentPeriod], unit_id: int, on: dt.date) -> list[int]:
    """Return the units above one on a day, from the top down."""
    parent_of = {one.unit_id: one.parent_id for one in _lay(lies, on)}
    above: list[int] = []
    key = parent_of.get(unit_id)
    while key is not None and key not in above:
        above.append(key)
        key = parent_of.get(key)
    return above[::-1]


def children(lies: Sequence[ParentPeriod], unit_id: int, on: dt.date) -> list[int]:
    """Return the units right below one on a day."""
    return [one.unit_id for one in _lay(lies, on) if one.parent_id == unit_id and not one.absorbed]


def neighbours(
    called: Mapping[int, Called], unit_id: int, above: Sequence[int], below: Sequence[int]
) -> dict[str, Any]:
    """Return the unit's own name of the day, those above it, and those below it by name."""
    return {
        "called": called[unit_id],
        "above": [called[key] for key in above if key in called],
        "below": sorted((called[key] for key in below if key in called), key=lambda one: one.name.casefold()),
    }


def languages_named(codes: Sequence[str]) -> dict[str, str]:
    """Return languages by code in the reader's language: 'fr' -> 'French'."""
    reader = figures.locale_of(language())
    return {code: figures.locale_of(code).get_language_name(reader) or code for code in codes}
