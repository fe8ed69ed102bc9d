"""Which tables an organisation consists of, in the order in which they are written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.apps import apps
from django.db import models

from groundswell.access.secrets import EncryptedText

ROOMS: Final = ("structure", "people", "accounts", "protection", "democracy", "reports")
# What is not taken along, each with its reason.
LEFT_OUT: Final = {
    "people.Movement": "made anew by the triggers from memberships and returns",
    "people.Rollup": "sums of movements",
    "people.SectionRollup": "sums of movements",
    "accounts.SignInLink": "a secret that opens a door here",
    "protection.Sample": "opens records to an auditor here, by a lot that the database alone draws",
    "protection.Drawn": "who stands in a sample",
}
# Columns that are not taken along: secrets, and what only orders the recordings of this installation.
SECRET: Final = frozenset({"password", "last_login"})
# … of what only this installation's keys make: of a contact, and of a link that is left out altogether.
KEYED: Final = {"people.Contact": frozenset({"digest"})}
STAMPS: Final = frozenset({"recorded_stamp", "superseded_stamp", "ended_stamp"})
# What a table needs of this installation where the column was left out.
REPLACED: Final = {"accounts.Account": {"password": "!"}}
# Returns are counted in the order of their days.
ORDERS: Final = {"people.Return": "as_of, id"}
# … each by itself: its trigger looks for those before it.
ONE_BY_ONE: Final = frozenset({"people.Return"})
# So far the numbers of an installation are counted up after an import; one of many years stays far below.
MOST: Final = 100_000_000
# Tables without a model: their columns are taken as they are.
BARE: Final = ("people_countingrule",)


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its name in the form, in the database, its columns, and those that are opened and sealed."""

    name: str
    table: str
    columns: tuple[str, ...]
    sealed: tuple[str, ...] = ()
    person: str = ""
    believed: bool = False
    numbered: bool = False

    def is_understood(self, row: Mapping[str, Any]) -> bool:
        """Return whether a row has a number, and its open cells are texts of a person, to be sealed."""
        number = row.get("id")
        if self.numbered and not (isinstance(number, int) and 0 < number <= MOST):
            return False
        return not self.sealed or (
            isinstance(row.get(self.person), int)
            and all(column in row and _is_text(row[column]) for column in self.sealed)
        )


def _is_text(cell: object) -> bool:
    """Return whether a cell is a text, or none; half a sign (a lone surrogate) is in no text."""
    return cell is None or (isinstance(cell, str) and not any("\ud800" <= sign <= "\udfff" for sign in cell))


def tables() -> list[Table]:
    """Return the tables, each after those that its rows point to."""
    found = {model._meta.label: model for model in _models()}
    placed: list[str] = []
    while len(placed) < len(found):
        placed += [
            label
            for label, model in found.items()
            if label not in placed and all(one in placed for one in _needs(model, found))
        ]
    made = [_table(found[label]) for label in placed]
    at = next(place for place, one in enumerate(made) if one.name == "people.Person")
    return [*made[:at], Table("people.CountingRule", BARE[0], ()), *made[at:]]


def _models() -> Iterator[type[models.Model]]:
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            if model._meta.label not in LEFT_OUT and model._meta.managed:
                yield model


def _needs(model: type[models.Model], found: dict[str, Any]) -> Iterator[str]:
    for field in model._meta.concrete_fields:
        other = field.related_model
        if isinstance(other, type) and other is not model and other._meta.label in found:
            yield other._meta.label


def _table(model: type[models.Model]) -> Table:
    fields = model._meta.concrete_fields
    sealed = tuple(one.column for one in fields if isinstance(one, EncryptedText))
    person = next((one.person for one in fields if isinstance(one, EncryptedText)), "")
    left_out = SECRET | STAMPS | KEYED.get(model._meta.label, frozenset())
    columns = tuple(one.column for one in fields if one.column not in left_out)
    return Table(
        model._meta.label,
        model._meta.db_table,
        columns,
        sealed,
        person,
        believed=model._meta.label == "people.Return" or any(one.column == "recorded" for one in fields),
        numbered=model._meta.auto_field is not None,
    )
