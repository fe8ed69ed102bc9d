"""The one way a command refuses."""


class CommandError(Exception):
    """A refusal in one sentence: usage or input, exit 2.

    `code` is a stable word for programs, `message` the sentence for people, `where` the place in
    the input (a line, an option, a file), or None.
    """

    def __init__(self, code: str, message: str, where: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.where = where
