"""What a file is: by its first bytes, its encoding by all of them, its separator by its first lines."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from groundswell.exchange.importing.reading import encodings, letters
from groundswell.kernel.errors import Refusal

# Larger lists come in parts: half a gigabyte of text is some three million people.
LARGEST_TEXT: Final = 512 * 1024 * 1024
SEPARATORS: Final = (",", ";", "\t", "|")
_BLOCK: Final = 1024 * 1024
_HEAD: Final = 64 * 1024
_SAMPLE_LINES: Final = 40
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SHEETS: Final = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")
_FOREIGN: Final = (
    (b"%PDF", "PDF"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf", "7z"),
    (b"Rar!", "RAR"),
    (b"SQLite format", "SQLite"),
)
# Text that other programs write and that no row of a list begins with; old pages call theirs a sheet.
_MARKUP: Final = (
    (b"<html", "HTML"),
    (b"<!doctype html", "HTML"),
    (b"<table", "HTML"),
    (b"<?xml", "XML"),
    (b"[{", "JSON"),
    (b'{"', "JSON"),
    (b"dn: ", "LDIF"),
)
# UTF-16 without a mark has empty bytes beside its signs and figures, whatever its letters are.
_EMPTY: Final = 16
# Of a list in two encodings at least a tenth is UTF-8; fewer cells of an older one are that by chance.
_MIXED: Final = 10


@dataclass(frozen=True, slots=True)
class Form:
    """What a file is taken for: `kind` is text, cards or sheet."""

    kind: str
    encoding: str = ""

    @property
    def words(self) -> str:
        """Return the encoding as people call it."""
        return encodings.named(self.encoding)


def form_of(path: Path, *, encoding: str = "", languages: Sequence[str] = ()) -> Form:
    """Recognise a file by what is in it; its name counts for nothing. Raises Refusal.

    `encoding` is the code of the one that somebody chose; a mark at the beginning and a sheet know better.
    Else it is guessed, in the `languages` of the unit whose list it is.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head.strip(b"\x00 \r\n\t"):
        raise Refusal(_("The file is empty."), code="empty-file")
    if head.startswith(_SHEETS):
        return Form("sheet")
    if foreign := _foreign(head):
        sentence = _("This is %(kind)s; save the list as CSV, XLSX, ODS or vCard and take that.")
        raise Refusal(sentence % {"kind": foreign}, code="not-a-list")
    if size > LARGEST_TEXT:
        sentence = _("The file has %(size)d MB; a list may have %(most)d MB. Split it and import the parts.")
        words = {"size": size // (1024 * 1024), "most": LARGEST_TEXT // (1024 * 1024)}
        raise Refusal(sentence % words, code="too-large")
    found = _by_zeros(head) if encoding in {"", "utf-16"} else ""
    found = _marked(head) or found or encoding or _eight_bits(path, languages)
    start = head.decode(found, "replace").lstrip("\ufeff \r\n\t")
    if found not in encodings.UNICODE and b"\x00" in head:
        raise Refusal(
            _("This is no list: it holds bytes that no text has. Save it as CSV, XLSX, ODS or vCard."),
            code="not-a-list",
        )
    return Form("cards" if start[:11].upper() == "BEGIN:VCARD" else "text", found)


def _foreign(head: bytes) -> str:
    """Return what a file is that no list comes as, or ''."""
    text = head[:64].removeprefix(codecs.BOM_UTF8).lstrip().lower()
    found = [name for mark, name in _FOREIGN if head.startswith(mark)]
    return next(iter(found + [name for mark, name in _MARKUP if text.startswith(mark)]), "")


def _marked(head: bytes) -> str:
    return next((encoding for mark, encoding in _BOMS if head.startswith(mark)), "")


def _by_zeros(head: bytes) -> str:
    evens, odds = head[0:4096:2].count(0), head[1:4096:2].count(0)
    enough = max(1, min(len(head), 4096) // 2 // _EMPTY)  # one may be in the file by mistake
    if odds > enough and evens < odds // _EMPTY + 1:
        return "utf-16-le"
    if evens > enough and odds < evens // _EMPTY + 1:
        return "utf-16-be"
    return ""


def offered(path: Path, form: Form, languages: Sequence[str], *, most: int) -> list[letters.Reading]:
    """Return how the letters of a text can be read, `form` first; none where there is nothing to choose."""
    with path.open("rb") as file:
        marked = _marked(file.read(4))
    if marked or form.kind == "sheet" or form.encoding.startswith("utf-16"):
        return []
    cells = letters.cells_of(path)
    codes = [form.encoding, *(["utf-8"] if not cells.other else []), *letters.ranked(cells.kept, languages)]
    return letters.readings(cells.kept, codes, most=most) if cells.kept else []


def _eight_bits(path: Path, languages: Sequence[str]) -> str:
    """Return UTF-8 when the whole file is, else the likeliest of the older encodings; refuse a mixture."""
    broken = _breaks(path, "utf-8")
    if not broken:
        return "utf-8"
    cells = letters.cells_of(path)
    if cells.unicode * _MIXED > cells.unicode + cells.other:
        sentence = _(
            "Line %(line)d is written in another encoding than other lines; save the whole list as UTF-8."
        )
        raise Refusal(sentence % {"line": broken}, code="mixed-encodings")
    # The last of them reads everything.
    return next(code for code in letters.ranked(cells.kept, languages) if not _breaks(path, code))


def _breaks(path: Path, code: str) -> int:
    """Return the line in which a file ceases to be of an encoding; 0 when all of it is."""
    decoder = codecs.getincrementaldecoder(code)()
    line = 1
    with path.open("rb") as file:
        block = b" "
        while block:
            block = file.read(_BLOCK)
            try:
                line += decoder.decode(block, final=not block).count("\n")
            except UnicodeDecodeError as problem:
                return line + problem.object[: problem.start].count(b"\n")
    return 0


def separator_of(text: str) -> str:
    """Return what separates the cells: the sign that gives the first lines the most and the same number."""
    if text[:4].lower() == "sep=" and text[4:5] in SEPARATORS:
        return text[4]
    return max(SEPARATORS, key=lambda sign: (_steadiness(text, sign), -SEPARATORS.index(sign)))


def _steadiness(text: str, sign: str) -> float:
    """Return how many cells the most common line has, weighed by how common it is; 0 for one cell."""
    counts: Counter[int] = Counter()
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=sign)):
            if number >= _SAMPLE_LINES:
                break
            if any(cells):
                counts[len(cells)] += 1
    except csv.Error:
        pass  # the sample ends in the middle of a cell, or the file is broken: the reader says where
    if not counts:
        return 0.0
    cells_a_line, lines = counts.most_common(1)[0]
    share = lines / counts.total()
    return 0.0 if cells_a_line == 1 else share * share * min(cells_a_line, 40) ** 0.5
