"""Every write of the room: accounts, signing in and out, mandates given and ended."""

from groundswell.accounts.actions.factors import demand_factors, give_authenticator_app
from groundswell.accounts.actions.mandates import end_mandate, give_mandate, load_mandates
from groundswell.accounts.actions.signing import (
    create_account,
    make_link,
    set_password,
    sign_in,
    sign_out,
    signed_in,
    use_link,
)

__all__ = [
    "create_account",
    "demand_factors",
    "end_mandate",
    "give_authenticator_app",
    "give_mandate",
    "load_mandates",
    "make_link",
    "set_password",
    "sign_in",
    "sign_out",
    "signed_in",
    "use_link",
]
