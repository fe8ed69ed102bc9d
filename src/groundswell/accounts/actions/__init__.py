"""Every write of the room: accounts, signing in and out, mandates given and ended."""

from groundswell.accounts.actions.addressing import change_email, name_email, shown_email
from groundswell.accounts.actions.appointing import appoint_first
from groundswell.accounts.actions.carrying import carry_mandates
from groundswell.accounts.actions.factors import (
    demand_factors,
    end_sessions_without_factor,
    give_authenticator_app,
    may_go,
    put_app_aside,
    showed_herself,
    take_factors,
)
from groundswell.accounts.actions.inviting import call_off, counting_taken, invite
from groundswell.accounts.actions.mandates import (
    end_mandate,
    give_mandate,
    hand_over,
    load_mandates,
    stay_for_the_office,
)
from groundswell.accounts.actions.rescuing import Left, let_in, rescue
from groundswell.accounts.actions.sessions import end_other_sessions, end_session
from groundswell.accounts.actions.signing import (
    count_asking,
    create_account,
    make_link,
    set_password,
    sign_in,
    sign_out,
    signed_in,
    use_link,
)

__all__ = [
    "Left",
    "appoint_first",
    "call_off",
    "carry_mandates",
    "change_email",
    "count_asking",
    "counting_taken",
    "create_account",
    "demand_factors",
    "end_mandate",
    "end_other_sessions",
    "end_session",
    "end_sessions_without_factor",
    "give_authenticator_app",
    "give_mandate",
    "hand_over",
    "invite",
    "let_in",
    "load_mandates",
    "make_link",
    "may_go",
    "name_email",
    "put_app_aside",
    "rescue",
    "set_password",
    "showed_herself",
    "shown_email",
    "sign_in",
    "sign_out",
    "signed_in",
    "stay_for_the_office",
    "take_factors",
    "use_link",
]
