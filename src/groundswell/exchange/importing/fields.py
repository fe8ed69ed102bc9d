"""What a column can mean, and the words by which headers say it in many languages."""

import functools
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundswell.exchange.importing.looks import EMAIL, PHONE
from groundswell.kernel import signs

_DATA: Final = Path(__file__).parent / "data"
# The type of a column that says who agreed to a purpose.
CONSENT: Final = "consent"
_NUMBERED: Final = re.compile(r"[\s_-]*(?:#|nr\.?|no\.?)?[\s_-]*\d{1,2}$")
_NOISE: Final = re.compile(r"[*:?]+|\((?!s\)).*?\)")


@dataclass(frozen=True, slots=True)
class Field:
    """A meaning: `many` when several columns may have it; `is_day` for days; `looks` a cell's own looks.

    One that a unit added has a number, its `type`, its `options` and the `titles` by which a header names it.
    """

    key: str
    label: str | Promise
    many: bool = False
    is_day: bool = False
    looks: str = ""
    number: int = 0
    type: str = ""
    options: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()


Added = Mapping[str, Field]
NOTHING_ADDED: Final[Added] = {}


FIELDS: Final = (
    Field("name", _("Name, whole")),
    Field("given", _("Given name")),
    Field("middle", _("Middle name")),
    Field("prefix", _("Prefix of the family name")),
    Field("family", _("Family name"), many=True),
    Field("call_name", _("Call name")),
    Field("pronoun", _("Pronoun")),
    Field("email", _("E-mail"), many=True, looks=EMAIL),
    Field("phone", _("Phone"), many=True, looks=PHONE),
    Field("street", _("Street and number"), many=True),
    Field("postcode", _("Postcode")),
    Field("town", _("Town")),
    Field("place", _("Postcode and town in one")),
    Field("country", _("Country")),
    Field("languages", _("Languages"), many=True),
    Field("tags", _("Tags"), many=True),
    Field("kind", _("Kind of membership")),
    Field("joined", _("Joined on"), is_day=True),
    Field("left", _("Left on"), is_day=True),
    Field("paid_until", _("Paid until"), is_day=True),
    Field("born", _("Born on (of whoever is under 18 the month is kept, of others nothing)"), is_day=True),
    Field("minor", _("Under 18, yes or no: shown to her own unit's offices alone")),
    Field("died", _("Has died, yes or no or the day: the row is not taken in"), many=True),
    Field("note", _("Note for organisers"), many=True),
    Field("unit", _("Unit, by its name or code")),
)
PARTS_OF_A_NAME: Final = frozenset({"given", "middle", "prefix", "family"})
BY_KEY: Final[Mapping[str, Field]] = {field.key: field for field in FIELDS}
DAYS: Final = frozenset(field.key for field in FIELDS if field.is_day)


def folded(header: str) -> str:
    """Return a header as it is looked up: small letters, single blanks, no stars, colons or brackets."""
    plain = unicodedata.normalize("NFC", signs.without_unseen(header)).casefold()
    return " ".join(_NOISE.sub(" ", plain).split())


@functools.cache
def _words() -> Mapping[str, str]:
    listed = json.loads((_DATA / "headers.json").read_text(encoding="utf-8"))
    found: dict[str, str] = {}
    for key, words in listed.items():
        for word in words:
            found.setdefault(folded(word), key)
            found.setdefault(_bare(folded(word)), key)
    return found


def titled(header: str, added: Added) -> str:
    """Return the field that a unit added whose title a header is, or nothing."""
    text = folded(header)
    wanted = {text, _bare(text)} - {""}
    for field in added.values():
        titles = {folded(title) for title in field.titles}
        if wanted & (titles | {_bare(title) for title in titles}):
            return field.key
    return ""


def meaning_of(header: str) -> str:
    """Return the field a header's words name, or nothing: 'E-Mail 2' is an e-mail, 'Sex' is nothing."""
    words, text = _words(), folded(header)
    unnumbered = _NUMBERED.sub("", text)
    for candidate in (text, _bare(text), unnumbered, _bare(unnumbered)):
        if candidate in words:
            return words[candidate]
    return ""


def _bare(text: str) -> str:
    """Return letters without accents, and blanks for what joins words: 'prenoms', 'e mail', 'plz ort'."""
    apart = unicodedata.normalize("NFKD", text.replace("(s)", "s"))
    plain = "".join(mark for mark in apart if not unicodedata.combining(mark))
    return " ".join(re.sub(r"[-_./’'+&,·]+", " ", plain).split())


@dataclass(frozen=True, slots=True)
class Preset:
    """The headers by which another program exports; `dates` is its way of writing days, if it has one.

    A header that holds one of `others` tells of somebody else: 'Spouse of-Email'.
    """

    key: str
    label: str
    signature: frozenset[str]
    columns: Mapping[str, str]
    starts: Mapping[str, str]
    values: Mapping[str, str]
    others: tuple[str, ...]
    dates: str

    def meaning_of(self, header: str) -> str | None:
        """Return the field of a header, '' for one to leave out, None for one it does not know."""
        text = folded(header)
        if text in self.columns:
            return self.columns[text]
        numbered = re.fullmatch(r"(.+?) \d+ - (value|label|type)", text)
        if numbered and numbered[1] in self.values:
            return self.values[numbered[1]] if numbered[2] == "value" else ""
        if any(part in text for part in self.others):
            return ""
        return next((field for start, field in self.starts.items() if text.startswith(start)), None)


@functools.cache
def presets() -> Mapping[str, Preset]:
    """Return the presets by their key."""
    listed = json.loads((_DATA / "presets.json").read_text(encoding="utf-8"))
    return {
        key: Preset(
            key=key,
            label=one["label"],
            signature=frozenset(map(folded, one["signature"])),
            columns={folded(header): field for header, field in one["columns"].items()},
            starts=one["starts"],
            values=one.get("values", {}),
            others=tuple(one.get("others", ())),
            dates=one.get("dates", ""),
        )
        for key, one in listed.items()
    }
