"""Trouble of the machine in the log: one sentence for each event, however many lines tell of it."""

import logging
from collections.abc import Iterator
from typing import Final

from groundswell.ground import errors
from groundswell.ground.errors import ClusterProblem, GroundProblem

LASTING_SECONDS: Final = 10.0
QUIET_SECONDS: Final = 60.0
_ABOUT: Final = ("discarding closed connection", "reconnection attempt")
_JOB: Final = "job_"  # how procrastinate names what became of a job


class OneSentence(logging.Filter):
    """Say what comes from the machine in one sentence, once a minute; everything else as it is.

    A database that is back within ten seconds is not said here: whoever started it again has said so.
    What a watcher asks at `/healthz` is answered there.
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
        if known is None:
            return True
        job = str(getattr(record, "action", "")).startswith(_JOB)
        if not job and not self._is_due(known, record.created):
            return False
        record.msg = f"{record.getMessage()}: {known.sentence}" if job else known.sentence
        record.args, record.exc_info, record.exc_text = (), None, None
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


def _exceptions(record: logging.LogRecord) -> Iterator[BaseException]:
    """Yield what the record tells of: an exception beside its text, or within it."""
    if record.exc_info and record.exc_info[1] is not None:
        yield record.exc_info[1]
    if isinstance(record.args, tuple):
        yield from (one for one in record.args if isinstance(one, BaseException))
