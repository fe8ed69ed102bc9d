"""Refusals: what a rule says no to, in one sentence for the person who asked."""


class Refusal(Exception):  # noqa: N818 - a refusal, not a fault of the program
    """A rule says no.

    `sentence` tells what is wrong, where, and what to do (already in the reader's language);
    `field` names the field of the input it belongs to, or None; `code` is a stable word for
    programs. Views show it beside the field, commands print it and exit with 2.
    """

    def __init__(self, sentence: str, *, field: str | None = None, code: str = "refused") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.code = code


class NotFound(Refusal):
    """What was asked for does not exist, or may not be known of: the two look alike."""

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence, field=field, code="not-found")
