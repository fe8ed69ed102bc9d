"""Nobody is locked out for good: whoever runs the server gives a secretary, or a way in, that is wanting.

And the highest unit, above which nobody is, has its next secretary from there.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.accounts import queries, rules
from groundswell.accounts.actions.factors import take_factors
from groundswell.accounts.actions.mandates import end_mandate, give_mandate
from groundswell.accounts.actions.signing import create_account, make_link
from groundswell.accounts.models import Account, Mandate
from groundswell.people import actions as people
from groundswell.people.rules import named_after
from groundswell.structure.models import Unit
from groundswell.structure.queries import Named


@dataclass(frozen=True, slots=True)
class Left:
    """What is to be of a secretary who is left: another comes beside her, or instead of her."""

    beside: bool = False
    instead_of: str = ""


@transaction.atomic
def rescue(
    unit: Unit,
    *,
    email: str,
    name: str,
    actor: Actor,
    day: dt.date,
    at: dt.datetime,
    left: Left = Left(),
) -> tuple[Account, str]:
    """Make whoever signs in with an e-mail the unit's secretary; return her account and a link's token.

    Somebody unknown becomes a person of the unit, called `name`. Refused while a secretary who can sign in
    is left, unless it is said what is to be of her: the offices of the highest unit are given by nobody
    inside (decision 0871). For whoever runs the server; it stands in the trail.
    """
    require(actor, "people.load", None)
    folded = rules.check_email(email)
    goes = _secretary(unit, left.instead_of, day) if left.instead_of else None
    if goes is None and not left.beside:
        rules.check_nobody_left(Named(unit), queries.secretaries_who_sign_in(unit))
    account = queries.account_of(folded)
    person = account.person if account else None
    if account is None or person is None:
        person = people.add_person(unit, name=name or named_after(folded), actor=actor, at=at)
        account = create_account(person, email=folded, actor=actor)
    ahead = queries.held_between(person.pk, unit, "secretary", day, None)
    until = ahead.valid.lower if ahead else None  # she would become it on a day to come: she is it until then
    mandate = give_mandate(person, unit=unit, office="secretary", day=day, until=until, actor=actor, at=at)
    record("accounts.secretary.rescued", actor=actor, subject=mandate)
    if goes is not None:
        end_mandate(goes, day=day, actor=actor, at=at)
    return account, make_link(account)


def _secretary(unit: Unit, email: str, day: dt.date) -> Mandate:
    account = rules.check_account(queries.account_of(rules.check_email(email)), email)
    next_day = day + dt.timedelta(days=1)
    held = queries.held_between(account.person_id or 0, unit, "secretary", day, next_day)
    return rules.check_secretary(held, email=account.email, unit=Named(unit))


@transaction.atomic
def let_in(email: str, *, lost_factor: bool, actor: Actor) -> tuple[Account, str]:
    """Return the account of an e-mail and the token of a link for it; take second factors away that are lost.

    It gives no office. For whoever runs the server; it stands in the trail.
    """
    require(actor, "people.load", None)
    account = rules.check_account(queries.account_of(rules.check_email(email)), email)
    if lost_factor:
        take_factors(account, actor=actor)
    record("accounts.link.made", actor=actor, subject=account.person or account)
    return account, make_link(account)
