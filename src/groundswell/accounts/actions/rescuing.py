"""Nobody is locked out for good: whoever runs the server gives a secretary, or a way in, that is wanting."""

import datetime as dt

from django.db import transaction

from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.accounts import queries, rules
from groundswell.accounts.actions.factors import take_factors
from groundswell.accounts.actions.mandates import give_mandate
from groundswell.accounts.actions.signing import create_account, make_link
from groundswell.accounts.models import Account
from groundswell.people import actions as people
from groundswell.people.rules import named_after
from groundswell.structure.models import Unit
from groundswell.structure.queries import Named


@transaction.atomic
def rescue(
    unit: Unit, *, email: str, name: str, actor: Actor, day: dt.date, at: dt.datetime
) -> tuple[Account, str]:
    """Make whoever signs in with an e-mail the unit's secretary; return her account and a link's token.

    Somebody unknown becomes a person of the unit, called `name`. Refused while a secretary who can sign in
    is left. For whoever runs the server; it stands in the trail.
    """
    require(actor, "people.load", None)
    folded = rules.check_email(email)
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
    return account, make_link(account)


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
