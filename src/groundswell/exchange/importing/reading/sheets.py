"""XLSX, ODS and old XLS: opened by a process of its own that may take only so much memory and time.

A sheet of a few kilobytes can claim millions of repeated cells; whatever it claims, the process ends
at its ceiling, and the file is refused with a sentence. Formulas come as the values they last had.
"""

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from django.utils.translation import gettext as _

from groundswell.exchange.importing.reading import archives
from groundswell.exchange.importing.reading.table import Row, Table, made_of
from groundswell.exchange.importing.sheetprocess import CEILING, MOST_CELLS
from groundswell.kernel.errors import Refusal

LARGEST_OLD: Final = 32 * 1024 * 1024
_SECONDS: Final = 300
_MODULE: Final = "groundswell.exchange.importing.sheetprocess"
# What the process says with its exit status.
LOCKED: Final = 3
DAMAGED: Final = 4
TOO_LARGE: Final = 5


def read(path: Path) -> Table:
    """Return the first table of a workbook that has rows."""
    with path.open("rb") as file:
        old = file.read(4) == b"\xd0\xcf\x11\xe0"
    if old and path.stat().st_size > LARGEST_OLD:
        raise Refusal(_("The sheet is too large for its old format; save it as CSV."), code="too-large")
    kind = "xls" if old else archives.measure(path)
    others: list[int] = []
    return made_of(_rows(path, others), kind.upper(), others, margins=True)


def _rows(path: Path, others: list[int]) -> Iterator[Row]:
    process = subprocess.Popen(
        [sys.executable, "-m", _MODULE, str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
    )
    clock = threading.Timer(_SECONDS, process.kill)
    clock.daemon = True
    clock.start()
    try:
        yield from _said(process.stdout, others)
        status = process.wait()
    finally:
        clock.cancel()
        with contextlib.suppress(OSError):
            process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()
    if status and not others:
        raise _refusal(status)


def _said(output: IO[bytes] | None, others: list[int]) -> Iterator[Row]:
    """Yield the rows; add what the process says behind them: 0, and how many other sheets hold something."""
    for line in output or ():
        if not line.endswith(b"\n"):
            return
        said = json.loads(line)
        if isinstance(said, int):
            others.append(said)
        else:
            yield Row(said[0], tuple(said[1]))


def _refusal(status: int) -> Refusal:
    if status == LOCKED:
        return Refusal(_("The sheet is locked with a password; save it without one."), code="locked")
    if status == DAMAGED:
        return Refusal(_("The sheet is damaged; open it, save it anew and try again."), code="damaged")
    # A process that reached its ceiling of memory, or the end of its time, ends by a signal.
    if status == TOO_LARGE or status < 0:
        sentence = _(
            "Unpacked, this sheet is too large: opening it takes more than %(memory)d MB of memory,"
            " %(seconds)d seconds or %(cells)d million cells. Save the list as CSV."
        )
        bounds = {"memory": CEILING >> 20, "seconds": _SECONDS, "cells": MOST_CELLS // 1_000_000}
        return Refusal(sentence % bounds, code="too-large-inside")
    return Refusal(_("The sheet cannot be opened; save the list as CSV."), code="unreadable")
