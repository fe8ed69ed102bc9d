"""The reads of the room: the tree, names and kinds as of a day, as known at a moment, and what changed."""

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.rights import may
from groundswell.kernel import clock
from groundswell.kernel.errors import NotFound
from groundswell.structure import rules
from groundswell.structure.models import (
    Change,
    Kind,
    Preparation,
    Unit,
    UnitEvent,
    UnitKind,
    UnitName,
    UnitParent,
)
from groundswell.web import figures

# What was believed of a row at a moment: recorded by then, not yet superseded, and its transaction
# settled by then (kernel migration 0001). Without a moment: what is believed now.
BELIEVED = """
(case when %(known_at)s::timestamptz is null then upper_inf({t}.recorded)
 else lower({t}.recorded) <= %(known_at)s and {t}.recorded_stamp < org_known_below(%(known_at)s)
  and (upper_inf({t}.recorded) or upper({t}.recorded) > %(known_at)s
       or {t}.superseded_stamp >= org_known_below(%(known_at)s)) end)
"""


@dataclass(frozen=True, slots=True)
class Node:
    """A unit of the tree as of a day."""

    unit_id: int
    code: str
    name: str
    kind: str
    kind_name: str
    depth: int
    parent_id: int | None
    illustrative: bool
    country: str
    town: str
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class Called:
    """What a unit was called and what kind it was on a day."""

    unit_id: int
    code: str
    name: str
    kind: str
    kind_name: str
    illustrative: bool
    founded_on: dt.date
    dissolved_on: dt.date | None


class UnitChoice(NamedTuple):
    """A unit among others to choose from."""

    code: str
    path: str
    name: str


class ParentPeriod(NamedTuple):
    """Where a unit lay from a day until another (None: for good)."""

    unit_id: int
    parent_id: int
    start: dt.date
    end: dt.date | None
    absorbed: bool


def localized(names: Mapping[str, str], languages: Sequence[str] = ()) -> str:
    """Return the name in the reader's language, else in English, else in the unit's own, else any.

    A reader of German cannot read what a branch in Athens is called in Greek; English she can.
    """
    wanted = [get_language() or "en", "en", *languages]
    for language in wanted:
        name = names.get(language) or names.get(language.split("-")[0])
        if name:
            return name
    return next(iter(names.values()), "")


def language_name(code: str) -> str:
    """Return what a language is called in the reader's own: 'fr' -> 'French'; what means none as it is."""
    reader = figures.locale_of(get_language() or "en")
    return reader.languages.get(re.split("[-_]", code)[0].lower()) or code


def root() -> Unit:
    """Return the first unit of the organisation."""
    # Every other path begins with that of the first unit, so it stands before them all.
    unit = Unit.objects.order_by("path").first()
    if unit is None:
        raise NotFound(_("There is no organisation in this database yet; `groundswell found` makes it."))
    return unit


def unit_by_code(actor: Actor, code: str | None, capability: str = "unit.read") -> Unit:
    """Return the unit of a code (None: the first unit), if the actor may use the capability there.

    A unit that does not exist and one that is out of reach look alike. Whoever runs the server is told which
    codes there are, the likeliest first.
    """
    unit: Unit | None = None
    if code is None:
        unit = root()
    elif rules.CODE.fullmatch(code):
        unit = Unit.objects.filter(code=code).first()
    if unit is None:
        sentence = _("There is no unit %(code)s.")
        words = {"code": (code or "")[:60]}
        if actor.operator and code:
            known = list(Unit.objects.order_by("pk").values_list("code", flat=True))
            words["codes"] = ", ".join(get_close_matches(code.upper(), known, 5, 0.5) or known[:5])
            sentence = _("There is no unit %(code)s; there is, for example: %(codes)s.")
        raise NotFound(sentence % words, field="unit")
    require(actor, capability, unit)
    return unit


def unit_from_inside(actor: Actor, code: str) -> Unit | None:
    """Return the unit of a code to whoever may read it from inside, None to everybody else."""
    unit = Unit.objects.filter(code=code).first()
    return unit if unit is not None and may(actor, "unit.read", unit) else None


def kind_by_code(code: str) -> Kind:
    """Return the kind of a code."""
    kind = Kind.objects.filter(code=code).first()
    if kind is None:
        raise NotFound(_("There is nothing here that you may see."))
    return kind


def kind_names() -> dict[str, str]:
    """Return what each kind of unit is called, by its code."""
    return {kind.code: localized(kind.names) for kind in Kind.objects.all()}


def unit_for(actor: Actor, code: str, capability: str) -> Unit:
    """Return the unit of a code for whoever may do this to it; for everybody else it is not there."""
    found = Unit.objects.select_related("kind").filter(code=code)
    unit = found.first() if rules.CODE.fullmatch(code) else None
    if unit is None or not may(actor, capability, unit):
        raise NotFound(_("There is no unit %(code)s.") % {"code": code[:60]}, field="unit")
    return unit


def within_a_section(actor: Actor) -> bool:
    """Return whether one of the actor's offices lies in a section, and not only above them all."""
    held = [office.unit_id for office in actor.mandates]
    return Unit.objects.filter(pk__in=held, section__isnull=False).exists()


def is_protected(unit: Unit) -> bool:
    """Return whether a unit is protected: itself, or by a unit that it lies in today."""
    return unit.pk in protected_among([unit])


def lies_in_protected(unit: Unit) -> bool:
    """Return whether one of the units above a unit, as it lies today, is protected."""
    return Unit.objects.filter(pk__in=unit.path.split("/")[1:-2], protected=True).exists()


def protected_among(units: Iterable[Unit]) -> set[int]:
    """Return the keys of those units that are protected, by themselves or by a unit above."""
    tops = tuple(Unit.objects.filter(protected=True).values_list("path", flat=True))
    return {unit.pk for unit in units if unit.path.startswith(tops)} if tops else set()


def recent_changes(unit: Unit, today: dt.date) -> list[Change]:
    """Return what was done to a unit, or by which it came, that can still be undone, newest first."""
    since = today - dt.timedelta(days=2)  # a day ahead of UTC was recorded on the day before, as UTC says
    changes = Change.objects.filter(Q(unit=unit, made=None) | Q(unit=unit, what="split") | Q(made=unit))
    lately = changes.filter(undone_at=None, recorded_at__date__gte=since)
    return [
        change
        for change in lately.select_related("unit", "other", "made").order_by("-id")
        if today <= rules.undoable_until(clock.day_in(change.unit.time_zone, change.recorded_at))
    ]


def change_for(actor: Actor, unit: Unit, key: int) -> Change:
    """Return a change of a unit for whoever may undo it."""
    change = (
        Change.objects.select_related("unit", "other", "made")
        .filter(Q(unit=unit) | Q(made=unit), pk=key)
        .first()
    )
    if change is None or not may(actor, rules.asked_for(change.what), change.unit):
        raise NotFound(_("There is nothing here that you may see."))
    return change


def preparations(actor: Actor, unit: Unit | None = None) -> list[Preparation]:
    """Return what waits for its day, and what was refused on it, in the actor's sight; the next first."""
    found = Preparation.objects.filter(state__in=["waiting", "refused"]).select_related("unit")
    if unit is not None:
        found = found.filter(unit=unit)
    return [one for one in found.order_by("day", "id") if may(actor, "reports.read", one.unit)]


def preparation_for(actor: Actor, unit: Unit, key: int) -> Preparation:
    """Return what is prepared for a unit, for whoever may call it off."""
    found = Preparation.objects.select_related("unit").filter(unit=unit, pk=key).first()
    if found is None or not may(actor, rules.asked_for(found.what), found.unit):
        raise NotFound(_("There is nothing here that you may see."))
    return found


def parent_periods(known_at: dt.datetime | None = None, *, parent: Unit | None = None) -> list[ParentPeriod]:
    """Return where every unit lay when, as believed at a moment of knowledge; or what ever lay in one."""
    rows = _rows(
        f"""select p.unit_id, p.parent_id, lower(p.valid), upper(p.valid), p.absorbed
        from structure_unitparent p where {BELIEVED.format(t="p")}
          and (%(parent)s::bigint is null or p.parent_id = %(parent)s)""",  # noqa: S608  # nosec B608 - a constant
        {"known_at": known_at, "parent": parent.pk if parent else None},
    )
    return [ParentPeriod._make(row) for row in rows]


def called(unit_ids: Sequence[int], on: dt.date, known_at: dt.datetime | None = None) -> dict[int, Called]:
    """Return names and kinds of units as of a day; a unit that has ended keeps its last ones."""
    rows = _rows(
        f"""
        select u.id, u.code, n.names, u.languages, k.kind_id, kk.names,
               u.illustrative, u.founded_on, u.dissolved_on
        from structure_unit u
        join lateral (
          select names from structure_unitname n
          where n.unit_id = u.id and lower(n.valid) <= greatest(%(on)s, u.founded_on)
            and {BELIEVED.format(t="n")}
          order by lower(n.valid) desc limit 1) n on true
        join lateral (
          select kind_id from structure_unitkind k
          where k.unit_id = u.id and lower(k.valid) <= greatest(%(on)s, u.founded_on)
            and {BELIEVED.format(t="k")}
          order by lower(k.valid) desc limit 1) k on true
        join structure_kind kk on kk.code = k.kind_id
        where u.id = any (%(ids)s)
        """,  # noqa: S608  # nosec B608 - a constant
        {"ids": list(unit_ids), "on": on, "known_at": known_at},
    )
    # Django leaves JSON of a plain cursor as text.
    return {
        key: Called(
            key, code, localized(json.loads(names), languages), kind, localized(json.loads(kind_names)), *rest
        )
        for key, code, names, languages, kind, kind_names, *rest in rows
    }


@dataclass(frozen=True, slots=True)
class Named:
    """A unit in a sentence: what it is called today, looked up when the sentence is written, not before."""

    unit: Unit

    def __str__(self) -> str:
        found = called([self.unit.pk], clock.today())
        return found[self.unit.pk].name if self.unit.pk in found else self.unit.code


def names_below(paths: Sequence[str], on: dt.date, *, most: int) -> list[UnitChoice]:
    """Return the first `most` units of these paths that keep names and go on, each after that it lies in."""
    rows = _rows(
        """
        select u.code, u.path, u.languages,
               (select n.names from structure_unitname n
                where n.unit_id = u.id and upper_inf(n.recorded)
                  and lower(n.valid) <= greatest(%(on)s, u.founded_on)
                order by lower(n.valid) desc limit 1)
        from structure_unit u
        where u.path like any (%(below)s) and u.dissolved_on is null and u.holds_names
        order by u.path limit %(most)s
        """,
        {"below": [f"{path}%" for path in paths], "on": on, "most": most},
    )
    return [
        UnitChoice(code, path, localized(json.loads(names), languages) if names else code)
        for code, path, languages, names in rows
    ]


def tree(actor: Actor, *, on: dt.date, known_at: dt.datetime | None = None) -> tuple[Node, ...]:
    """Return the units as they lay at the end of a day, each after its parent, siblings by code.

    Units and what describes them are read by everybody who is signed in.
    """
    if not actor.operator and actor.account_id is None:
        raise NotFound(_("Sign in to see the tree."))
    lies = _parents_on(on, known_at)
    known = {unit.pk: unit for unit in Unit.objects.filter(founded_on__lte=on).exclude(dissolved_on__lte=on)}
    names = called(list(known), on, known_at)
    below: dict[int | None, list[int]] = {}
    for key in sorted((key for key in known if key in names), key=lambda key: known[key].code):
        below.setdefault(lies.get(key), []).append(key)
    nodes: list[Node] = []
    waiting: list[tuple[int, int, int | None]] = [(key, 0, None) for key in reversed(below.get(None, []))]
    while waiting:
        key, depth, parent = waiting.pop()
        nodes.append(_node(known[key], names[key], depth, parent))
        waiting.extend((child, depth + 1, key) for child in reversed(below.get(key, [])))
    return tuple(nodes)


def _parents_on(on: dt.date, known_at: dt.datetime | None) -> dict[int, int]:
    """Return each unit's parent on a day."""
    return {
        one.unit_id: one.parent_id
        for one in parent_periods(known_at)
        if one.start <= on and (one.end is None or one.end > on)
    }


def name_history(unit: Unit) -> list[UnitName]:
    """Return the names of a unit as believed now, oldest first."""
    return list(UnitName.objects.filter(unit=unit, recorded__upper_inf=True).order_by("valid"))


def kind_history(unit: Unit) -> list[UnitKind]:
    """Return the kinds of a unit as believed now, oldest first."""
    return list(
        UnitKind.objects.filter(unit=unit, recorded__upper_inf=True).select_related("kind").order_by("valid")
    )


def parent_history(unit: Unit) -> list[UnitParent]:
    """Return where a unit lay, as believed now, oldest first."""
    return list(
        UnitParent.objects.filter(unit=unit, recorded__upper_inf=True)
        .select_related("parent")
        .order_by("valid")
    )


def events(unit: Unit) -> list[UnitEvent]:
    """Return what happened to a unit, newest first."""
    found = UnitEvent.objects.filter(unit=unit, undone_at=None).select_related("unit", "other")
    return list(found.order_by("-day", "-id"))


def _node(unit: Unit, name: Called, depth: int, parent: int | None) -> Node:
    return Node(
        unit.pk,
        unit.code,
        name.name,
        name.kind,
        name.kind_name,
        depth,
        parent,
        unit.illustrative,
        unit.country,
        unit.town,
        unit.latitude,
        unit.longitude,
    )


def _rows(statement: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
