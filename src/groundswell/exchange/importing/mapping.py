"""Which column means what: proposed from header words, a preset, what was chosen before, and looks."""

import functools
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from groundswell.exchange.importing import days, values
from groundswell.exchange.importing.fax import names_fax
from groundswell.exchange.importing.fields import (
    BY_KEY,
    DAYS,
    NOTHING_ADDED,
    Added,
    Preset,
    folded,
    meaning_of,
    presets,
    titled,
)
from groundswell.exchange.importing.looks import Profile
from groundswell.kernel.errors import Refusal

# A preset is recognised by at least this many of the headers that only its program writes.
_SURE: Final = 2
_SAMPLE: Final = 50
_WORD: Final = re.compile(r"\w+")
# One of these has to be there: without it nobody is named.
NAMES: Final = frozenset({"name", "given", "family"})


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """The field of each column, '' for one that is left out; the day's order of those that are days."""

    fields: tuple[str, ...]
    orders: tuple[str, ...]
    preset: str = ""

    def columns(self, field: str) -> Iterator[int]:
        """Yield the places of the columns that mean this field."""
        return iter(_places(self.fields).get(field, ()))

    def open_days(self) -> tuple[int, ...]:
        """Return the columns of days of which nobody knows yet whether the day comes first."""
        return tuple(
            place
            for place, (field, order) in enumerate(zip(self.fields, self.orders, strict=True))
            if order == days.EITHER or (field in DAYS and order not in days.ORDERS)
        )

    def said(self) -> dict[str, object]:
        """Return the mapping as plain data."""
        return {"fields": list(self.fields), "orders": list(self.orders), "preset": self.preset}

    @classmethod
    def of(cls, said: Mapping[str, object]) -> "ColumnMapping":
        """Return the mapping of plain data."""
        fields, orders = said["fields"], said["orders"]
        return cls(tuple(fields), tuple(orders), str(said.get("preset", "")))  # type: ignore[arg-type]  # lists


@functools.lru_cache(maxsize=32)
def _places(fields: tuple[str, ...]) -> Mapping[str, tuple[int, ...]]:
    """Return the columns of each field; asked for every cell of a list, so it is made once."""
    return {field: tuple(place for place, one in enumerate(fields) if one == field) for field in set(fields)}


def fingerprint(columns: Sequence[str]) -> str:
    """Return by what a header is recognised the next time: its words in their order."""
    return hashlib.sha256("\x1f".join(map(folded, columns)).encode()).hexdigest()


def propose(
    columns: Sequence[str],
    profiles: Sequence[Profile],
    sample: Sequence[Sequence[str]],
    *,
    preset: str = "",
    remembered: Sequence[str] = (),
    order: str = "",
    added: Added = NOTHING_ADDED,
) -> ColumnMapping:
    """Return the best mapping: what was chosen before, else the preset's, else by words and looks.

    `added` are the fields of units' own; one of them that is gone since is left out.
    `preset` may be empty: then a program's own headers are recognised. `order` is the answer to the
    question of days where somebody gave one. Raises Refusal for a preset that there is not.
    """
    chosen = _preset(columns, preset)
    if chosen and not preset and not NAMES & set(_fields(columns, profiles, sample, chosen, added)):
        chosen = None  # the headers of another program only look like those of this one
    if len(remembered) == len(columns):
        fields = [key if key in BY_KEY or key in added else "" for key in remembered]
    else:
        fields = list(_fields(columns, profiles, sample, chosen, added))
    _tell_family_from_whole(fields, sample)
    orders = tuple(
        _order(profile, field, order or (chosen.dates if chosen else ""), added)
        for field, profile in zip(fields, profiles, strict=True)
    )
    return ColumnMapping(tuple(fields), orders, chosen.key if chosen else "")


def _order(profile: Profile, field: str, answer: str, added: Added) -> str:
    """Return the order of a column; one of a unit's own days that nobody can tell is EITHER."""
    if field in DAYS:
        return order_of(profile, answer)
    is_day = field in added and added[field].is_day
    return (order_of(profile, answer) or days.EITHER) if is_day else ""


def order_of(profile: Profile, answer: str = "") -> str:
    """Return the order of a column's days: as its own cells settle it, else the answer, else ''.

    Cells of both orders settle nothing: then it is asked.
    """
    seen = profile.orders
    if seen[days.DMY] and not seen[days.MDY]:
        return answer if answer == days.YMD and not _four_figures(profile) else days.DMY
    if seen[days.MDY] and not seen[days.DMY]:
        return days.MDY
    if seen[days.EITHER] or (seen[days.DMY] and seen[days.MDY]):
        return answer if answer in days.ORDERS else ""
    return days.YMD


def _four_figures(profile: Profile) -> bool:
    return profile.orders[days.YMD] > 0


def _preset(columns: Sequence[str], wanted: str) -> Preset | None:
    if wanted:
        if wanted not in presets():
            sentence = _("There is no preset “%(preset)s”; there are: %(known)s.")
            words = {"preset": wanted[:40], "known": ", ".join(sorted(presets()))}
            raise Refusal(sentence % words, field="preset", code="no-preset")
        return presets()[wanted]
    headers = {folded(column) for column in columns}
    best = max(presets().values(), key=lambda one: len(one.signature & headers))
    return best if len(best.signature & headers) >= _SURE else None


def _fields(
    columns: Sequence[str],
    profiles: Sequence[Profile],
    sample: Sequence[Sequence[str]],
    preset: Preset | None,
    added: Added,
) -> Iterator[str]:
    """Yield a field for each column; one that only one column may have goes to the first."""
    taken: set[str] = set()
    meant = [_meaning(column, preset, added) for column in columns]
    for place, (profile, (field, sure)) in enumerate(zip(profiles, meant, strict=True)):
        cells = [row[place] for row in sample[:_SAMPLE] if place < len(row) and row[place].strip()]
        found = field if sure or _fits(field, profile, cells) else ""
        if not found and not sure and profile.filled:
            found = _by_looks(profile, {one for one, _sure in meant})
        if found and found in taken and not (found in BY_KEY and BY_KEY[found].many):
            found = ""
        taken.add(found)
        yield found


def _tell_family_from_whole(fields: list[str], sample: Sequence[Sequence[str]]) -> None:
    """Call “Name” the family's beside “Vorname”, unless its cells hold the given names as well."""
    if not {"name", "given"} <= set(fields) or "family" in fields:
        return
    name, given = fields.index("name"), fields.index("given")
    both = [
        (set(_WORD.findall(row[given].casefold())), set(_WORD.findall(row[name].casefold())))
        for row in sample
        if len(row) > max(name, given) and row[given].strip() and row[name].strip()
    ]
    if 2 * sum(one <= other for one, other in both) < len(both):
        fields[name] = "family"


def _meaning(column: str, preset: Preset | None, added: Added) -> tuple[str, bool]:
    """Return the field of a header, and whether nobody need look at its cells.

    What a unit itself called a field comes before the words of other programs.
    """
    if own := titled(column, added):
        return own, True
    if names_fax(column):
        return "", True
    said = preset.meaning_of(column) if preset else None
    return (said, True) if said is not None else (meaning_of(column), False)


def _fits(field: str, profile: Profile, cells: Sequence[str]) -> bool:
    """Return whether the cells do not contradict what the header says."""
    if not field or not profile.filled:
        return bool(field)
    if field == "kind":
        # A word that nobody knows among those that are known is its row's: it is refused there, and asked.
        return 2 * sum(map(_is_kind, cells)) >= len(cells)
    if field == "postcode":
        return profile.chief != "phone"  # CEP is a postcode in Brazil and a mobile phone in Turkey
    if field == "email":
        return profile.looks["email"] * 2 >= profile.looks.total()
    return not (field in {"name", "given", "family", "town"} and profile.chief in {"email", "day"})


def _is_kind(cell: str) -> bool:
    try:
        values.kind(cell)
    except Refusal as refusal:
        return refusal.code == values.DIED
    return True


def _by_looks(profile: Profile, meant: set[str]) -> str:
    """Return what a column without a known header must be: e-mails and numbers speak for themselves."""
    chief = profile.chief
    if chief in {"email", "phone"}:
        return chief
    return "postcode" if chief == "postcode" and "postcode" not in meant and "town" in meant else ""


def check_rows(*, rows: int) -> None:
    """Refuse a list of which nothing but the names of its columns is there."""
    if not rows:
        sentence = _(
            "There is no row below the first one, which names the columns: nobody stands in this list."
            " Write the people below it, or a first row with the names of the columns above them."
        )
        raise Refusal(sentence, field="file", code="no-rows")


def check(mapping: ColumnMapping, width: int, added: Added = NOTHING_ADDED) -> None:
    """Refuse a mapping by which nobody can be named, or two columns that mean the same one thing."""
    if len(mapping.fields) != width or len(mapping.orders) != width:
        raise Refusal(_("The file has other columns than this mapping."), code="other-columns")
    for key in set(mapping.fields) - {""}:
        field = BY_KEY.get(key) or added.get(key)
        if field is None:
            raise Refusal(_("There is no such field."), field="mapping", code="no-field")
        if not field.many and mapping.fields.count(key) > 1:
            sentence = _("Two columns are said to be “%(field)s”; choose one of them.")
            raise Refusal(sentence % {"field": field.label}, field="mapping", code="twice")
    if not NAMES & set(mapping.fields):
        raise Refusal(
            _(
                "No column is the name; say which one holds the names of the people. Of a file of several"
                " sheets the first one with something in it is read."
            ),
            field="mapping",
            code="no-name-column",
        )
