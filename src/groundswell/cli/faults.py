"""A fault of the program: one sentence at the terminal, and in a file of the home where it rose."""

import os
from typing import Final

from groundswell.cli.errors import CommandError
from groundswell.ground import faultfile
from groundswell.ground.language import gettext as _

SHOWN: Final = "GROUNDSWELL_TRACEBACK"


def are_shown() -> bool:
    """Whether a fault is shown as Python tells it, values and all, for whoever mends the program."""
    return os.environ.get(SHOWN, "").strip() == "1"


def refusal(fault: Exception, word: str) -> CommandError:
    """Write down where a fault rose in the command `word`; return the sentence that says where that is."""
    said = {"word": word, "kind": type(fault).__qualname__, "shown": SHOWN}
    path = faultfile.write_down(fault, word)
    if path is None:
        return CommandError(
            "fault",
            _(
                "`groundswell %(word)s` was ended by a fault of the program (%(kind)s): %(shown)s=1 before "
                "it shows where it rose, with the values it was about."
            )
            % said,
        )
    return CommandError(
        "fault",
        _(
            "`groundswell %(word)s` was ended by a fault of the program (%(kind)s): where it rose stands in "
            "%(path)s, without anything of a record."
        )
        % {**said, "path": path},
        str(path),
    )
