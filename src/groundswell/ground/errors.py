"""What can be wrong with the machine, each as one sentence for the person at the keyboard."""

import errno
from typing import Final

# PostgreSQL's codes (its manual, appendix A): no room on the disk; the server goes or is gone.
_FULL: Final = "53100"
_GOING: Final = frozenset({"57P01", "57P02", "57P03"})


class GroundProblem(Exception):  # noqa: N818 - a problem is what the person at the keyboard has
    """A sentence: what is wrong, where, and what to do. `code` is a stable word for programs."""

    code = "ground"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class EnvironmentProblem(GroundProblem):
    """A setting in the environment is wrong."""

    code = "environment"


class ClusterProblem(GroundProblem):
    """The database server cannot be made, started, reached or stopped."""

    code = "database"


class KeyProblem(GroundProblem):
    """The key file is lost, unreadable, or not the one of this database."""

    code = "key"


class BackupProblem(GroundProblem):
    """A backup cannot be written, read or restored."""

    code = "backup"


class ProcessProblem(GroundProblem):
    """A process of the house does not start, or another one is in the way."""

    code = "process"


class DiskProblem(GroundProblem):
    """There is no room left on a disk."""

    code = "disk-full"


def of_exception(problem: BaseException | None) -> GroundProblem | None:
    """Return the problem of the machine that an exception comes from, None when it comes from none.

    Its causes are asked too: Django wraps what the database said.
    """
    while problem is not None:
        state = getattr(problem, "sqlstate", None)
        if state == _FULL or (isinstance(problem, OSError) and problem.errno in {errno.ENOSPC, errno.EDQUOT}):
            return DiskProblem("The disk is full, and nothing of this was kept: make room and start again.")
        if state in _GOING or "server closed the connection unexpectedly" in str(problem):
            return ClusterProblem(
                "The database ended while this ran, and nothing of this was kept: "
                "`groundswell doctor` says what is wrong."
            )
        problem = problem.__cause__ or problem.__context__
    return None
