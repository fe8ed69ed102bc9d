"""Trouble in the log: one sentence for each event, however many lines tell of it, and nothing of anybody."""

import logging
import re
import traceback
from collections.abc import Iterator, Mapping
from types import FrameType
from typing import Any, Final

from groundswell.ground import errors
from groundswell.ground.errors import ClusterProblem, GroundProblem

LASTING_SECONDS: Final = 10.0
QUIET_SECONDS: Final = 60.0
_ABOUT: Final = ("discarding closed connection", "reconnection attempt")
_OURS: Final = "groundswell."
_MOST_FRAMES: Final = 60
# Whoever reads the log could use a link that nobody has used yet.
_TOKEN: Final = re.compile(r"(/accounts/(?:link|email)/)[\w:-]+")
_BREAK: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class OneSentence(logging.Filter):
    """Say what comes from the machine in one sentence, once a minute; of a fault where it rose.

    A database that is back within ten seconds is not said here: whoever started it again has said so.
    What a watcher asks at `/healthz` is answered there. Of a job its task and number are said, and of what
    it failed of the kind and the place: its arguments and what was said of them may be of persons. So may be
    what any exception says (a database repeats the row that it refuses), and the address of a request: of a
    fault the kinds and the frames are written and the constraint by its name, of an address its pattern: it
    may hold a link that signs in. Where an address leads nowhere such a link is cut short, and a sign that
    would make of one line two is written in letters: an address is what a visitor makes it.
    """

    def __init__(self) -> None:
        super().__init__()
        self._began: dict[str, float] = {}
        self._last: dict[str, float] = {}
        self._said: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the record is written; its text becomes the sentence."""
        if _is_no_event(record):
            return False
        known = next(filter(None, map(errors.of_exception, _exceptions(record))), None)
        job = getattr(record, "job", None)
        if isinstance(job, Mapping):
            _write(record, _of_job(record, job, known))
        elif known is not None:
            if not self._is_due(known, record.created):
                return False
            _write(record, known.sentence)
        else:
            _without_values(record)
        _on_one_line(record)
        return True

    def _is_due(self, known: GroundProblem, now: float) -> bool:
        if now - self._last.get(known.code, 0.0) > LASTING_SECONDS:
            self._began[known.code] = now
        self._last[known.code] = now
        patience = LASTING_SECONDS if isinstance(known, ClusterProblem) else 0.0
        if now - self._began[known.code] < patience or now - self._said.get(known.code, 0.0) < QUIET_SECONDS:
            return False
        self._said[known.code] = now
        return True


def _is_no_event(record: logging.LogRecord) -> bool:
    """Whether the record tells a watcher's question, or how the pool goes about a loss that it has told."""
    watched = getattr(getattr(record, "request", None), "path", "") == "/healthz"
    return watched or (record.name == "psycopg.pool" and str(record.msg).startswith(_ABOUT))


def _write(record: logging.LogRecord, text: str) -> None:
    record.msg, record.args, record.exc_info, record.exc_text = text, (), None, None


def _without_values(record: logging.LogRecord) -> None:
    """Leave of a record what finds the line in the program, and nothing of a row or of what was asked for."""
    request: Any = getattr(record, "request", None)
    match = getattr(request, "resolver_match", None)
    if match is not None:
        text, path = record.getMessage(), request.path
        for said in (path, path.encode("unicode_escape").decode("ascii")):  # as Django writes it
            text = text.replace(said, f"/{match.route}")
        record.msg, record.args = text, ()
    if isinstance(record.args, tuple) and not record.name.startswith(_OURS):
        kinds = (_kind(one) if isinstance(one, BaseException) else one for one in record.args)
        record.args = tuple(kinds)
    fault = record.exc_info[1] if record.exc_info else None
    record.exc_info = None
    if fault is not None:
        record.exc_text = "\n".join(told(fault))


def _on_one_line(record: logging.LogRecord) -> None:
    """Cut links short that sign in, and write controls in letters; what is told of a fault has its lines."""
    text = record.getMessage()
    said = _BREAK.sub(_in_letters, _TOKEN.sub(r"\1…", text))
    if said != text:
        record.msg, record.args = said, ()


def _in_letters(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode("ascii")


def told(fault: BaseException) -> Iterator[str]:
    """Yield an exception, and what it came from, each with the frames through which it went."""
    for number, one in enumerate(errors.chain(fault)):
        yield f"  {'from ' if number else ''}{_kind(one)}"
        frames = traceback.walk_tb(one.__traceback__)
        lines = [f"    {_module(frame)}, line {line}, in {frame.f_code.co_name}" for frame, line in frames]
        yield from lines[-_MOST_FRAMES:]


def _kind(fault: BaseException) -> str:
    """Return the kind of an exception, of a database's with its code and the constraint that refused."""
    diagnosis = getattr(fault, "diag", None)
    code = getattr(fault, "sqlstate", None)
    constraint = getattr(diagnosis, "constraint_name", None)
    more = ", ".join(filter(None, (code, constraint)))
    return f"{type(fault).__qualname__} ({more})" if more else type(fault).__qualname__


def _of_job(record: logging.LogRecord, job: Mapping[str, Any], known: GroundProblem | None) -> str:
    """Return what the library says of a job without the arguments, which it repeats, and why it failed."""
    name = f"{job.get('task_name')}[{job.get('id')}]"
    text = record.getMessage().replace(str(job.get("call_string") or name), name)
    record.job = {"task_name": job.get("task_name"), "id": job.get("id")}
    fault = record.exc_info[1] if record.exc_info else None
    if fault is None:
        return text
    return f"{text}: {known.sentence if known else _kind_and_place(fault)}"


def _kind_and_place(fault: BaseException) -> str:
    """Return the kind of an exception, of what it came, where it rose, and which line of ours led there."""
    frames = list(traceback.walk_tb(fault.__traceback__))
    ours = [one for one in frames if _module(one[0]).startswith(_OURS)]
    places = [f"{_module(frame)}, line {line}" for frame, line in (*frames[-1:], *ours[-1:])]
    kinds = map(_kind, errors.chain(fault))
    return f"{' from '.join(kinds)} in {', from '.join(dict.fromkeys(places)) or 'an unknown place'}."


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))


def _exceptions(record: logging.LogRecord) -> Iterator[BaseException]:
    """Yield what the record tells of: an exception beside its text, or within it."""
    if record.exc_info and record.exc_info[1] is not None:
        yield record.exc_info[1]
    if isinstance(record.args, tuple):
        yield from (one for one in record.args if isinstance(one, BaseException))
