"""Refusals of the calculating rooms: one sentence that says what is wrong, where, and what to do."""

from collections.abc import Sequence


class CalcError(Exception):
    """Any refusal of `calc`. `code` is a stable word for programs, `message` the sentence."""

    code = "calc"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InputError(CalcError):
    """What was given cannot be counted. `line` is the 1-based line of the file, where there is one.

    The line number is part of the sentence, so that a caller may print `message` as it is.
    """

    code = "input"

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message if line is None else f"line {line}: {message}")
        self.line = line


class RuleError(CalcError):
    """The rule cannot be used on this election (equal ranks under a rule that knows none, …)."""

    code = "rule"


class TieError(CalcError):
    """Nothing that was given decides a tie. `tied` are the names of the candidates in it."""

    code = "tie"

    def __init__(self, message: str, tied: Sequence[str]) -> None:
        super().__init__(message)
        self.tied = tuple(tied)
