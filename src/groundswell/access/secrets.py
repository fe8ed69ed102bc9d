"""Encrypted cells: a field whose text is sealed under the person's own key, and the blind index.

Each person's key lies in the schema `keys`, wrapped by a key that is kept outside the database.
Erasing it makes her cells unreadable wherever they are copied. A cell is bound to table, column and
row: a swapped one is detected.
"""

import hashlib
import hmac
import logging
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from typing import Any, ClassVar, TypeVar

from django.core.exceptions import FieldError
from django.db import connection, models
from django.db.models.query_utils import DeferredAttribute

from groundswell.access import cipher, gate
from groundswell.access.cipher import Unreadable

__all__ = [
    "EncryptedText",
    "Unreadable",
    "blind_index",
    "erase_key",
    "new_ids",
    "read",
    "seal_cell",
    "unlock",
]
logger = logging.getLogger(__name__)
Row = TypeVar("Row", bound=models.Model)


def blind_index(purpose: str, text: str) -> bytes:
    """Return 32 bytes by which equal texts find each other without being read.

    Case, form of the characters and outer blanks do not count. `purpose` keeps indexes apart.
    """
    folded = unicodedata.normalize("NFKC", text).strip().casefold()
    return hmac.new(gate.keyring().blind_key, f"{purpose}\0{folded}".encode(), hashlib.sha256).digest()


def person_keys(persons: Collection[int]) -> dict[int, bytes]:
    """Return the data keys of those persons who have one and whom the present scope sees."""
    if not persons:
        return {}
    wrap = gate.keyring().wrap_key
    with connection.cursor() as cursor:
        cursor.execute(
            "select person_id, wrapped from keys.personkey where person_id = any(%s)", [list(persons)]
        )
        return {
            person: cipher.unseal(wrap, bytes(wrapped), _key_place(person))
            for person, wrapped in cursor.fetchall()
        }


def make_person_keys(persons: Collection[int]) -> dict[int, bytes]:
    """Return the data keys of all these persons, making those that are missing."""
    wrap = gate.keyring().wrap_key
    known = person_keys(persons)
    missing = [person for person in persons if person not in known]
    if not missing:
        return known
    wrapped = [cipher.seal(wrap, cipher.new_key(), _key_place(person)) for person in missing]
    with connection.cursor() as cursor:
        # Another transaction may make the same key at this moment: what is there counts.
        cursor.execute(
            "insert into keys.personkey (person_id, wrapped) select * from unnest(%s::bigint[], %s::bytea[])"
            " on conflict do nothing",
            [missing, wrapped],
        )
    return known | person_keys(missing)


def erase_key(person: int) -> bool:
    """Erase a person's key: her cells are unreadable from now on. Return whether there was one.

    Only her data protection officer may (the database decides).
    """
    with connection.cursor() as cursor:
        cursor.execute("select keys_erase(%s)", [person])
        (erased,) = cursor.fetchone()
    return bool(erased)


def new_ids(model: type[models.Model], count: int) -> list[int]:
    """Take `count` numbers for rows to come: a cell is bound to its row, so the row has its number first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select nextval(pg_get_serial_sequence(%s, %s)) from generate_series(1, %s)",
            [_meta(model).db_table, _meta(model).pk.column, count],
        )
        return [number for (number,) in cursor.fetchall()]


def seal_cell(key: bytes, text: str, *, table: str, column: str, row: int) -> bytes:
    """Return one sealed cell, for bulk entry; `key` is one of `make_person_keys`."""
    return cipher.seal(key, text.encode(), cell_place(table, column, row))


def unlock(rows: Iterable[Row], *columns: str) -> list[Row]:
    """Open these cells of many rows with one query for the keys; return the rows of which all opened.

    What was sealed under a key that is gone stays locked: she was erased, or keys were not restored. Then she
    may have another key by now.
    """
    held = list(rows)
    keys = person_keys({_cell_of(row, column).person_of(row) for row in held for column in columns})
    return [row for row in held if all(_opened(row, column, keys) for column in columns)]


def read(row: models.Model, column: str) -> str | None:
    """Return the text of a cell; None where there is none, or it cannot be opened any more."""
    text: str | None = getattr(row, column) if unlock([row], column) else None
    return text


def _opened(row: models.Model, column: str, keys: Mapping[int, bytes]) -> bool:
    cell = _cell_of(row, column)
    key, sealed = keys.get(cell.person_of(row)), row.__dict__.get(cell.attname)
    if sealed is None or isinstance(sealed, str):
        return True
    if key is None:
        return False
    if cipher.sealed_by(sealed) != cipher.name_of(key):
        # Of two keys of hers it is the former, or somebody moved the cell here from another person.
        logger.warning("%s is sealed under another key than hers, and left out.", cell.place_in(row))
        return False
    cell.open_with(key, row)
    return True


class _Cell(DeferredAttribute):
    """Holds the sealed bytes, opens them when they are read, seals what is put in when it is saved."""

    field: "EncryptedText"

    def __get__(self, instance: models.Model | None, cls: type[models.Model] | None = None) -> Any:
        held = super().__get__(instance, cls)
        if instance is None or held is None or isinstance(held, str):
            return held
        opened = instance.__dict__.get(self.field.opened)
        if opened is None or opened[0] != held:
            person = self.field.person_of(instance)
            key = person_keys([person]).get(person)
            if key is None:
                raise Unreadable(f"{self.field.place_in(instance)} was erased, or is not yours to read.")
            return self.field.open_with(key, instance)
        return opened[1]

    def __set__(self, instance: models.Model, value: object) -> None:
        instance.__dict__[self.field.attname] = bytes(value) if isinstance(value, memoryview) else value


class EncryptedText(models.BinaryField):  # type: ignore[type-arg]  # not generic at run time
    """A text column that only the person's key opens.

    `person` names the column of the person it belongs to. It cannot be searched: keep a
    `blind_index` beside it. A row needs its number before it is saved (`new_ids`).
    """

    descriptor_class: ClassVar[type] = _Cell

    def __init__(self, *args: Any, person: str = "person_id", **options: Any) -> None:
        super().__init__(*args, **options)
        self.person = person

    def deconstruct(self) -> Any:
        """Return what a migration needs to make the field again."""
        name, path, args, options = super().deconstruct()
        if self.person != "person_id":
            options["person"] = self.person
        return name, path, args, options

    @property
    def opened(self) -> str:
        """The name under which an instance remembers what it opened."""
        return f"_opened_{self.attname}"

    def person_of(self, instance: models.Model) -> int:
        """Return the number of the person the row belongs to."""
        person: int | None = getattr(instance, self.person)
        if person is None:
            raise Unreadable(f"{self.place_in(instance)} belongs to nobody, so there is no key for it.")
        return person

    def place_in(self, instance: models.Model) -> str:
        """Return the place a cell is bound to."""
        if instance.pk is None:
            raise Unreadable("A row with an encrypted cell needs its number first: take it from `new_ids`.")
        return cell_place(_meta(instance).db_table, self.column, instance.pk)

    def open_with(self, key: bytes, instance: models.Model) -> str | None:
        """Open the cell with its person's key and remember the text on the instance."""
        held = instance.__dict__.get(self.attname)
        if held is None or isinstance(held, str):
            return held
        text = cipher.unseal(key, held, self.place_in(instance)).decode()
        instance.__dict__[self.opened] = (held, text)
        return text

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: ARG002, FBT001 - Django's signature
        """Return the sealed bytes; a text that was put in is sealed now."""
        held = model_instance.__dict__.get(self.attname)
        if isinstance(held, str):
            person = self.person_of(model_instance)
            place = self.place_in(model_instance)
            sealed = cipher.seal(make_person_keys([person])[person], held.encode(), place)
            model_instance.__dict__[self.attname] = sealed
            model_instance.__dict__[self.opened] = (sealed, held)
            return sealed
        return held

    def get_prep_value(self, value: Any) -> Any:
        """Return bytes for the database; a clear text must not get this far."""
        if isinstance(value, str):
            raise FieldError(f"{self.name} is encrypted: search its blind index, and save rows one by one.")
        return super().get_prep_value(value)


def _meta(model: models.Model | type[models.Model]) -> Any:
    return model._meta


def _cell_of(row: models.Model, column: str) -> EncryptedText:
    field = _meta(row).get_field(column)
    if not isinstance(field, EncryptedText):
        raise FieldError(f"{column} of {_meta(row).label} is not encrypted.")
    return field


def cell_place(table: str, column: str, row: int) -> str:
    """Return the place a cell is bound to."""
    return f"{table}.{column} of row {row}"


def _key_place(person: int) -> str:
    return f"The key of person {person}"
