"""vCard 2.1, 3 and 4, by hand: several cards in a file, folded lines, quoted-printable, charsets.

Of each card only what a list of people needs is taken: names, addresses, numbers, notes, categories.
Pictures, sounds and keys are passed over while they are read. Specified in RFC 2426 and RFC 6350; the
older form by the versit consortium (1996).
"""

import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from groundswell.exchange.importing.fax import says_fax
from groundswell.exchange.importing.reading.sniffing import Form
from groundswell.exchange.importing.reading.table import Row, Table, taken_out
from groundswell.kernel.errors import Refusal

# The columns of every table of cards; several e-mails or numbers stand in one cell, a line each.
COLUMNS: Final = (
    "FN",
    "Given name",
    "Family name",
    "NICKNAME",
    "EMAIL",
    "TEL",
    "Street",
    "Postcode",
    "Town",
    "Country",
    "BDAY",
    "NOTE",
    "CATEGORIES",
    "LANG",
    "Unit",
    "Under 18",
    "Kind of membership",
    "Joined on",
    "Left on",
    "Paid until",
)
# What a card of ours says besides, in properties that address books keep and do not show.
STANDING: Final = {
    "X-GROUNDSWELL-UNIT": "Unit",
    "X-GROUNDSWELL-UNDER-18": "Under 18",
    "X-GROUNDSWELL-KIND": "Kind of membership",
    "X-GROUNDSWELL-JOINED": "Joined on",
    "X-GROUNDSWELL-LEFT": "Left on",
    "X-GROUNDSWELL-PAID-UNTIL": "Paid until",
}
_PLACE: Final = {name: place for place, name in enumerate(COLUMNS)}
_LONGEST_LINE: Final = 200_000
_SKIPPED: Final = frozenset({"PHOTO", "LOGO", "SOUND", "KEY"})
# Cards of what is no person (RFC 6350, 6.1.4), and as Apple's address book says it.
_KINDS: Final = frozenset({"KIND", "X-ADDRESSBOOKSERVER-KIND"})
_NOBODY: Final = frozenset({"group", "org", "location", "application", "device"})
_PLAIN: Final = frozenset({"FN", "NICKNAME", "BDAY", *STANDING.values()})
_LISTED: Final = frozenset({"EMAIL", "TEL", "LANG", "CATEGORIES", "NOTE"})
# Of a number that takes calls or messages as well as faxes.
_SPOKEN: Final = frozenset({"VOICE", "CELL", "MSG", "TEXT"})
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_SPLIT: Final = re.compile(r"(?<!\\);")
# A parameter may stand between quotes, and hold what else ends it: LABEL="Ring 1: 2nd; floor".
_HEAD: Final = re.compile(r'((?:[^":]|"[^"]*")*)(:)(.*)', re.DOTALL)
_PARAMETERS: Final = re.compile(r'(?:[^";]|"[^"]*")+')
# 'tel:+43-1-5131234;ext=12' (RFC 3966): what stands behind the number.
_EXTENSION: Final = re.compile(r";ext=(\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Property:
    """A line of a card; `types` are the words of what kind it is, as WORK and FAX of a number."""

    name: str
    types: frozenset[str]
    value: str
    group: str = ""


def read(path: Path, form: Form) -> Table:
    """Return the table of a file of cards; the number of a row is the number of its card."""
    return Table(COLUMNS, _rows(path, form.encoding), f"vCard, {form.words}", footed=False)


def _rows(path: Path, encoding: str) -> Iterator[Row]:
    cells: list[list[str]] | None = None
    number, opened, nobody = 0, 0, False
    for line_number, prop in _properties(path, encoding):
        if prop.name == "BEGIN" and prop.value.strip().upper() == "VCARD":
            if cells is not None:
                raise _unclosed(opened)
            number, opened, cells = number + 1, line_number, [[] for _column in COLUMNS]
            nobody, grouped = False, dict[str, str]()
        elif prop.name == "END" and cells is not None:
            _name_whole(cells)
            yield Row(number, tuple("\n".join(dict.fromkeys(cell)) for cell in cells), nobody)
            cells = None
        elif prop.name in _KINDS:
            nobody = prop.value.strip().lower() in _NOBODY
        elif cells is not None:
            _take(prop, cells, grouped)
    if cells is not None:
        raise _unclosed(opened)


def _name_whole(cells: list[list[str]]) -> None:
    """Name whoever is named by the parts of her name alone, as older cards do."""
    if not cells[_PLACE["FN"]]:
        parts = [part for name in ("Given name", "Family name") for part in cells[_PLACE[name]]]
        _put(cells, "FN", " ".join(parts))


def _unclosed(line: int) -> Refusal:
    sentence = _("The card that begins in line %(line)d has no end; the file seems to be cut off.")
    return Refusal(sentence % {"line": line}, code="open-card")


def _take(prop: _Property, cells: list[list[str]], grouped: dict[str, str]) -> None:
    """Put what a property says where it belongs.

    `grouped` are the numbers of groups of which a label may follow, and '' for a group whose label said fax.
    """
    if prop.name == "N":
        parts = [_unescaped(part) for part in _SPLIT.split(prop.value)]
        family, given, more = (*parts, "", "", "")[:3]
        _put(cells, "Family name", family)
        _put(cells, "Given name", " ".join(filter(None, (given, more))))
    elif prop.name == "ADR":
        _take_address(prop.value, cells)
    elif prop.name == "NOTE" and taken_out(prop.value):
        return  # says of a list of our own who took it out, and nothing of her
    elif prop.name == "TEL" and (
        grouped.get(prop.group) == "" or ("FAX" in prop.types and not prop.types & _SPOKEN)
    ):
        return  # who calls it hears a whistle
    elif prop.name == "X-ABLABEL":
        # What a number is called stands in a line of its own: item1.X-ABLabel:_$!<HomeFAX>!$_
        if prop.group and says_fax(prop.value):
            number = grouped.get(prop.group)
            grouped[prop.group] = ""
            if number:
                cells[_PLACE["TEL"]].remove(number)
    elif prop.name in _PLAIN or prop.name in _LISTED:
        value = _dialled(prop.value).removeprefix("mailto:")
        if prop.name == "TEL" and prop.group and value.strip():
            grouped[prop.group] = _unescaped(value).strip()
        _put(cells, prop.name, _unescaped(value) if prop.name != "CATEGORIES" else value.replace("\\,", " "))


def _take_address(text: str, cells: list[list[str]]) -> None:
    """Put the first address where it belongs."""
    parts = [_unescaped(part) for part in _SPLIT.split(text)]
    _box, _more, street, town, _region, postcode, country = (*parts, *[""] * 7)[:7]
    if not cells[_PLACE["Town"]] and not cells[_PLACE["Street"]]:
        for name, value in zip(
            ("Street", "Town", "Postcode", "Country"), (street, town, postcode, country), strict=True
        ):
            _put(cells, name, value)


def _dialled(value: str) -> str:
    """Return the number of an address to dial as people write it; any other value as it is."""
    if value[:4].lower() != "tel:":
        return value
    number, _semicolon, more = value[4:].partition(";")
    extension = _EXTENSION.search(f";{more}")
    return f"{number} ext. {extension[1]}" if extension else number


def _put(cells: list[list[str]], name: str, value: str) -> None:
    if value.strip() and (name in _LISTED or not cells[_PLACE[name]]):
        cells[_PLACE[name]].append(value.strip())


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)


def _properties(path: Path, encoding: str) -> Iterator[tuple[int, _Property]]:
    for number, line in _unfolded(path, encoding):
        whole = _HEAD.match(line)
        head, colon, value = whole.groups() if whole else line.partition(":")
        if not colon:
            continue
        name, *given = _PARAMETERS.findall(head) or [head]
        read = [_parameter(one) for one in given]
        # TYPE may stand several times, hold several words, or be left out of the old form: TEL;WORK;FAX.
        types = frozenset(
            word.strip('" ') for key, said in read if key in {"TYPE", said} for word in said.split(",")
        )
        parameters = dict(read)
        # A group stands before the name: item1.EMAIL.
        group, _point, name = name.rpartition(".")
        name = name.strip().upper()
        name = STANDING.get(name, name)
        if "QUOTED-PRINTABLE" in parameters.get("ENCODING", ""):
            value = _unquoted(value, parameters.get("CHARSET", "utf-8"))
        yield number, _Property(name, types, value, group)


def _parameter(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if equals:
        return name.strip().upper(), value.strip('" ').upper()
    # In the old form a parameter's value may stand alone: TEL;CELL;QUOTED-PRINTABLE.
    bare = name.strip().upper()
    return ("ENCODING" if bare in {"QUOTED-PRINTABLE", "BASE64"} else bare), bare


def _unquoted(value: str, charset: str) -> str:
    raw = quopri.decodestring(value.encode("utf-8", "surrogateescape"))
    for encoding in (charset.lower(), "utf-8", "cp1252"):
        try:
            return raw.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            continue
    return raw.decode("latin-1")


def _unfolded(path: Path, encoding: str) -> Iterator[tuple[int, str]]:
    """Yield whole lines with the number of their first: folded ones are joined, pictures dropped."""
    held, began = "", 0
    with path.open(encoding=encoding, errors="replace") as file:
        for number, raw in enumerate(file, start=1):
            line = raw.rstrip("\r\n").lstrip("\ufeff")
            # Of a value that goes on so every sign counts, a blank at the beginning among them.
            if _soft_break(held):
                held = _joined(held[:-1], line)
            elif held and line[:1] in {" ", "\t"}:
                held = _joined(held, line[1:])
            else:
                if held:
                    yield began, held
                held, began = line, number
    if held:
        yield began, held


def _soft_break(held: str) -> bool:
    """Tell whether a quoted-printable line goes on in the next one."""
    return held.endswith("=") and "QUOTED-PRINTABLE" in held.partition(":")[0].upper()


def _joined(held: str, more: str) -> str:
    name = re.split(r"[;:]", held, maxsplit=1)[0].rpartition(".")[2].upper()
    return held if name in _SKIPPED or len(held) > _LONGEST_LINE else held + more
