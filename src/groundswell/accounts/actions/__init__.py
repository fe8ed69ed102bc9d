"""Every write of the room: accounts, signing in and out, mandates given and ended."""

from groundswell.accounts.actions.mandates import end_mandate, give_mandate, load_mandates
from groundswell.accounts.actions.signing import (
    create_account,
    make_link,
    sign_in,
    sign_out,
    use_link,
)

__all__ = [
    "create_account",
    "end_mandate",
    "give_mandate",
    "load_mandates",
    "make_link",
    "sign_in",
    "sign_out",
    "use_link",
]
