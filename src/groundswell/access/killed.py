"""A job whose worker was killed: it is known by the silence of the worker, and its task says what is done.

A worker says every ten seconds that it lives, a long job or not. What it was doing when it fell silent
stays "doing" in the queue until `access.tasks.take_up` comes by (decision 0815).
"""

from typing import Final

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job

SILENT_SECONDS: Final = 60
# Behind all others: should it be what kills its worker, they have been done by then. And it is the mark by
# which a second fall is known: `attempts` counts a mail server that was away as well.
_LAST: Final = -1


class WorkerKilled(Exception):  # noqa: N818 - what has happened to the job
    """The worker of a job was killed: how far it came nobody knows."""


class OnceMore(BaseRetryStrategy):
    """What a task says whose job does less harm done twice than not at all: it is done once more."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Return that it is done again behind all others, or None after a second fall or another fault."""
        if not isinstance(exception, WorkerKilled) or job.priority <= _LAST:
            return None
        return RetryDecision(retry_in={"seconds": 0}, priority=_LAST)
