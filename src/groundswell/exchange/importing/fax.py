"""Fax numbers: they look like phones, and who calls one hears a whistle; none is taken for a phone."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from groundswell.exchange.importing.fields import folded, meaning_of

# What joins two words of a header that names both: Tel./Fax, phone and fax, 電話・FAX.
_JOINED: Final = re.compile(r"[/&+,;|・、]|\b(?:and|or|und|oder|et|ou|e|o|y|en|og|och|i|ve)\b")
_LABEL: Final = re.compile(r"(?P<of>.+?)(?: -)? (?:label|type)")


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


# As they stand in longer words as well: Telefax, Faxnummer, Telefaks, Privatfax.
_WORDS: Final = tuple(
    map(
        _plain,
        (
            *("fax", "faks", "télécopi", "facsimil", "φαξ", "факс"),
            *("ファックス", "ファクス", "ファクシミリ", "传真", "傳真", "팩스"),
            *("فاكس", "فکس", "نمابر", "دورنگار", "פקס", "फ़ैक्स", "แฟกซ์", "โทรสาร"),
        ),
    )
)


def says_fax(text: str) -> bool:
    """Return whether a text speaks of a fax, in many languages."""
    plain = _plain(text)
    return any(word in plain for word in _WORDS)


def names_fax(header: str) -> bool:
    """Return whether a column is one of fax numbers alone; 'Tel./Fax' is one of phones as well."""
    return says_fax(header) and not any(
        meaning_of(part) == "phone" for part in _JOINED.split(folded(header)) if not says_fax(part)
    )


def labels(columns: Sequence[str]) -> dict[int, int]:
    """Return the columns that say what kind of number stands in another, by that other one.

    'Phone 1 - Label' stands beside 'Phone 1 - Value' (Google), 'Phone Type' beside 'Phone' (CiviCRM).
    """
    places = {folded(column).removesuffix(" - value"): place for place, column in enumerate(columns)}
    found = {}
    for place, column in enumerate(columns):
        said = _LABEL.fullmatch(folded(column))
        if said and said["of"] in places:
            found[places[said["of"]]] = place
    return found


def labelled(values: tuple[str, ...], beside: dict[int, int]) -> tuple[str, ...]:
    """Return the cells of a row; a number that another cell calls a fax says so itself: 'Fax: 01 513'."""
    cells = list(values)
    for place, label in beside.items():
        if max(place, label) < len(cells) and cells[place].strip() and says_fax(cells[label]):
            cells[place] = f"{cells[label].strip(' *:')}: {cells[place]}"
    return tuple(cells)
