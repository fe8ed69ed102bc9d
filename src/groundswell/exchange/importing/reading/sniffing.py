"""What a file is: by its first bytes, its encoding by all of them, its separator by its first lines."""

import codecs
import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

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
# Bytes that Windows-1252 leaves free and Latin-1 has as control characters.
_NOT_WINDOWS: Final = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_NAMES: Final = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32": "UTF-32",
    "cp1252": "Windows-1252",
    "latin-1": "Latin-1",
}


@dataclass(frozen=True, slots=True)
class Form:
    """What a file is taken for: `kind` is text, cards or sheet."""

    kind: str
    encoding: str = ""

    @property
    def words(self) -> str:
        """Return the encoding as people call it."""
        return _NAMES.get(self.encoding, self.encoding)


def form_of(path: Path) -> Form:
    """Recognise a file by what is in it; its name counts for nothing. Raises Refusal."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head.strip(b"\x00 \r\n\t"):
        raise Refusal(_("The file is empty."), code="empty-file")
    if head.startswith(_SHEETS):
        return Form("sheet")
    for mark, name in _FOREIGN:
        if head.startswith(mark):
            sentence = _("This is a %(kind)s file; save the list as CSV, XLSX, ODS or vCard and take that.")
            raise Refusal(sentence % {"kind": name}, code="not-a-list")
    if size > LARGEST_TEXT:
        sentence = _("The file has %(size)d MB; a list may have %(most)d MB. Split it and import the parts.")
        words = {"size": size // (1024 * 1024), "most": LARGEST_TEXT // (1024 * 1024)}
        raise Refusal(sentence % words, code="too-large")
    encoding = _encoding(path, head)
    start = head.decode(encoding, "replace").lstrip("\ufeff \r\n\t")
    if encoding in {"cp1252", "latin-1"} and b"\x00" in head:
        raise Refusal(
            _("This is no list: it holds bytes that no text has. Save it as CSV, XLSX, ODS or vCard."),
            code="not-a-list",
        )
    return Form("cards" if start[:11].upper() == "BEGIN:VCARD" else "text", encoding)


def _encoding(path: Path, head: bytes) -> str:
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding
    evens, odds = head[0:4096:2].count(0), head[1:4096:2].count(0)
    half = max(1, min(len(head), 4096) // 2)
    # Text in Latin letters has every second byte empty when each letter takes two.
    if odds > half // 2 and evens < half // 8:
        return "utf-16-le"
    if evens > half // 2 and odds < half // 8:
        return "utf-16-be"
    return _eight_bits(path)


def _eight_bits(path: Path) -> str:
    """Return UTF-8 when the whole file is, else the older encoding; refuse a mixture of both."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    windows = True
    beyond_ascii = False
    line = 1
    broken: int | None = None
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            windows = windows and not _NOT_WINDOWS.search(block)
            if broken is None:
                try:
                    text = decoder.decode(block)
                except UnicodeDecodeError as problem:
                    good = bytes(problem.object[: problem.start])
                    broken = line + good.count(b"\n")
                    beyond_ascii = beyond_ascii or not good.isascii()
                else:
                    line += text.count("\n")
                    beyond_ascii = beyond_ascii or not text.isascii()
    if broken is None:
        return "utf-8"
    if beyond_ascii:
        sentence = _("Line %(line)d is written in another encoding than the lines above it; save as UTF-8.")
        raise Refusal(sentence % {"line": broken}, code="mixed-encodings")
    return "cp1252" if windows else "latin-1"


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
