"""Units as rows name them: by code, or by any name that one of them has or had, in any language.

Pure: the names come in from `queries.unit_names`. Two units of one name are asked about, none is guessed.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final

from groundswell.calc.matching.nearest import nearest
from groundswell.kernel import signs

# What answers that nobody knows which of several units is meant: no code has this form.
UNKNOWN: Final = "-"
_MOST_NEAR: Final = 3
# Of a column that holds no names of units at all the nearest ones are not looked for to its end.
_MOST_SEARCHED: Final = 300
_APOSTROPHES: Final = re.compile("['\N{RIGHT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}]")


def folded(name: str) -> str:
    """Return a name as it is compared: without case, accents and the signs between its words."""
    apart = unicodedata.normalize("NFKD", signs.without_unseen(name).casefold())
    plain = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return " ".join(re.findall(r"[^\W_]+", _APOSTROPHES.sub("", plain)))


@dataclass(slots=True)
class UnitNames:
    """By what rows may name the units that a list may go to: their codes and names, folded.

    `written` is each of these as people write it, `labels` by what units of one name are told apart.
    """

    codes: dict[str, set[str]] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    _codes: set[str] = field(default_factory=set)
    _near: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def add(self, code: str, *, names: Iterable[str], label: str) -> None:
        """Know a unit by its code and these names."""
        self.labels[code] = label
        said: dict[str, str] = {}
        for name in names:
            said.setdefault(folded(name), name)
        if folded(code) not in said:
            self._codes.add(folded(code))
        for key, name in {folded(code): code, **said}.items():
            if key:
                self.codes.setdefault(key, set()).add(code)
                self.written.setdefault(key, name)

    def meant(self, said: str, units: Collection[str]) -> tuple[str, ...]:
        """Return the codes of the units that may be meant: one, several to be asked about, or none.

        `units` are the codes that there are; one in its own writing is meant before any name.
        """
        if said in units:
            return (said,)
        found = self.codes.get(folded(said))
        if found:
            return tuple(sorted(found))
        return (said.upper(),) if said.upper() in units else ()

    def has_twins(self) -> bool:
        """Return whether any two units have a name in common."""
        return any(len(codes) > 1 for codes in self.codes.values())

    def near(self, said: str) -> tuple[str, ...]:
        """Return the names nearest to one that no unit has, as they are written."""
        key = folded(said)
        if key not in self._near:
            if len(self._near) >= _MOST_SEARCHED:
                return ()
            plain = [one for one in self.written if one not in self._codes]
            found = nearest(key, plain, most=_MOST_NEAR * 4) or nearest(
                key, sorted(self._codes), most=_MOST_NEAR
            )
            once: dict[frozenset[str], str] = {}
            for one in found:
                once.setdefault(frozenset(self.codes[one]), self.written[one])  # of a unit the nearest name
            self._near[key] = tuple(once.values())[:_MOST_NEAR]
        return self._near[key]

    def labelled(self, codes: Iterable[str]) -> list[str]:
        """Return what these units are told apart by."""
        return [self.labels.get(code, code) for code in codes]
