"""Short texts of sign-in, sealed for rest: secrets of apps, seeds of recovery codes, codes on their way.

They are needed before anybody is known, so no key of a person opens them: the key that wraps those does,
which is kept outside the database.
"""

import base64
from typing import Final

from groundswell.access import cipher, gate

FACTOR: Final = "a second factor"
MAIL: Final = "a mail of sign-in"
ENDED: Final = "a sign-in that ended with a merge"


def seal(text: str, place: str) -> str:
    """Return a text that opens with this installation's key alone, for this place."""
    return base64.b64encode(cipher.seal(gate.keyring().wrap_key, text.encode(), place)).decode()


def unseal(sealed: str, place: str) -> str:
    """Return the text; `cipher.Unreadable` under another key, from another place, or after a change."""
    return cipher.unseal(gate.keyring().wrap_key, base64.b64decode(sealed), place).decode()
