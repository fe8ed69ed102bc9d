"""The first secretary of a unit in which nobody is yet, made from where its names are not seen."""

import datetime as dt

from django.db import transaction

from groundswell.access import scope
from groundswell.access.actor import OPERATOR, Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.accounts import queries, rules
from groundswell.accounts.actions.inviting import DAYS
from groundswell.accounts.actions.mandates import give_mandate
from groundswell.accounts.actions.signing import create_account, make_link
from groundswell.accounts.models import Account
from groundswell.people import actions as people
from groundswell.structure.actions.periods import lock_tree
from groundswell.structure.models import Unit
from groundswell.structure.queries import Named


@transaction.atomic
def appoint_first(
    unit: Unit, *, email: str, name: str, day: dt.date, actor: Actor, at: dt.datetime
) -> tuple[Account, str]:
    """Make somebody the first member of a unit, and its secretary; return her account and a link's token.

    Whoever gives its offices from above a section sees and writes nobody in it, so she is written down in
    the worker's scope; the office is given in the actor's own. Refused once anybody is in the unit or below.
    """
    require(actor, "accounts.mandate", unit)
    rules.check_grant(actor, "secretary", unit, to_person=0)
    lock_tree()
    rules.check_empty(Named(unit), empty=queries.nobody_in(unit))
    with scope.worker("the first secretary of a unit"):
        person = people.add_person(unit, name=name, actor=OPERATOR, at=at)
        people.join(person, unit=unit, day=day, actor=OPERATOR, at=at)
        account = create_account(person, email=email, actor=OPERATOR)
        token = make_link(account, hours=DAYS * 24)
    mandate = give_mandate(person, unit=unit, office="secretary", day=day, actor=actor, at=at)
    record("accounts.secretary.appointed", actor=actor, subject=mandate)
    return account, token
