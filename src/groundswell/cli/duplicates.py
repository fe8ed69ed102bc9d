"""`groundswell duplicates`: who may be one person written down twice, in one list or across two."""

import argparse
import json
import sys
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Final

from groundswell.calc.errors import CalcError
from groundswell.calc.matching import FIELD_NAMES, THRESHOLD, Found, People, find
from groundswell.cli import typed
from groundswell.cli.errors import CommandError
from groundswell.ground import collector, language
from groundswell.ground.language import gettext as _
from groundswell.ground.language import of_machine

ID_WORDS: Final = ("id", "rec id", "record id", "person id", "member id", "external id", "uid", "key")
# What the import of lists has no use for, and how other registers part an address.
MORE_WORDS: Final = {
    "state": "region",
    "province": "region",
    "county": "region",
    "bundesland": "region",
    "kanton": "region",
    "suburb": "town",
    "address 1": "street",
    "street number": "street",
    "house number": "street",
    "hausnummer": "street",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "file", type=typed.path, metavar="FILE", help=_("a list with a column id: CSV, XLSX or ODS")
    )
    parser.add_argument(
        "other", type=typed.path, nargs="?", metavar="OTHER", help=_("a second: then pairs across the two")
    )
    parser.add_argument(
        "--threshold",
        type=float,
        default=THRESHOLD,
        metavar="P",
        help=_("from which probability two rows are a pair (default %(threshold)s)")
        % {"threshold": THRESHOLD},
    )
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help=_("text (default) or json")
    )


def run(options: argparse.Namespace) -> int:
    """Find and print. Raises `CommandError` for any refusal."""
    if not 0 < options.threshold <= 1:
        raise CommandError(
            "usage",
            _("--threshold %(threshold)s: a probability is above 0 and at most 1.")
            % {"threshold": options.threshold},
            "--threshold",
        )
    with collector.resting():  # millions of small tuples live to the end: looking for circles takes a third
        people = _read(options.file)
        others = None if options.other is None else _read(options.other)
        found = find(people, others, threshold=options.threshold)
    sys.stdout.write(_as_json(found) if options.format == "json" else _as_text(found))
    return 0


def _read(path: Path) -> People:
    """Read a list as the import reads it: any encoding, any separator."""
    _set_words_up()
    from groundswell.exchange.importing.reading import rows
    from groundswell.kernel.errors import Refusal

    try:
        table = rows(path)
        known = _header_words()
        meanings = [_meaning(column, known) for column in table.columns]
        _check(meanings, table.columns, path)
        values = [row.values for row in table.rows]
        return _people(meanings, values, path)
    except Refusal as refusal:
        raise CommandError(refusal.code, f"{path.name}: {refusal}", path.name) from refusal
    except CalcError as refusal:
        raise CommandError(refusal.code, f"{path.name}: {refusal.said(_)}", path.name) from refusal
    except OSError as problem:
        sentence = _("%(path)s cannot be read: %(reason)s.") % {
            "path": path.name,
            "reason": of_machine(problem),
        }
        raise CommandError("file", sentence, path.name) from problem


def _set_words_up() -> None:
    """Let the reader, which words its refusals by Django's gettext, speak as this command does."""
    from django.conf import settings

    if settings.configured:
        return
    spoken = language.spoken()
    settings.configure(
        USE_I18N=spoken != language.ENGLISH, LANGUAGE_CODE=spoken, LOCALE_PATHS=[str(language.LOCALE)]
    )
    if spoken != language.ENGLISH:
        from django.apps import apps

        apps.populate(())  # without rooms: here is no database


def _meaning(column: str, known: Mapping[str, str]) -> str:
    """Return the field a column is, `id`, or '' for one that is not compared."""
    words = _plain(column)
    if words in ID_WORDS:
        return "id"
    return words if words in FIELD_NAMES else MORE_WORDS.get(words) or known.get(words, "")


def _header_words() -> Mapping[str, str]:
    """Return the words by which the import knows the fields that are compared."""
    data = resources.files("groundswell.exchange.importing").joinpath("data/headers.json")
    listed = json.loads(data.read_text(encoding="utf-8"))
    return {_plain(word): field for field in FIELD_NAMES for word in listed.get(field, ())}


def _plain(header: str) -> str:
    return " ".join(header.casefold().replace("_", " ").replace("-", " ").split())


def _check(meanings: list[str], columns: tuple[str, ...], path: Path) -> None:
    if meanings.count("id") != 1:
        sentence = (
            _("%(name)s has more than one column of ids; its columns are %(columns)s.")
            if "id" in meanings
            else _("%(name)s has no column “id”; its columns are %(columns)s.")
        ) % {"name": path.name, "columns": ", ".join(columns)[:300]}
        raise CommandError("columns", sentence, path.name)
    if not any(meaning in FIELD_NAMES for meaning in meanings):
        raise CommandError(
            "columns",
            _("%(name)s has nothing to compare; give any of the columns %(fields)s.")
            % {"name": path.name, "fields": ", ".join(FIELD_NAMES)},
            path.name,
        )


def _people(meanings: list[str], values: list[tuple[str, ...]], path: Path) -> People:
    """Return the columns of the rows; several of one meaning become one, their words one after another."""
    wide = len(meanings)
    full = [row if len(row) == wide else (*row, *[""] * wide)[:wide] for row in values]
    by_place = list(zip(*full, strict=True)) if full else [()] * wide
    columns: dict[str, list[str]] = {}
    for meaning, cells in zip(meanings, by_place, strict=True):
        if meaning in columns:
            columns[meaning] = [f"{one} {more}" for one, more in zip(columns[meaning], cells, strict=True)]
        elif meaning:
            columns[meaning] = list(cells)
    ids = [one.strip() for one in columns.pop("id")]
    if "" in ids:
        place = ids.index("") + 1
        sentence = _("%(name)s: The row %(place)s below the header has no id; every row needs one.") % {
            "name": path.name,
            "place": place,
        }
        raise CommandError("ids", sentence, path.name)
    return People(ids, columns)


def _as_json(found: Found) -> str:
    said = {"pairs": [list(pair) for pair in found.pairs], "threshold": found.threshold}
    return json.dumps(said, ensure_ascii=False) + "\n"


def _as_text(found: Found) -> str:
    return "".join(f"{one}\t{other}\t{score:.3f}\n" for one, other, score in found.pairs)
