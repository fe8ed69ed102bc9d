"""Refusals of the calculating rooms: one sentence that says what is wrong, where, and what to do.

A sentence is always the same text, its values apart: so a catalogue holds it, and whoever shows it says it in
the reader's language (`CalcError.said`). Nothing is translated here, and nothing is known of catalogues but
that they gather the first text of these errors and of `Words`.
"""

from collections.abc import Callable, Sequence

Translate = Callable[[str], str]


class Words(str):
    """Words of ours within a sentence: they are translated with it, unlike a name that somebody typed."""

    __slots__ = ()


class Names(tuple[str, ...]):
    """Names that a sentence lists, the last after an “and”."""

    __slots__ = ()


_LISTED = Words("%(names)s and %(last)s")
_ON_LINE = Words("line %(line)s: %(sentence)s")


class CalcError(Exception):
    """Any refusal of `calc`. `code` is a stable word for programs, `message` the sentence in English.

    `sentence` holds `%(name)s` for each of the `values`.
    """

    code = "calc"

    def __init__(self, sentence: str, **values: object) -> None:
        self.sentence = sentence
        self.values = values
        self.message = self.said(str)
        super().__init__(self.message)

    def said(self, translate: Translate) -> str:
        """Return the sentence by a function that translates a text; `str` leaves it English."""
        values = {name: _said(value, translate) for name, value in self.values.items()}
        return translate(self.sentence) % values if values else translate(self.sentence)


class InputError(CalcError):
    """What was given cannot be counted. `line` is the 1-based line of the file, where there is one.

    The line number is part of the sentence, so that a caller may print it as it is.
    """

    code = "input"

    def __init__(self, sentence: str, line: int | None = None, **values: object) -> None:
        self.line = line
        super().__init__(sentence, **values)

    def said(self, translate: Translate) -> str:
        """Return the sentence, its line before it."""
        sentence = super().said(translate)
        if self.line is None:
            return sentence
        return translate(_ON_LINE) % {"line": self.line, "sentence": sentence}


class RuleError(CalcError):
    """The rule cannot be used on this election (equal ranks under a rule that knows none, …)."""

    code = "rule"


class TieError(CalcError):
    """Nothing that was given decides a tie. `tied` are the names of the candidates in it."""

    code = "tie"

    def __init__(self, sentence: str, tied: Sequence[str], **values: object) -> None:
        super().__init__(sentence, **values)
        self.tied = tuple(tied)


def _said(value: object, translate: Translate) -> object:
    if isinstance(value, Words):
        return translate(value)
    if isinstance(value, Names) and len(value) > 1:
        return translate(_LISTED) % {"names": ", ".join(value[:-1]), "last": value[-1]}
    return value[0] if isinstance(value, Names) else value
