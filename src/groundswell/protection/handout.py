"""Everything that is held of a person, in words and as data: the answer to an access request (GDPR art. 15).

The rows are those the database hands out (`access.erasing.held_of`); titles, purposes and meanings come
from the declarations of the rooms, so that the record of processing and the answer cannot disagree.
"""

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from groundswell.access import erasing, personal, reading
from groundswell.access.erasing import Held
from groundswell.access.personal import PersonalTable
from groundswell.access.reading import Reading
from groundswell.accounts.words import office_names
from groundswell.kernel import clock
from groundswell.people.models import Person
from groundswell.protection import printing, queries, rules
from groundswell.protection.models import ConsentText
from groundswell.protection.words import purpose_name, ways
from groundswell.structure import queries as structure
from groundswell.web import figures

FORMAT: Final = "groundswell-person/1"
# What a receipt gives as the purpose of a copy: kept as it is, said in the language of whoever reads it.
ACCESS_REQUEST: Final = "access request"
# Columns that hold the number of a unit.
UNITS: Final = frozenset(
    {"unit_id", "from_unit_id", "other_id", "entry_other_id", "exit_other_id", "office_unit_id", "held_by_id"}
)
# A range as the database writes it: days as [2024-01-31,), moments in quotation marks.
_RANGE: Final = re.compile(
    r"""[\[(]"?((?:\d{4}-\d\d-\d\d[^",)\]]*|-infinity)?)"?,"?((?:\d{4}-\d\d-\d\d[^",)\]]*|infinity)?)"?[\])]"""
)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TRAIL: Final = "access_trailpayload"
_READING: Final = "access_reading"
_CONSENT: Final = "protection_consent"


@dataclass(frozen=True, slots=True)
class Section:
    """What one table holds of her, in words: each row as (what it is, what stands there)."""

    table: str
    title: str
    purpose: str
    basis: str
    kept: str
    rows: tuple[tuple[tuple[str, str], ...], ...]


@dataclass(frozen=True, slots=True)
class Document:
    """Everything held of a person at a moment."""

    person: int
    name: str
    made_at: dt.datetime
    held: tuple[Held, ...]
    readings: tuple[Reading, ...]
    units: Mapping[int, str]
    texts: Mapping[int, ConsentText]
    named: Mapping[tuple[str, str], Mapping[int, str]]

    def sections(self) -> list[Section]:
        """Return it in words, table by table; tables that hold nothing of her are left out."""
        return [self._section(one) for one in self.held if one.rows and one.table.table != _READING]

    def readers(self) -> list[tuple[str, str]]:
        """Return who opened her record: (when, a sentence), the newest first."""
        language = get_language() or "en"
        return [
            (f"{figures.day(one.at.date(), language)}, {one.at:%H:%M} UTC", self._read(one))
            for one in self.readings
        ]

    def as_json(self) -> str:
        """Return it as data, with what every field means."""
        said = {
            "format": FORMAT,
            "person": self.person,
            "name": self.name,
            "made_at": self.made_at.isoformat(),
            "time_zone": "UTC",
            "units": {str(key): name for key, name in self.units.items()},
            "consent_texts": {str(key): _text_as_data(text) for key, text in self.texts.items()},
            "tables": [_as_data(one, self.named) for one in self.held],
            "read_by": [_reading_as_data(one) for one in self.readings],
            "rights": rights(),
        }
        return json.dumps(said, ensure_ascii=False, indent=1) + "\n"

    def as_pdf(self) -> bytes:
        """Return it as a document to be read."""
        language = get_language() or "en"
        made = f"{figures.day(self.made_at.date(), language)}, {self.made_at:%H:%M} UTC"
        said = {
            "language": language.partition("-")[0],
            "title": _("What is held of %(name)s") % {"name": self.name},
            "made": _("As of %(when)s.") % {"when": made},
            "sections": [
                {
                    "title": one.title,
                    "notes": notes_of(one),
                    "rows": [[list(pair) for pair in row] for row in one.rows],
                }
                for one in self.sections()
            ],
            "readers_title": _("Who opened your record"),
            "nobody": _("Nobody but yourself."),
            "readers": [list(one) for one in self.readers()],
            "rights_title": _("What you may ask for"),
            "rights": rights(),
        }
        return printing.pdf(said, made_at=self.made_at)

    def _section(self, one: Held) -> Section:
        declared = one.table
        rows = (tuple(self._row(declared.table, row)) for row in one.rows)
        return Section(
            declared.table,
            str(declared.title),
            str(declared.purpose),
            str(declared.basis),
            str(declared.kept),
            tuple(row for row in rows if row),
        )

    def _row(self, table: str, row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        if table == _TRAIL:
            yield from self._change(row)
            return
        declared = personal.table(table)
        for column, value in row.items():
            words = declared.words(column)
            if words is not None and value not in (None, "", [], {}):
                yield str(words), self._cell(declared, column, value)

    def _agreed(self, column: str, value: Any) -> str:
        """Return what a cell of a consent says: its purpose, its words, the way; '' for any other."""
        if column == "how":
            return ways().get(value, "")
        for text in self.texts.values():
            if column == "purpose_id" and text.purpose_id == value:
                return purpose_name(text.purpose)
            if column == "text_id" and text.pk == value:
                said = {"words": text.words, "number": text.number}
                return _("%(words)s (version %(number)d)") % said
        return ""

    def _change(self, row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Yield when a row was changed, in which table, and what stood there, if anything did."""
        declared = personal.find(str(row["table"]))
        stood = tuple(self._stood(declared, row)) if declared and _tells(row) else ()
        if declared and stood:
            yield _("when, by the machine's clock"), self._value("at", row["at"])
            yield _("where"), str(declared.title)
            yield from stood

    def _stood(self, declared: PersonalTable, row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Yield what stood in a row before and after it was changed, or was written with it."""
        before, after = row["old"] or {}, row["new"] or {}
        for column in {**before, **after}:
            words = declared.words(column)
            if words is None or before.get(column) == after.get(column):
                continue
            was, is_now = (self._cell(declared, column, side.get(column)) for side in (before, after))
            if before:
                yield str(words), f"{was} → {is_now}"
            elif after[column] not in (None, "", [], {}):
                yield str(words), is_now

    def _cell(self, declared: PersonalTable, column: str, value: Any) -> str:
        """Return what a cell says: a word of the machine, or a number that leads somewhere, by its name."""
        agreed = self._agreed(column, value) if declared.table == _CONSENT else ""
        if agreed:
            return agreed
        if column in declared.says and isinstance(value, str):
            value = declared.says[column]().get(value, value)
        if column in declared.leads and isinstance(value, int):
            value = self.named[declared.table, column].get(value, value)
        return self._value(column, value)

    def _value(self, column: str, value: Any) -> str:
        if value is None or value == "":
            return "–"
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if column in UNITS:
            return self.units.get(int(value), str(value))
        if isinstance(value, list):
            return ", ".join(self._value("", one) for one in value)
        if isinstance(value, dict):
            said = {key: self._value(key, one) for key, one in value.items() if one not in (None, "", [], {})}
            return "; ".join(f"{key}: {text}" for key, text in said.items() if text)
        return _period(str(value)) or _moment(str(value))

    def _read(self, one: Reading) -> str:
        runs = one.office == "operator"
        nameless = _("Whoever runs the server") if runs else _("Somebody whose name is not kept")
        words = {
            "who": one.name or nameless,
            "office": _("operator") if runs else office_names().get(one.office, one.office),
            "unit": self.units.get(one.office_unit_id or 0, ""),
        }
        did = {
            reading.RECORD: _("%(who)s (%(office)s %(unit)s) opened your record."),
            reading.LIST: _("%(who)s (%(office)s %(unit)s) opened a list with your contact details."),
            reading.SAMPLE: _("%(who)s (%(office)s %(unit)s) drew you in a sample and read your record."),
            reading.EXPORT: _("%(who)s (%(office)s %(unit)s) took your record into an export."),
        }
        sentence = did.get(one.what, did[reading.RECORD]) % words
        said = _("access request") if one.purpose == ACCESS_REQUEST else one.purpose
        purpose = _("For: %(purpose)s.") % {"purpose": said} if said else ""
        return f"{sentence.replace(' )', ')')} {purpose}".strip()


def document(person: Person, *, at: dt.datetime) -> Document:
    """Return everything held of a person; the database refuses whoever is not to have it."""
    held = tuple(_opened(one) for one in erasing.held_of(person.pk))
    readings = tuple(reading.of(person.pk, most=1000))
    keys = {int(row[column]) for one in held for row in one.rows for column in UNITS if row.get(column)}
    keys |= {one.office_unit_id for one in readings if one.office_unit_id is not None}
    names = structure.called(sorted(keys), clock.today())
    called = {key: one.name for key, one in names.items()}
    rows = _by_table(held)
    texts = queries.texts_by_key({row["text_id"] for row in rows.get(_CONSENT, ()) if row.get("text_id")})
    return Document(person.pk, person.name, at, held, readings, called, texts, _named(held, rows))


def _opened(one: Held) -> Held:
    """Return the rows of a table with what lies within its cells, as their rooms open them."""
    if one.table.table != _TRAIL:
        return Held(one.table, tuple(_within(one.table, row) for row in one.rows))
    rows = []
    for row in one.rows:
        declared = personal.find(str(row["table"]))
        sides = {side: _within(declared, row[side]) for side in ("old", "new") if declared and row[side]}
        rows.append({**row, **sides})
    return Held(one.table, tuple(rows))


def _within(declared: PersonalTable, row: Mapping[str, Any]) -> dict[str, Any]:
    found = {column: opens(row) for column, opens in declared.opens.items() if row.get(column) is not None}
    return {**row, **found}


def _tells(change: Mapping[str, Any]) -> bool:
    """Return whether a change says anything: not who read (said apart), nor what machinery alone wrote."""
    before, after = change["old"], change["new"]
    if change["table"] == _READING:
        return False
    if not before or not after:
        return True
    return any(before.get(column) != after.get(column) for column in {*before, *after} - personal.MACHINERY)


def _by_table(held: Sequence[Held]) -> dict[str, list[Mapping[str, Any]]]:
    """Return the rows of each table with those that the trail holds of it."""
    rows: dict[str, list[Mapping[str, Any]]] = {one.table.table: list(one.rows) for one in held}
    for change in rows.get(_TRAIL, ()):
        sides = (change["old"], change["new"])
        rows.setdefault(str(change["table"]), []).extend(side for side in sides if side)
    return rows


def _named(
    held: Sequence[Held], rows: Mapping[str, Sequence[Mapping[str, Any]]]
) -> dict[tuple[str, str], Mapping[int, str]]:
    """Return by table and column what the numbers in it lead to, by name."""
    return {
        (declared.table, column): names({row[column] for row in rows[declared.table] if row.get(column)})
        for declared in (one.table for one in held)
        for column, names in declared.leads.items()
    }


def notes_of(section: Section) -> list[str]:
    """Return what must be said of a table besides its rows (GDPR art. 15(1))."""
    return [
        _("Purpose: %(purpose)s.") % {"purpose": section.purpose},
        _("Legal basis: %(basis)s.") % {"basis": section.basis},
        _("Kept: %(kept)s.") % {"kept": section.kept},
    ]


def rights() -> list[str]:
    """Return what a person may ask for, and how far an erasure reaches when."""
    return [
        _("Correction, a copy, erasure, restriction, and objection: ask your data protection officer."),
        _("You may withdraw any consent; what was done before stays lawful."),
        _("You may complain to the data protection authority of your country."),
        *reach_of_erasure(),
    ]


def reach_of_erasure() -> list[str]:
    """Return the honest sentences about what an erasure reaches when."""
    days = {"keys": rules.KEY_BACKUP_DAYS, "names": rules.BACKUP_DAYS}
    return [
        _("An erasure takes names, details, notes and keys from the database at once."),
        _(
            "In backups, encrypted details are unreadable after %(keys)s days; names and days of"
            " membership are gone when the last backup expires, after %(names)s days."
        )
        % days,
        _("The figures stay: memberships and movements are kept under a number that leads to nobody."),
    ]


def _as_data(one: Held, named: Mapping[tuple[str, str], Mapping[int, str]]) -> dict[str, Any]:
    declared = one.table
    leads = {column: named[declared.table, column] for column in declared.leads}
    columns = {column for row in one.rows for column in row}
    words = {column: declared.words(column) for column in sorted(columns)}
    return {
        "table": declared.table,
        "title": str(declared.title),
        "purpose": str(declared.purpose),
        "legal_basis": str(declared.basis),
        "kept": str(declared.kept),
        "fields": {column: str(said) for column, said in words.items() if said is not None},
        "names": {column: {str(key): name for key, name in found.items()} for column, found in leads.items()},
        "rows": [dict(row) for row in one.rows],
    }


def _text_as_data(text: ConsentText) -> dict[str, Any]:
    return {
        "purpose": text.purpose.code,
        "version": text.number,
        "language": text.language,
        "words": text.words,
    }


def _reading_as_data(one: Reading) -> dict[str, Any]:
    return {
        "at": one.at.isoformat(),
        "what": one.what,
        "purpose": one.purpose,
        "office": one.office,
        "office_unit_id": one.office_unit_id,
        "reader": one.name,
    }


def _period(text: str) -> str:
    """Return days or moments 'from until', as the database writes a range, in words; '' of anything else."""
    found = _RANGE.fullmatch(text)
    if found is None:
        return ""
    first, last = (_end(part) for part in found.groups())
    if first and last:
        return _("from %(first)s until %(last)s") % {"first": first, "last": last}
    if first:
        return _("since %(first)s") % {"first": first}
    return _("until %(last)s") % {"last": last} if last else _("always")


def _end(text: str) -> str:
    """Return one end of a range in words: a day in full, a moment in UTC, '' where it is open."""
    return _moment(text) if text not in {"", "infinity", "-infinity"} else ""


def _moment(text: str) -> str:
    """Return a day or a moment as the database writes it in full, in UTC; other texts as they are."""
    language = get_language() or "en"
    try:
        if _DAY.fullmatch(text):
            return figures.day(dt.date.fromisoformat(text), language)
        if len(text) > len("2024-01-31T12:00") and text[10:11] in {"T", " "}:
            moment = dt.datetime.fromisoformat(text)
            return figures.moment(moment, language) if moment.tzinfo is not None else text
    except (ValueError, OverflowError):
        # No such day; or, in words that somebody wrote, a moment which in UTC lies before the year 1.
        return text
    return text
