"""Lines of text from a file of votes, whatever wrote it, one at a time, with their numbers.

Recognised: UTF-8 with and without byte order mark, UTF-16 with one, Latin-1; lines that end in LF,
CR LF or CR. What was recognised can be asked for afterwards (`Lines.remarks`). What cannot be told
for certain is refused with the number of its line. No more than one line is held at a time.
"""

import codecs
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, Self, cast

from groundswell.calc.errors import InputError, Words

LONGEST: Final = 1_000_000
_SHOWN: Final = 24
_C1_CONTROLS: Final = range(0x80, 0xA0)
# Control characters but the tab, line and paragraph separators, and marks that turn the direction of text.
_CONTROLS: Final = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def shown(text: str) -> str:
    """Quote a piece of the file in an error: whole when short, its beginning otherwise."""
    clean = "".join(sign if sign.isprintable() else "?" for sign in text[:_SHOWN])
    return f"“{clean}”" if len(text) <= _SHOWN else f"“{clean}…” ({len(text)} characters)"


class Lines:
    """An iterator over `(number, line)` of a binary stream, the line without its end.

    Raises `InputError` with the line number for what is no text in a known encoding. As a context it
    closes the stream.
    """

    def __init__(self, stream: BinaryIO) -> None:
        buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(_raw(stream))
        codec, self._name = _recognise(buffered)
        self._text = io.TextIOWrapper(buffered, codec, "surrogateescape", newline=None)
        self._latin_since: int | None = None
        self._beyond_ascii: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_problem: object) -> None:
        self._text.close()

    def __iter__(self) -> Iterator[tuple[int, str]]:
        number = 0
        while True:
            number += 1
            try:
                line = self._text.readline(LONGEST + 1)
            except UnicodeError:
                raise InputError(
                    "the text is not %(encoding)s: save the file as UTF-8.", number, encoding=self._name
                ) from None
            if not line:
                return
            if len(line) > LONGEST:
                raise InputError(
                    "the line is longer than %(most)s characters; no ballot is.", number, most=LONGEST
                )
            yield number, self._plain(line.rstrip("\n"), number)

    def _plain(self, line: str, number: int) -> str:
        if not line.isprintable():
            _refuse_controls(line, number)
        if line.isascii():
            return line
        if self._name != "UTF-8":
            return line
        if any("\udc80" <= sign <= "\udcff" for sign in line):
            return self._latin(line, number)
        self._beyond_ascii = self._beyond_ascii or number
        if self._latin_since is not None:
            raise InputError(
                "this line is UTF-8, but line %(other)s is not: save one encoding.",
                number,
                other=self._latin_since,
            )
        return line

    def _latin(self, line: str, number: int) -> str:
        if self._beyond_ascii is not None:
            raise InputError(
                "this line is not UTF-8, but line %(other)s is: save one encoding.",
                number,
                other=self._beyond_ascii,
            )
        raw = line.encode("utf-8", "surrogateescape")
        if any(byte in _C1_CONTROLS for byte in raw):
            raise InputError("this line is neither UTF-8 nor Latin-1: save the file as UTF-8.", number)
        self._latin_since = self._latin_since or number
        return raw.decode("latin-1")

    def remarks(self) -> tuple[str, ...]:
        """Say which encoding was recognised, once all lines are read."""
        if self._latin_since is not None:
            return (f"The file was read as Latin-1, since line {self._latin_since} is not UTF-8.",)
        return (f"The file was read as {self._name}.",)


def _refuse_controls(line: str, number: int) -> None:
    """Refuse signs that print nothing and change how the rest is printed: a name must be what it looks."""
    if "\0" in line:
        raise InputError("there is a NUL character: this is no text, or UTF-16 without its mark.", number)
    found = _CONTROLS.search(line)
    if found:
        sign = f"U+{ord(found.group()):04X}"
        raise InputError(
            "there is a control character (%(sign)s), which no name or ballot needs.", number, sign=sign
        )


def _raw(stream: BinaryIO) -> io.RawIOBase:
    """Take a stream in memory for a raw one: a buffer asks it for `readinto` only."""
    return cast("io.RawIOBase", stream)


def _recognise(stream: io.BufferedReader) -> tuple[str, str]:
    """Give the codec and its name by the byte order mark, and leave the stream at the first letter."""
    head = stream.peek(4)
    for mark, codec, name in (
        (codecs.BOM_UTF8, "utf-8", "UTF-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
        (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
    ):
        if head.startswith(mark):
            stream.read(len(mark))
            return codec, name
    return "utf-8", "UTF-8"


def open_lines(path: Path) -> Lines:
    """Open a file of votes. Raises `InputError` when it cannot be read."""
    try:
        return Lines(path.open("rb"))  # closed by Lines as a context
    except OSError as problem:
        raise InputError(
            "the file cannot be read: %(reason)s.", reason=Words(problem.strerror or problem)
        ) from None
