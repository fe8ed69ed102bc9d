"""What no line of a log holds: what signs somebody in, and a sign that would make of one line two."""

import logging
import re
from typing import Final

# Whoever reads the log could use a link that nobody has used yet.
_TOKEN: Final = re.compile(r"(/accounts/link/)[\w-]+")
_BREAK: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class Discreet(logging.Filter):
    """Shorten links that sign in, and write controls in letters: an address is what a visitor makes it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return True: every record is written, its text as it may be read."""
        text = record.getMessage()
        said = _BREAK.sub(_named, _TOKEN.sub(r"\1…", text))
        if said != text:
            record.msg, record.args = said, ()
        return True


def _named(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode("ascii")
