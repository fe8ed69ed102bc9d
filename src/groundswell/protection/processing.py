"""The record of processing (GDPR art. 30), written by the declarations every room makes of its tables."""

import csv
import io
from dataclasses import dataclass

from django.utils.translation import gettext as _

from groundswell.access import personal


@dataclass(frozen=True, slots=True)
class Entry:
    """What the record says of one table."""

    table: str
    title: str
    purpose: str
    basis: str
    kept: str
    erased: str
    fields: str
    sealed: str


def entries() -> list[Entry]:
    """Return the record, table by table; a field that nobody declared fails the build before it gets here."""
    becomes = {
        "delete": _("goes"),
        "blank": _("is emptied"),
        "pseudonym": _("stays under a number that leads to nobody"),
        "nothing": _("stays; nothing of hers is in it"),
    }
    return [
        Entry(
            one.table,
            str(one.title),
            str(one.purpose),
            str(one.basis),
            str(one.kept),
            becomes[one.erase],
            "; ".join(dict.fromkeys(str(words) for words in one.fields.values())),
            "; ".join(str(one.words(column)) for column in one.sealed),
        )
        for one in personal.tables()
    ]


def as_csv() -> str:
    """Return the record as a sheet (UTF-8, commas)."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        (
            _("Table"),
            _("What"),
            _("Purpose"),
            _("Legal basis"),
            _("Kept"),
            _("When a person is erased"),
            _("Data"),
            _("Of these encrypted"),
        )
    )
    for one in entries():
        row = (one.table, one.title, one.purpose, one.basis, one.kept, one.erased, one.fields, one.sealed)
        writer.writerow(row)
    return out.getvalue()
