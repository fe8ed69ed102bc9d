"""What can be wrong with the machine, each as one sentence for the person at the keyboard."""


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
