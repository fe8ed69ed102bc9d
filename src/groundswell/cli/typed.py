"""What is typed after an option, read in one way by every command, or refused in a sentence.

A day is exactly YYYY-MM-DD. A moment is ISO 8601 with its offset from UTC; a bare day means its end in UTC.
Whatever else Python or a database could make something of (weeks, days of the year, no signs between the
figures, nothing at all) is refused: two people would read it differently.
"""

import argparse
import datetime as dt
import re
import unicodedata
from pathlib import Path
from typing import Final

from groundswell.cli.errors import CommandError
from groundswell.ground.language import gettext as _
from groundswell.ground.language import of_machine

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})", re.ASCII
)
_CHECKPOINT: Final = re.compile(r"(\d{1,18}):(\d{1,18}):([0-9a-f]{64})", re.ASCII | re.IGNORECASE)
_WHOLE: Final = re.compile(r"\d{1,18}", re.ASCII)
# Every day that the records know lies between; a moment of another year has no place in them either.
_YEARS: Final = range(1800, 2200)
_LONGEST_LINE: Final = 200
_LONGEST_SEED: Final = 1_000
_QUOTED: Final = 40


def day(text: str, option: str) -> dt.date:
    """Return the day of YYYY-MM-DD; CommandError for everything else."""
    if not _DAY.fullmatch(text):
        sentence = _("%(option)s must be a day written as 2024-01-31 (YYYY-MM-DD), not “%(quoted)s”.") % {
            "option": option,
            "quoted": text[:_QUOTED],
        }
        raise CommandError("bad-day", sentence, option)
    try:
        found = dt.date.fromisoformat(text)
    except ValueError as problem:
        sentence = _("%(option)s %(text)s: the calendar has no such day; check the day and the month.")
        raise CommandError("bad-day", sentence % {"option": option, "text": text}, option) from problem
    if found.year not in _YEARS:
        sentence = _("%(option)s %(text)s: the day lies outside the years 1800 to 2199; check the year.") % {
            "option": option,
            "text": text,
        }
        raise CommandError("day-out-of-range", sentence, option)
    return found


def country(text: str, option: str) -> str:
    """Return the code of a country, as AT; '' for ''; CommandError for what is none."""
    from groundswell.structure import lands

    code = text.strip().upper()
    if code and code not in dict(lands.countries("en")):
        sentence = _("%(option)s: “%(text)s” is no country; write its two letters, as AT.")
        raise CommandError("bad-country", sentence % {"option": option, "text": text[:_QUOTED]}, option)
    return code


def moment(text: str, option: str) -> dt.datetime:
    """Return the moment in UTC, of a bare day its last; CommandError for everything else."""
    if _DAY.fullmatch(text):
        return dt.datetime.combine(day(text, option), dt.time.max, dt.UTC)
    try:
        found = dt.datetime.fromisoformat(text) if _MOMENT.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None:
        raise CommandError(
            "bad-instant",
            _(
                "%(option)s must be a moment with its offset from UTC, as 2024-02-05T18:30:00+01:00 or "
                "2024-02-05T17:30Z, or a day written as 2024-02-05, which means its end in UTC; not "
                "“%(quoted)s”."
            )
            % {"option": option, "quoted": text[:_QUOTED]},
            option,
        )
    day(text[:10], option)
    return found.astimezone(dt.UTC)


def line(text: str, option: str, *, longest: int = _LONGEST_LINE) -> str:
    """Return a line of text that a table can hold and a page show; CommandError for every other."""
    if len(text) > longest:
        sentence = _("%(option)s has %(number)s characters; at most %(longest)s fit.") % {
            "option": option,
            "number": len(text),
            "longest": longest,
        }
        raise CommandError("too-long", sentence, option)
    if any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in text):
        sentence = _(
            "%(option)s holds a line break or a sign that cannot be written down; type it again by hand."
        ) % {"option": option}
        raise CommandError("bad-sign", sentence, option)
    return text


def checkpoint(text: str, option: str) -> tuple[int, int, bytes]:
    """Return section, number and hash of a seal as the page of the trail shows them; or a CommandError."""
    found = _CHECKPOINT.fullmatch(text.strip())
    if found is None:
        sentence = _(
            "%(option)s must be SECTION:NUMBER:HASH with all 64 signs of the hash, as /trail/ shows it; not "
            "“%(quoted)s”."
        ) % {"option": option, "quoted": text[:_QUOTED]}
        raise CommandError("bad-checkpoint", sentence, option)
    return int(found[1]), int(found[2]), bytes.fromhex(found[3])


def language(text: str) -> str:
    """Return a language's code as the names of units have it: `DE` is de, `de-at` de-AT (RFC 5646)."""
    first, *more = text.split("-")
    written = {2: str.upper, 4: str.title}
    return "-".join([first.lower(), *(written.get(len(part), str.lower)(part) for part in more)])


def seed(text: str | None) -> str | None:
    """Return the text by which lots are drawn; CommandError for one that no file could hold."""
    return None if text is None else line(text, "--seed", longest=_LONGEST_SEED)


def name(text: str) -> str:
    """Return the name of a file or directory, for argparse; an empty one would be where one stands."""
    if not text:
        raise argparse.ArgumentTypeError(_("the name is empty; give that of a file or a directory"))
    return text


def path(text: str) -> Path:
    """Return a path, for argparse; an empty one would be the directory one stands in."""
    return Path(name(text))


def require_writable(place: Path, option: str) -> None:
    """Refuse a file that cannot be written, before anything is done that it is to tell of.

    It is opened and, if it was not there, taken away again: only that asks all that may be in the way.
    """
    try:
        there = place.exists()
        if there and not place.is_file():
            sentence = _("%(path)s is no file that could be written; name another with %(option)s.") % {
                "path": place,
                "option": option,
            }
            raise CommandError("cannot-write", sentence, option)
        with place.open("ab"):
            pass
        if not there:
            place.unlink()
    except OSError as problem:
        sentence = _("%(path)s cannot be written: %(reason)s; name another with %(option)s.") % {
            "path": place,
            "reason": of_machine(problem),
            "option": option,
        }
        raise CommandError("cannot-write", sentence, option) from problem


def whole(text: str) -> int:
    """Return a whole number from 0, for argparse."""
    if not _WHOLE.fullmatch(text):
        raise argparse.ArgumentTypeError(
            _("“%(quoted)s” is no whole number from 0") % {"quoted": text[:_QUOTED]}
        )
    return int(text)
