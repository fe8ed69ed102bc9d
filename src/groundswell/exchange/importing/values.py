"""Cells as values: what a cell of each field means, or a Refusal with the sentence for its row."""

import functools
import itertools
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from groundswell.exchange.importing import days
from groundswell.exchange.importing.fax import says_fax
from groundswell.exchange.importing.looks import PHONES
from groundswell.kernel import signs
from groundswell.kernel.errors import Refusal
from groundswell.people.folding import fold_email, fold_phone
from groundswell.web import tongues

MEMBER: Final = "member"
SUPPORTER: Final = "supporter"
CANDIDATE: Final = "candidate"
CONTACT: Final = "contact"
DIED: Final = "died"
KINDS: Final = (MEMBER, SUPPORTER, CANDIDATE, CONTACT)

_MOST_TAGS: Final = 40
_MOST_CONTACTS: Final = 8
# With fewer figures it is an extension, or the number of a house.
_A_NUMBER: Final = 6
_LISTED: Final = re.compile(r"[;\n\r]|,(?=\s*\S+@)|\s+:::\s+|\s+\|\s+")
_TAGS: Final = re.compile(r"[;,\n\r|]|\s+:::\s+")
# Looked for from the beginning of a word only: in a long one without an @ every other start is in vain.
_ADDRESS: Final = re.compile(r"(?<![^\s<>(),;:\"])[^\s<>(),;:\"]+@[^\s<>(),;:\"]+")
# What may stand between several of them besides.
_BETWEEN: Final = re.compile(r"(?:[\s/|&+]|\b(?:und|oder|and|or|et|ou|y|o|e)\b)*")
_OF_EXCHANGE: Final = "/o="
# Where the family comes first, also when a list keeps the two apart.
# 'Mobile: 0664 1234567', as address books write it; 'tel:' is an address and no such word.
_CALLED: Final = re.compile(r"^[^\d:+]{1,40}:\s*(?=[\d+(])")
_FAMILY_FIRST: Final = frozenset({"hu", "ja", "zh", "ko", "vi", "yue", "km", "mn"})
# The shapes of postcodes before which no town begins with a figure; a country's letters may stand before.
_POSTCODE_FIRST: Final = re.compile(
    r"(?:[A-Z]{1,3}[- ])?(\d{2}-\d{3}|\d{4}-\d{3}|\d{3} \d{2}|\d{4} ?[A-Z]{2}|\d{3,6}),? (\D.*)"
)
_OF_A_TOWN: Final = 3
# In small letters between blanks: Turks are called And, and Franz U. Huber has an initial.
_TWO: Final = re.compile(r"\w\.? *& *\w|\w\.? [+/] \w| (?:und|u\.|and|og|och|oraz|и|та|és|ja|ve|και) \w")
_VON_UND_ZU: Final = re.compile(r"\b(?:von|van|vom|auf|zu) und (?:zu|von|zum|auf)\b")
# One house of two estates: 'von Thurn und Taxis'. A given name and a family name after it are somebody else.
_ESTATES: Final = re.compile(r"\b(?:von|van|vom|auf|zu|zum) [^&+/]*?\bund [\w'-]+$")
_NO_BLANK: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_LIVING: Final = frozenset(
    {"living", "alive", "lebt", "lebend", "vivant", "vivante", "vivo", "viva", "in vita"}
)
_NEVER: Final = frozenset({"never", "niemals", "withdrawn", "widerrufen"})
# 'yes, since 3 May 2024': from the first figure on.
_DAY_AT_THE_END: Final = re.compile(r"\d.*", re.DOTALL)
# What stands behind a comma and is no given name.
_BEHIND: Final = frozenset(
    (
        *("jr", "sr", "jun", "sen", "jnr", "snr", "ii", "iii", "iv", "esq"),
        *("bsc", "beng", "llb", "llm", "msc", "mba", "meng", "mphil", "phd"),
    )
)
_NO_TAGS: Final = frozenset({"* mycontacts", "* starred"})
_BREAKS: Final = frozenset("\n\r\t")

_KIND_WORDS: Final = Path(__file__).parent / "data" / "kinds.json"
_YES_AND_NO: Final = Path(__file__).parent / "data" / "yesno.json"


def text(cell: str, *, field: str, most: int) -> str:
    """Return a line of text as it stands, its blanks folded; refused when no table could hold it."""
    folded = " ".join(signs.without_unseen(cell).split())
    return _writable(folded, field=field, most=most)


def lines(cell: str, *, field: str, most: int) -> str:
    """Return a text of several lines, kept."""
    return _writable(cell.strip(), field=field, most=most, allowed=_BREAKS)


def _writable(value: str, *, field: str, most: int, allowed: frozenset[str] = frozenset()) -> str:
    if signs.holds_unwritable(value, but=allowed) or (not allowed and signs.turns_round(value)):
        raise Refusal(
            _("The cell holds a character that cannot be written; type it anew."),
            field=field,
            code="bad-character",
        )
    if len(value) > most:
        sentence = _("The cell has %(count)d characters; at most %(most)d can be kept.")
        raise Refusal(sentence % {"count": len(value), "most": most}, field=field, code="too-long")
    return value


def emails(cell: str) -> Iterator[str]:
    """Yield the folded addresses of a cell: one or several, bare or as 'Ada <ada@example.org>'.

    What Outlook writes of people of one's own Exchange server (/o=ExchangeLabs/…) is none.
    """
    for part in _parts(cell):
        if part.casefold().startswith(_OF_EXCHANGE):
            continue
        found = _ADDRESS.findall(part)
        if len(found) != 1 and not (found and _BETWEEN.fullmatch(_ADDRESS.sub("", part))):
            sentence = _("“%(cell)s” is no e-mail address.") % {"cell": part[:80]}
            raise Refusal(sentence, field="email", code="no-email")
        yield from map(fold_email, found)


def addresses(cell: str) -> list[str]:
    """Return what looks like an address in a cell, also among other words."""
    return _ADDRESS.findall(cell)


def phones(cells: Sequence[str], country: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the numbers of cells in their international form, and what is no number that can be kept.

    National ones are those of `country`; one that is called a fax is no phone.
    """
    found: list[str] = []
    unread: list[str] = []
    for part in itertools.chain.from_iterable(map(_parts, cells)):
        called = _CALLED.match(part)
        if called and says_fax(called[0]):
            unread.append(part)
            continue
        numbers = _numbers(part[called.end() :] if called else part, country)
        found += numbers
        if not numbers:
            unread.append(part)
    return tuple(dict.fromkeys(found)), tuple(dict.fromkeys(unread))


def _numbers(part: str, country: str) -> list[str]:
    """Return the number that a text is, or those that it lists; none where any of them is no number."""
    listed = PHONES.split(part)
    try:
        if len(listed) > 1 and all(sum(map(str.isdigit, one)) >= _A_NUMBER for one in listed):
            return [fold_phone(one, country) for one in listed]
        return [fold_phone(part, country)]
    except Refusal:
        return []


def _parts(cell: str) -> list[str]:
    parts = [part.strip() for part in _LISTED.split(signs.without_unseen(cell))]
    return [part for part in parts if part][:_MOST_CONTACTS]


def tags(cell: str) -> tuple[str, ...]:
    """Return the tags of a cell: of '* myContacts ::: choir' Google made the first, for everybody."""
    own = (part for part in _TAGS.split(cell) if part.strip().casefold() not in _NO_TAGS)
    found = [text(part.lstrip("* "), field="tags", most=60) for part in own]
    return tuple(dict.fromkeys(filter(None, found)))[:_MOST_TAGS]


def languages(cell: str, locale: str) -> tuple[str, ...]:
    """Return codes of languages named in English, in the unit's language, in their own, or by code."""
    found = []
    for part in re.split(r"[;,/|\n]", cell):
        word = part.strip()
        if not word:
            continue
        code = tongues.code_of(word, locale)
        if code is None:
            sentence = _("“%(cell)s” is no language that is known here; write its code, as “en”.")
            raise Refusal(sentence % {"cell": word[:40]}, field="languages", code="no-language")
        found.append(code)
    return tuple(dict.fromkeys(found))


def kind(cell: str) -> str:
    """Return the kind of membership a cell names, or refuse a word that is none."""
    words = re.findall(r"[^\W\d_][\w-]*", cell.casefold())
    found = [_kinds()[word] for word in words if word in _kinds()]
    if DIED in found:
        raise has_died()
    if not found:
        sentence = _("“%(cell)s” is no kind of membership; write member, supporter, candidate or contact.")
        raise Refusal(sentence % {"cell": cell.strip()[:40]}, field="kind", code="no-kind")
    # 'former member', 'supporting member': the rarer word says what kind.
    return next((one for one in found if one != MEMBER), MEMBER)


def has_died() -> Refusal:
    """Return why the row of somebody who has died is not taken in."""
    sentence = _("The list says that she has died; nobody is written down after her death.")
    return Refusal(sentence, field=DIED, code=DIED)


def died(cell: str) -> bool:
    """Return whether a cell says, by yes or by the day, that somebody has died; noughts are no day.

    Refusal for a word that is none of these.
    """
    if days.is_none(cell) or cell.strip().casefold() in _LIVING:
        return False
    if _kinds().get(cell.strip().casefold()) == DIED:
        return True
    try:
        return agreed(cell)[0]
    except Refusal as refusal:
        sentence = _(
            "“%(cell)s” says neither that she has died nor that she has not; write yes, no or the day."
        )
        raise Refusal(sentence % {"cell": cell.strip()[:40]}, field=DIED, code="no-yes") from refusal


@functools.cache
def _kinds() -> dict[str, str]:
    listed = json.loads(_KIND_WORDS.read_text(encoding="utf-8"))
    return {word: kind for kind, words in listed.items() for word in words}


def yes_or_no(cell: str) -> bool | None:
    """Return whether a cell says yes or no, in many languages; None for a word that is neither."""
    return _yes_and_no().get(" ".join(cell.casefold().rstrip(".!").split()))


@functools.cache
def _yes_and_no() -> dict[str, bool]:
    listed = json.loads(_YES_AND_NO.read_text(encoding="utf-8"))
    return {word: said == "yes" for said, words in listed.items() for word in words}


def agreed(cell: str) -> tuple[bool, str]:
    """Return whether a cell says that somebody agreed, and what of it may be the day; the day alone is yes.

    No, never and withdrawn are all nothing to write down. Refusal for a word that is none of these.
    """
    first, _blank, rest = cell.strip().replace(",", " ", 1).partition(" ")
    said = False if first.casefold() in _NEVER else yes_or_no(first)
    # '1 May 2024' is no yes.
    if said is not None and not (rest and first.isdecimal()):
        found = _DAY_AT_THE_END.search(rest)
        return said, found[0] if said and found else ""
    if any(sign.isdigit() for sign in cell):
        return True, cell
    sentence = _("“%(cell)s” says neither that she agreed nor that she did not; write yes, no or the day.")
    raise Refusal(sentence % {"cell": cell.strip()[:40]}, field="consent", code="no-consent")


def place(cell: str) -> tuple[str, str]:
    """Return the postcode and the town of a cell that holds both, as 'A-1010 Wien', '1012 AB Amsterdam'."""
    found = _POSTCODE_FIRST.fullmatch(" ".join(cell.split()))
    return (found[1], found[2]) if found else ("", cell)


def town(cell: str) -> tuple[str, str]:
    """Return the postcode and the town of a cell that is said to hold a town: '1100 Wien'.

    Three figures may be the town's own: 100 Mile House.
    """
    postcode, name = place(cell)
    return ("", cell) if len(postcode) == _OF_A_TOWN else (postcode, name)


def names_two(name: str) -> bool:
    """Return whether a name is that of two people: 'Ada & Béla Birch', 'Ada Amber u. Béla Birch'.

    Not by a “y” or “e”, which stand inside one name, nor by “von und zu” or the estates of a house.
    """
    of_a_house = _VON_UND_ZU.sub("von", name)
    return bool(_TWO.search(_ESTATES.sub("", of_a_house)))


def joined_name(given: str, middle: str, prefix: str, family: str, locale: str) -> str:
    """Return one name from its parts, in the order of the unit's language."""
    first = " ".join(filter(None, (given, middle)))
    last = " ".join(filter(None, (prefix, family)))
    if locale.split("-", maxsplit=1)[0] not in _FAMILY_FIRST:
        return " ".join(filter(None, (first, last)))
    together = bool(_NO_BLANK.search(first + last)) and not re.search(r"[A-Za-z]", first + last)
    return ("" if together else " ").join(filter(None, (last, first)))


def turned(name: str) -> str:
    """Return 'Ada Amber' for 'Amber, Ada'; any other name as it is, also 'Ada Amber, MSc'."""
    family, comma, given = name.partition(",")
    words = re.findall(r"\w+", given.casefold())
    plain = comma and "," not in given and family.strip() and not _BEHIND.issuperset(words)
    return f"{given.strip()} {family.strip()}" if plain else name
