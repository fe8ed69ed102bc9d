"""Sheets are archives: measured before anything opens them, so that none explodes in memory.

What an archive declares may be a lie, so every entry is also inflated once, in small steps and into
nothing, and stopped when it passes what it declared or what is allowed.
"""

import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO, Final

from django.utils.translation import gettext as _

from groundswell.kernel.errors import Refusal

LARGEST_FILE: Final = 64 * 1024 * 1024
LARGEST_INSIDE: Final = 512 * 1024 * 1024
MOST_ENTRIES: Final = 2_000
# Sheets of names shrink to a tenth; a thousandth is no list of people.
STEEPEST: Final = 200
_SMALL: Final = 16 * 1024 * 1024
_STEP: Final = 256 * 1024
_LOCAL_HEADER: Final = 30
# Of OpenDocument: what it holds, and the one entry of a file that LibreOffice has encrypted as a whole.
_MANIFEST: Final = "META-INF/manifest.xml"
_WHOLLY_LOCKED: Final = "encrypted-package"


def measure(path: Path) -> str:
    """Return 'xlsx' or 'ods' of an archive that may be opened; raises Refusal of any other."""
    size = path.stat().st_size
    if size > LARGEST_FILE:
        sentence = _("The sheet has %(size)d MB; a sheet may have %(most)d MB. Save it as CSV instead.")
        words = {"size": size // (1024 * 1024), "most": LARGEST_FILE // (1024 * 1024)}
        raise Refusal(sentence % words, code="too-large")
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            kind = _kind(archive)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as problem:
        raise Refusal(
            _("The sheet is damaged; open it, save it anew and try again."), code="damaged"
        ) from problem
    _judge_declared(entries, size)
    with path.open("rb") as file:
        inside = 0
        for entry in entries:
            inside += _inflated(file, entry)
            if inside > LARGEST_INSIDE:
                raise _too_large()
    if kind == "ods" and _is_locked(path):
        raise _locked()
    return kind


def _kind(archive: zipfile.ZipFile) -> str:
    names = set(archive.namelist())
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        return "xlsx"
    if "content.xml" in names:
        return "ods"
    if _WHOLLY_LOCKED in names:
        raise _locked()
    raise Refusal(
        _("This archive is no sheet; unpack it and take the list inside, as CSV, XLSX, ODS or vCard."),
        code="not-a-list",
    )


def _is_locked(path: Path) -> bool:
    """Whether the manifest of an OpenDocument sheet says that what is in it was encrypted."""
    with zipfile.ZipFile(path) as archive:
        if _MANIFEST not in archive.namelist():
            return False
        with archive.open(_MANIFEST) as manifest:
            return b"encryption-data" in manifest.read(_STEP)


def _locked() -> Refusal:
    return Refusal(_("The sheet is locked with a password; save it without one."), code="locked")


def _judge_declared(entries: list[zipfile.ZipInfo], size: int) -> None:
    if len(entries) > MOST_ENTRIES:
        sentence = _(
            "This archive holds more than %(most)d files, which no sheet does; save the list as CSV."
        )
        raise Refusal(sentence % {"most": MOST_ENTRIES}, code="too-large-inside")
    # Entries that share their bytes are the other way to make a small file large.
    if sum(entry.compress_size for entry in entries) > size:
        raise _too_steep()
    for entry in entries:
        if entry.flag_bits & 1:
            raise _locked()
    if sum(entry.file_size for entry in entries) > LARGEST_INSIDE:
        raise _too_large()
    for entry in entries:
        if entry.file_size > max(_SMALL, STEEPEST * max(1, entry.compress_size)):
            raise _too_steep()


def _inflated(file: BinaryIO, entry: zipfile.ZipInfo) -> int:
    """Return how many bytes an entry really holds; refuse one that holds more than it says."""
    file.seek(entry.header_offset)
    header = file.read(_LOCAL_HEADER)
    if len(header) < _LOCAL_HEADER or header[:4] != b"PK\x03\x04":
        raise Refusal(_("The sheet is damaged; open it, save it anew and try again."), code="damaged")
    file.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    if entry.compress_type == zipfile.ZIP_STORED:
        return entry.compress_size
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise Refusal(_("The sheet is packed in a way that cannot be read; save it anew."), code="damaged")
    return _run_through(file, entry)


def _run_through(file: BinaryIO, entry: zipfile.ZipInfo) -> int:
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    left, held = entry.compress_size, 0
    try:
        while left > 0 and not inflate.eof:
            block = file.read(min(_STEP, left))
            if not block:
                break
            left -= len(block)
            while block and not inflate.eof:
                held += len(inflate.decompress(block, _STEP))
                block = inflate.unconsumed_tail
                if held > entry.file_size:
                    raise _too_steep()
    except zlib.error as problem:
        raise Refusal(
            _("The sheet is damaged; open it, save it anew and try again."), code="damaged"
        ) from problem
    return held


def _too_large() -> Refusal:
    sentence = _(
        "Unpacked, this sheet is larger than %(most)d MB, the most that is opened. Save the list as CSV."
    )
    return Refusal(sentence % {"most": LARGEST_INSIDE >> 20}, code="too-large-inside")


def _too_steep() -> Refusal:
    sentence = _(
        "Unpacked, this sheet would be more than %(times)d times as large as the file, or larger than the"
        " file itself says: no list of people is. It was not opened; save the list as CSV."
    )
    return Refusal(sentence % {"times": STEEPEST}, code="too-large-inside")
