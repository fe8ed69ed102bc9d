"""What a visitor who has signed in to nothing may read: three definer functions, and nothing else."""

import datetime as dt
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from groundswell.structure.queries import localized

FEW: Final = 5


@dataclass(frozen=True, slots=True)
class Published:
    """The report made public: its birth certificate and its body, the JSON contract."""

    as_of: dt.date
    since: dt.date
    known_at: dt.datetime
    structure: str
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Statement:
    """A resolution made public."""

    day: dt.date
    title: str
    kind: str
    result: str


def organisation_name() -> str:
    """Return the organisation's name of today in the reader's language; '' before it is founded."""
    row = _first("select names, locale from published_organisation()")
    return localized(_json(row[0]), [row[1].split("-")[0]]) if row else ""


def organisation_code() -> str:
    """Return the code of the organisation's first unit; '' before it is founded, or where it is protected."""
    row = _first("select code from published_organisation()")
    return row[0] if row else ""


def published() -> Published | None:
    """Return the newest report made public."""
    row = _first("select as_of, since, known_at, structure, body from published_report()")
    if row is None:
        return None
    as_of, since, known_at, structure, body = row
    return Published(as_of, since, known_at, structure, _json(body))


def open_to_all(body: Mapping[str, Any], findable: Collection[str]) -> dict[str, Mapping[str, Any]]:
    """Return the rows of a published report that stand on the page of their unit, by its code.

    `findable` are the codes of the units in it that strangers find: the row of a protected one is left out.
    Of a few members a count is a person: so is a row of fewer than five, now or before. Where one row alone
    is left out the next smallest is too, or subtracting the others from the whole would tell it.
    """
    rows = sorted(body["units"], key=_least)
    shown = [row for row in rows if row["code"] in findable and _least(row) >= FEW]
    if len(rows) - len(shown) == 1:
        shown = shown[1:]
    marked = any(row["illustrative"] for row in rows)
    whole = {**body["total"], "illustrative": marked}
    return {row["code"]: row for row in shown} | {body["unit"]: whole}


def _least(row: Mapping[str, Any]) -> int:
    return min(int(row["members"]), int(row["previous"]))


def statements(most: int = 20) -> list[Statement]:
    """Return the resolutions made public, newest first."""
    rows = _all("select day, titles, kind, result from published_resolutions() limit %s", [most])
    return [Statement(day, localized(_json(titles)), kind, result) for day, titles, kind, result in rows]


def _json(value: Any) -> Any:
    # A bare cursor leaves jsonb as text under Django.
    return json.loads(value) if isinstance(value, str) else value


def _first(statement: str) -> tuple[Any, ...] | None:
    rows = _all(statement, [])
    return rows[0] if rows else None


def _all(statement: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
