"""What a cell looks like by itself, whatever its header says; and what a whole column looks like."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from groundswell.exchange.importing import days
from groundswell.kernel import signs

EMAIL: Final = "email"
PHONE: Final = "phone"
DAY: Final = "day"
POSTCODE: Final = "postcode"
TEXT: Final = "text"

# Every cell is counted for its day's order; for its looks a few hundred suffice.
_ENOUGH: Final = 400
_EMAIL: Final = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]{2,}")
_PHONE: Final = re.compile(r"(?:\+|00|0|\()[\d\s()./-]{6,20}\d")
# What stands between two numbers in one cell: “01 604 1234 / 0664 1234567”.
PHONES: Final = re.compile(r"\s+/\s+|,\s*|;\s*|\s+(?:oder|und|or|and|ou|et|bzw\.?)\s+")
_POSTCODE: Final = re.compile(
    r"\d{3}-?\s?\d{2}|\d{4,6}|\d{4}\s?[A-Z]{2}|[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}"
    r"|[A-Z]\d[A-Z]\s?\d[A-Z]\d|\d{2}-\d{3}|\d{5}-\d{3,4}|[A-Z]{1,2}-\d{4,5}"
)
# What programs and people write into a cell of which they know nothing; a name may be any of the words.
_NOTHING: Final = frozenset(
    (
        *("null", "<null>", "none", "nil", "nan", "n/a", "#n/a", "#nv", "n.a.", "k.a.", "k. a.", "k.a"),
        *("kein", "keins", "keine e-mail", "keine email", "keine mail", "keine mailadresse", "keine nummer"),
        *("kein telefon", "kein handy", "no email", "no e-mail", "no phone", "pas d'email", "pas d'e-mail"),
        *("pas de mail", "pas de téléphone", "aucun", "aucune", "nessuna", "nessuno", "ninguno", "ninguna"),
        *("sin correo", "geen", "geen e-mail", "ingen", "none given", "not given"),
        *("unknown", "not known", "keine angabe", "keine", "unbekannt", "inconnu", "desconocido"),
    )
)
_STROKES: Final = frozenset("-\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}_./?* ")


def says_nothing(cell: str) -> bool:
    """Return whether a cell is empty or says that nothing is known: a stroke, NULL, n/a, k. A."""
    text = cell.strip()
    return _STROKES.issuperset(text) or text.casefold() in _NOTHING


def looks_of(cell: str) -> str:
    """Return what a cell looks like: an e-mail, a phone number, a day, a postcode, or text."""
    text = signs.without_unseen(cell).strip()
    if _EMAIL.search(text):
        return EMAIL
    if days.looks_like_a_day(text):
        return DAY
    if _POSTCODE.fullmatch(text.upper()):
        return POSTCODE
    if all(_PHONE.fullmatch(part) for part in PHONES.split(_plain_figures(text))):
        return PHONE
    return TEXT


def _plain_figures(text: str) -> str:
    """Return a text with figures of any script as 0-9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.digit(sign)) if sign.isdigit() else sign for sign in text)


@dataclass(slots=True)
class Profile:
    """What the cells of one column look like, counted; no cell is kept.

    `orders` counts how cells settle the order of day and month: 'dmy', 'mdy', 'ymd', 'either', 'none';
    `national` the phone numbers of which they do not say the country.
    """

    filled: int = 0
    looks: Counter[str] = field(default_factory=Counter)
    orders: Counter[str] = field(default_factory=Counter)
    national: int = 0

    def take(self, cell: str) -> None:
        """Count a cell."""
        if says_nothing(cell):
            return
        self.filled += 1
        if self.filled <= _ENOUGH:
            looks = looks_of(cell)
            self.looks[looks] += 1
            self.national += looks == PHONE and not cell.strip().startswith(("+", "00"))
        # Columns of text are not searched for days to the end.
        if self.filled <= _ENOUGH or self.looks[DAY] > 0:
            self.orders[days.order_of(cell)] += 1

    @property
    def chief(self) -> str:
        """Return what most of its cells look like; text when no looks prevail."""
        if not self.looks:
            return TEXT
        looks, count = self.looks.most_common(1)[0]
        return looks if count * 5 >= self.looks.total() * 4 else TEXT
