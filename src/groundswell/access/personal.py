"""Which tables hold something of a person, and what becomes of it: one declaration for each table.

Rooms register theirs from `apps.ready()`. From the declarations come the answer to an access request,
erasure, the merging of two persons and the record of processing (GDPR art. 30). A column that leads
to a person, and a field of a table of hers, fail a test in `tests/architecture` until they are declared.

The database keeps a copy that only migrations write (`mirror`): its own functions erase and hand out
by it, so that no statement of the runtime role decides what is deleted.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import connections
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

# What erasing a person does to her rows: they go; they stay and the columns of `blanks` are emptied; they
# stay with her number as a pseudonym; they hold nothing of hers that could go.
ERASURES: Final = ("delete", "blank", "pseudonym", "nothing")
# What merging two persons does to the rows of the one who goes: they become the other's; both stay and are
# read together; one of two is chosen; what overlaps is withdrawn and the rest moves; they are ended.
MERGES: Final = ("move", "both", "keep one", "withdraw", "end", "nothing")

# Legal bases and periods that several tables share.
MEMBERSHIP: Final = _(
    "Legitimate activities of an organisation with a political or trade-union aim, for its members, former"
    " members and those in regular contact (GDPR art. 9(2)(d) and 6(1)(b))"
)
CONSENT: Final = _("Consent of the person (GDPR art. 6(1)(a) and 9(2)(a))")
SECURITY: Final = _("Security of processing and its proof (GDPR art. 5(2), 6(1)(c) and 32)")
DUTY: Final = _("Legal duty of the organisation (GDPR art. 6(1)(c))")
WITH_THE_PERSON: Final = _("as long as the person is kept")
FIGURES_STAY: Final = _("for good, without a name once the person is erased")

# Columns that mean the same everywhere; a table may say more of them.
COMMON: Final[Mapping[str, Words]] = {
    "unit_id": _("the unit in which it lies"),
    "recorded_at": _("when it was recorded"),
    "recorded": _("from when until when it was believed"),
    "valid": _("from which day until which"),
}
# Numbers of rows and the order of recordings: they say nothing of anybody.
MACHINERY: Final = frozenset({"id", "recorded_stamp", "superseded_stamp", "ended_stamp", "deleted_stamp"})
# Her own row, what was written down of all that went before it, and the key at the very end.
_LAST: Final = ("people_person", "access_trailpayload", "keys.personkey")


@dataclass(frozen=True, slots=True)
class PersonalTable:
    """What one table holds of a person, why, how long, and what becomes of it.

    `person` is the column with her number; with `via` it is instead the number of a row of that table,
    which is hers (`account_id` via `accounts_account`). `fields` says of every other column what it
    is, except of those in COMMON and MACHINERY. `sealed` columns are opened with her key, `withheld`
    ones are not handed out (a password's hash, another's account), `blanks` gives the SQL that empties
    a column when she is erased. `leaner` says what is left when a former member is reduced to her name:
    None everything, an empty mapping no row, otherwise these columns are emptied.

    For the answer to a request: `says` gives what the words of a column mean to a reader, `leads` what the
    numbers of a column lead to, by name, `opens` what a cell holds, once her key has opened it; `besides`
    gives rows of the table that are hers by another column than `person`, without whom else they lead to, and
    `changes_besides` what the trail holds of these, as rows of `access_trailpayload` are handed out.
    """

    table: str
    title: Words
    purpose: Words
    basis: Words
    kept: Words
    erase: str
    merge: str
    fields: Mapping[str, Words] = field(default_factory=dict)
    person: str = "person_id"
    via: str = ""
    export: bool = True
    sealed: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    blanks: Mapping[str, str] = field(default_factory=dict)
    leaner: Mapping[str, str] | None = None
    says: Mapping[str, Callable[[], Mapping[str, str]]] = field(default_factory=dict)
    leads: Mapping[str, Callable[[Collection[int]], Mapping[int, str]]] = field(default_factory=dict)
    opens: Mapping[str, Callable[[Mapping[str, Any]], Any]] = field(default_factory=dict)
    besides: Callable[[int], Sequence[Mapping[str, Any]]] | None = None
    changes_besides: Callable[[int], Sequence[Mapping[str, Any]]] | None = None

    def __post_init__(self) -> None:
        """Refuse a declaration that says nothing, or contradicts itself."""
        if self.erase not in ERASURES or self.merge not in MERGES:
            raise ValueError(f"{self.table}: one of {ERASURES} erases and one of {MERGES} merges.")
        if (self.erase == "blank") != bool(self.blanks):
            raise ValueError(f"{self.table}: blanks are for tables that are blanked, and only for them.")

    def words(self, column: str) -> Words | None:
        """Return what a column is, None when nobody said."""
        return self.fields.get(column, COMMON.get(column))


_TABLES: Final[dict[str, PersonalTable]] = {}
_MENTIONS: Final[dict[str, Words]] = {}


def register(*tables: PersonalTable) -> None:
    """Declare tables of persons; each once. For `apps.ready()` of the room whose tables they are."""
    for one in tables:
        if _TABLES.setdefault(one.table, one) is not one:
            raise ValueError(f"{one.table} is declared twice.")


def mention(words: Mapping[str, Words]) -> None:
    """Say of columns that lead to somebody outside the tables of persons (`table.column`) what they are."""
    _MENTIONS.update(words)


def tables() -> Iterator[PersonalTable]:
    """Yield the declared tables in the order in which a person is erased."""
    yield from sorted(_TABLES.values(), key=_place)


def table(name: str) -> PersonalTable:
    """Return one declaration; an unknown table is a fault of the program: KeyError."""
    return _TABLES[name]


def find(name: str) -> PersonalTable | None:
    """Return one declaration, None of a table that holds nothing of anybody."""
    return _TABLES.get(name)


def mentions() -> Mapping[str, Words]:
    """Return the columns that lead to somebody outside the tables of persons, with what they are."""
    return dict(_MENTIONS)


def merging() -> list[tuple[str, str, str]]:
    """Return (table, column with the person's number, what merging does to its rows) of every table."""
    return [(one.table, one.person, one.merge) for one in tables() if not one.via]


def _place(one: PersonalTable) -> tuple[int, str]:
    if one.table in _LAST:
        return 2 + _LAST.index(one.table), one.table
    # What hangs on a row of hers is found through it, and so goes first.
    return 0 if one.via else 1, one.table


def mirror(*, using: str, **_options: Any) -> None:
    """Write the declarations into the database, as the owner, after migrations."""
    said = [
        {
            "table_name": one.table,
            "place": place,
            "owner_column": one.person,
            "via_table": one.via or None,
            "via_column": table(one.via).person if one.via else None,
            "erase": one.erase,
            "merge": one.merge,
            "handed_out": one.export,
            "withheld": list(one.withheld),
            "blanks": dict(one.blanks),
            "reduces": one.leaner is not None,
            "leaner": dict(one.leaner or {}),
        }
        for place, one in enumerate(tables())
    ]
    with connections[using].cursor() as cursor:
        cursor.execute("delete from access_personal")
        cursor.execute(
            "insert into access_personal select * from json_populate_recordset(null::access_personal, %s)",
            [json.dumps(said)],
        )
