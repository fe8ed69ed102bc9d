"""Columns and rows as the tests of understanding them put them together."""

import datetime as dt

from groundswell.exchange.importing import looks, mapping
from groundswell.exchange.importing.entries import Setting, entry_of
from groundswell.exchange.importing.reading import Row

TODAY = dt.date(2024, 7, 15)
SETTING = Setting(unit="DEPOT", units={"DEPOT": 1, "HILL": 2}, today=TODAY, locale="de-AT", country="AT")


def profiles_of(rows, width):
    made = [looks.Profile() for _ in range(width)]
    for cells in rows:
        for profile, cell in zip(made, cells, strict=False):
            profile.take(cell)
    return made


def proposed(columns, *rows, **more):
    profiles = profiles_of(rows, len(columns))
    return mapping.propose(columns, profiles, rows, **more)


def understood(columns, row, fields=None, order="dmy"):
    chosen = fields or proposed(columns, row, order=order).fields
    made = mapping.ColumnMapping(tuple(chosen), tuple(order for _ in columns))
    return entry_of(Row(2, tuple(row)), made, SETTING)
