"""The reads of the room: who acts, with which offices."""

from typing import Any

from django.db import connection

from groundswell.access.actor import ANONYMOUS, Actor, Office
from groundswell.accounts.models import Account

# One question a request: the mandates of today with the place of each and whether it waits for a second
# factor, and the units she knows from inside (her branch, its section, the international).
OFFICES = """
select m.office, m.unit_id, u.path, u.holds_names,
    exists (select from accounts_factordemand demand where demand.office = m.office) and not exists (
        select from mfa_authenticator factor
        where factor.user_id = %s and factor.type in ('totp', 'webauthn'))
from accounts_mandate m join structure_unit u on u.id = m.unit_id
where m.person_id = %s and m.valid @> org_today() and upper_inf(m.recorded)
order by u.path, m.office
"""
HERSELF = """
select p.name, array_remove(array[p.unit_id, u.section_id, split_part(u.path, '/', 2)::bigint], null)
from people_person p join structure_unit u on u.id = p.unit_id where p.id = %s
"""


def actor_of(account: Any) -> Actor:
    """Return who acts through an account, with the offices she holds today; nobody when signed out."""
    if not isinstance(account, Account) or not account.is_active:
        return ANONYMOUS
    with connection.cursor() as cursor:
        cursor.execute(OFFICES, [account.pk, account.person_id])
        rows = cursor.fetchall()
        cursor.execute(HERSELF, [account.person_id])
        name, units = cursor.fetchone() or ("", [])
    return Actor(
        account_id=account.pk,
        person_id=account.person_id,
        name=name,
        mandates=tuple(Office(*row[:4]) for row in rows),
        own_units=frozenset(units),
        needs_factor=any(row[4] for row in rows),
    )


def account_of(email: str) -> Account | None:
    """Return the active account of an e-mail, whatever the case it was typed in."""
    return Account.objects.filter(email=email.strip().casefold()[:254], is_active=True).first()


def account_by(pk: int | None) -> Account:
    """Return the account of this number; a missing one is a fault of the program."""
    return Account.objects.get(pk=pk or 0)
