"""The standard streams of a command: there at all, in an alphabet that fits, let go when nobody hears."""

import errno
import io
import os
import sys
import unicodedata
from typing import IO, Final

from groundswell.cli.errors import CommandError
from groundswell.ground.language import gettext as _
from groundswell.ground.language import of_machine

# Why an answer cannot be written, besides that nobody reads it any more.
CANNOT_WRITE: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF})


def prepare() -> None:
    """Make the streams fit to be used, whoever started this.

    A stream that was closed becomes one that leads nowhere, so that no file or socket takes its number.
    What goes into a file or a pipe is UTF-8; a terminal keeps its alphabet. A sign that has no place in it,
    or that is a byte of an argument which was no text, is written as an escape and ends nothing.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 - a stream
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")


def say(sentence: str) -> None:
    """Write a line beside the answer; where that cannot be done, what is done stays what it is."""
    try:
        sys.stderr.write(f"{sentence}\n")
        sys.stderr.flush()
    except OSError:
        let_go(sys.stderr)


def answer(text: str) -> None:
    """Write the answer now, from within what turns a full disk into a refusal: it is not that disk."""
    if not text:
        return  # a device that is full refuses nothing, too
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as problem:
        let_go(sys.stdout)
        raise CommandError("cannot-write", unwritten(problem)) from problem


def unwritten(problem: OSError) -> str:
    """Say that the answer cannot be written, and why."""
    return _("The answer cannot be written: %(reason)s.") % {"reason": of_machine(problem)}


def let_go(*streams: IO[str]) -> None:
    """Lead streams nowhere: what still waits to be written would fail once more when Python ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in streams:
        os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def one_line(text: str) -> str:
    """Return text with every control sign escaped: it may quote what was typed, or the name of a file."""
    return "".join(
        sign.encode("unicode_escape").decode() if unicodedata.category(sign) == "Cc" else sign
        for sign in text
    )
