"""Read facts.toml, the dated facts of the scenario, and judge them against its units and days."""

import datetime as dt
import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from groundswell.exchange.scenario.facts import (
    Decision,
    Facts,
    LateEntry,
    Meeting,
    Preparation,
    Promotion,
    PromotionRule,
    Renaming,
    Target,
    Unit,
)
from groundswell.exchange.scenario.tables import Document, read_toml

KINDS: Final = ("section", "group")
COUNT_MOST: Final = 10_000_000


def read_facts(folder: Path, units: Mapping[str, Unit], days: tuple[dt.date, ...]) -> Facts:
    """Return the facts of `folder`, whose codes are all in `units`, or raise ScenarioProblem."""
    document = read_toml(folder, "facts.toml")
    international = document.table("international")
    rule = document.table("promotion")
    renamings, preparations, promotions = _read_unit_events(document, units)
    return Facts(
        international=_read_names(document, international),
        bodies=_texts(document, international, "bodies"),
        renamings=renamings,
        preparations=preparations,
        promotions=promotions,
        promotion_rule=PromotionRule(
            members=_count(document, rule, "members"),
            branches=_count(document, rule, "branches"),
            elected_committee=document.value(rule, "elected_committee", bool),
        ),
        thresholds=_read_thresholds(document),
        targets=tuple(_read_target(document, entry, units) for entry in document.tables("target")),
        meeting=_read_meeting(document),
        congress_called_on=document.day(document.table("congress"), "called_on"),
        late=_read_late(document, units, days),
    )


def _read_names(document: Document, table: Mapping[str, Any]) -> tuple[tuple[dt.date, str], ...]:
    names = document.value(table, "names", list)
    found = tuple((document.day(entry, "from"), document.value(entry, "name", str)) for entry in names)
    if not found:
        raise document.cell("names", "[]").refuse("names nobody")
    for (earlier, _), (later, _) in itertools.pairwise(found):
        if later <= earlier:
            raise document.cell("from", later).refuse(f"does not come after {earlier}")
    return found


def _texts(document: Document, table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    values = document.value(table, key, list)
    for value in values:
        if not isinstance(value, str) or not value:
            raise document.cell(key, value).refuse("is not a text")
    return tuple(values)


def _count(document: Document, table: Mapping[str, Any], key: str) -> int:
    number: int = document.value(table, key, int)
    if not 0 < number <= COUNT_MOST:
        raise document.cell(key, number).refuse(f"does not lie between 1 and {COUNT_MOST:,}")
    return number


def _known(document: Document, code: str, codes: Mapping[str, Unit]) -> Unit:
    if code not in codes:
        raise document.cell(code, code).refuse("is not in units.csv")
    return codes[code]


def _read_unit_events(
    document: Document, codes: Mapping[str, Unit]
) -> tuple[tuple[Renaming, ...], tuple[Preparation, ...], tuple[Promotion, ...]]:
    renamings: list[Renaming] = []
    preparations: list[Preparation] = []
    promotions: list[Promotion] = []
    for entry in document.tables("unit_event"):
        what = document.value(entry, "what", str)
        if what == "renamed":
            renamings.extend(_read_renamings(document, entry, codes))
        elif what == "promoted":
            promotions.extend(_read_promotions(document, entry, codes))
        elif "announced_on" in entry:
            preparations.extend(
                Preparation(_known(document, code, codes).code, what, document.day(entry, "announced_on"))
                for code in _texts(document, entry, "codes")
            )
        else:
            raise document.cell("what", what).refuse("is not known, and announces nothing")
    return tuple(renamings), tuple(preparations), tuple(promotions)


def _read_renamings(
    document: Document, entry: Mapping[str, Any], codes: Mapping[str, Unit]
) -> list[Renaming]:
    names = document.value(entry, "name", dict)
    dates = document.value(entry, "on", dict)
    found = []
    for code in dates:
        unit = _known(document, code, codes)
        missing = [language for language in unit.languages if language not in names]
        if missing:
            raise document.cell("name", code).refuse(f"has no name in its language {missing[0]}")
        own = {language: names[language] for language in (*unit.languages, "en") if language in names}
        found.append(Renaming(code, document.day(dates, code), own))
    return found


def _read_promotions(
    document: Document, entry: Mapping[str, Any], codes: Mapping[str, Unit]
) -> list[Promotion]:
    found = []
    for code in _texts(document, entry, "codes"):
        promotion = Promotion(
            code=_known(document, code, codes).code,
            from_kind=document.cell("from_kind", document.value(entry, "from_kind", str)).one_of(KINDS),
            to_kind=document.cell("to_kind", document.value(entry, "to_kind", str)).one_of(KINDS),
            on=document.day(entry, "on"),
        )
        if codes[code].kind != promotion.from_kind:
            raise document.cell("from_kind", promotion.from_kind).refuse(
                f"is not what {code} is in units.csv"
            )
        found.append(promotion)
    return found


def _read_thresholds(document: Document) -> tuple[int, ...]:
    values = document.value(document.table("milestones"), "thresholds", list)
    for value in values:
        if not isinstance(value, int) or not 0 < value <= COUNT_MOST:
            raise document.cell("thresholds", value).refuse("is not a positive whole number")
    if sorted(set(values)) != values:
        raise document.cell("thresholds", values).refuse("does not ascend")
    return tuple(values)


def _read_target(document: Document, entry: Mapping[str, Any], codes: Mapping[str, Unit]) -> Target:
    target = Target(
        code=_known(document, document.value(entry, "unit", str), codes).code,
        figure=document.cell("figure", document.value(entry, "figure", str)).one_of(["members"]),
        value=_count(document, entry, "value"),
        by=document.day(entry, "by"),
        declared_on=document.day(entry, "declared_on"),
        declared_by=document.value(entry, "declared_by", str),
    )
    if target.by <= target.declared_on:
        raise document.cell("by", target.by).refuse(f"does not come after {target.declared_on}")
    return target


def _read_meeting(document: Document) -> Meeting:
    table = document.table("executive_meeting")
    decisions = document.value(table, "decisions", list)
    meeting = Meeting(
        place=document.value(table, "place", str),
        opens=document.day(table, "opens"),
        closes=document.day(table, "closes"),
        sessions=_texts(document, table, "sessions"),
        decisions=tuple(
            Decision(*(document.value(entry, key, str) for key in ("what", "kind", "result")))
            for entry in decisions
        ),
    )
    if meeting.closes < meeting.opens:
        raise document.cell("closes", meeting.closes).refuse(f"comes before {meeting.opens}")
    return meeting


def _read_late(document: Document, codes: Mapping[str, Unit], days: tuple[dt.date, ...]) -> LateEntry:
    table = document.table("late_entry")
    late = LateEntry(
        code=_known(document, document.value(table, "unit", str), codes).code,
        joined_on=document.day(table, "joined_on"),
        recorded_on=document.day(table, "recorded_on"),
        persons=_count(document, table, "persons"),
    )
    if not days[-2] < late.joined_on <= days[-1]:
        raise document.cell("joined_on", late.joined_on).refuse(
            f"does not lie after {days[-2]} and by {days[-1]}"
        )
    if late.recorded_on <= days[-1]:
        cell = document.cell("recorded_on", late.recorded_on)
        raise cell.refuse(f"does not come after {days[-1]}")
    before, after = codes[late.code].counts[-2:]
    if late.persons > after - before:
        raise document.cell("persons", late.persons).refuse(
            f"is more than {late.code} gained after {days[-2]} ({after - before})"
        )
    return late
