"""The reads of the room: who acts, with which offices."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import connection
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from groundswell.access import scope
from groundswell.access.actor import ANONYMOUS, Actor, Office
from groundswell.accounts.models import Account, FactorDemand, Mandate, SignInLink
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.kernel.periods import days
from groundswell.people.models import Person
from groundswell.structure.models import Unit
from groundswell.structure.queries import Named

# One question a request: her name, the units she knows from inside while she is a member (her branch or the
# one it was merged into, its section, the international), her time zone, and the mandates of today with the
# place of each and whether it waits for a second factor.
# She may be out of her own sight, and a mandate may stand alone: so nothing here leaves a row out.
ACTING = """
select p.name, case when exists (
        select from people_membership held where held.person_id = her.id and held.home
          and held.valid @> org_latest_day() and upper_inf(held.recorded))
    then array_remove(array[home.id, home.section_id, split_part(home.path, '/', 2)::bigint], null)
    else '{}' end,
    coalesce(home.time_zone, 'UTC'), m.office, m.unit_id, m.path, m.holds_names,
    exists (select from accounts_factordemand demand where demand.office = m.office) and not exists (
        select from mfa_authenticator factor
        where factor.user_id = %s and factor.type in ('totp', 'webauthn'))
from (select %s::bigint as id) as her
left join (people_person p join structure_unit home on home.id = structure_goes_on_in(p.unit_id))
    on p.id = her.id
left join lateral (
    select m.office, m.unit_id, u.path, u.holds_names
    from accounts_mandate m join structure_unit u on u.id = m.unit_id
    where m.person_id = her.id and m.valid @> org_today_in(u.time_zone) and upper_inf(m.recorded)
    ) as m on true
order by m.path, m.office
"""

SECRETARIES = """
select a.email, coalesce(max(nullif(p.locale, '')), max(u.locale), '')
from accounts_mandate m join accounts_account a on a.person_id = m.person_id
join structure_unit top on top.id = m.unit_id
left join people_person p on p.id = m.person_id left join structure_unit u on u.id = p.unit_id
where m.office = 'secretary' and a.is_active and {where}
  and m.valid @> org_today_in(top.time_zone) and upper_inf(m.recorded)
group by a.email order by a.email
"""
LACKING = """
select count(distinct a.id) from accounts_mandate m join accounts_account a on a.person_id = m.person_id
join structure_unit top on top.id = m.unit_id
join accounts_factordemand demand on demand.office = m.office
where a.is_active and a.last_login is not null
  and m.valid @> org_today_in(top.time_zone) and upper_inf(m.recorded)
  and not exists (select from mfa_authenticator factor
                  where factor.user_id = a.id and factor.type in ('totp', 'webauthn'))
"""
# Who has an account and holds which office today, and who of them has no second factor.
HOLDING = """
from accounts_mandate m join accounts_account a on a.person_id = m.person_id
join structure_unit top on top.id = m.unit_id
left join people_person p on p.id = m.person_id left join structure_unit u on u.id = p.unit_id
where a.is_active and m.valid @> org_today_in(top.time_zone) and upper_inf(m.recorded)
"""
DEMANDED_OF = """
select exists (
    select from accounts_mandate m join accounts_factordemand demand on demand.office = m.office
    join structure_unit top on top.id = m.unit_id
    where m.person_id = %s and m.valid @> org_today_in(top.time_zone) and upper_inf(m.recorded))
"""
WANTING = """
not exists (select from mfa_authenticator factor
            where factor.user_id = a.id and factor.type in ('totp', 'webauthn'))
"""


def actor_of(account: Any) -> Actor:
    """Return who acts through an account, with the offices she holds today; nobody when signed out."""
    if not isinstance(account, Account) or not account.is_active:
        return ANONYMOUS
    with connection.cursor() as cursor:
        cursor.execute(ACTING, [account.pk, account.person_id])
        rows = cursor.fetchall()
    name, units, zone = rows[0][:3]
    held = [row[3:] for row in rows if row[3] is not None]
    return Actor(
        account_id=account.pk,
        person_id=account.person_id,
        name=name or "",
        mandates=tuple(Office(*one[:4]) for one in held),
        own_units=frozenset(units),
        time_zone=zone,
        needs_factor=any(one[4] for one in held),
    )


def account_of(email: str) -> Account | None:
    """Return the active account of an e-mail, whatever the case it was typed in."""
    return Account.objects.filter(email=email.strip().casefold()[:254], is_active=True).first()


def is_taken(email: str) -> bool:
    """Return whether an e-mail, folded, is that of an account, closed ones among them."""
    return Account.objects.filter(email=email).exists()


def person_of_account(email: str, unit: Unit) -> Person:
    """Return who signs in with an e-mail; one sentence for an unknown one and for somebody elsewhere.

    The person may be out of sight: `belongs` decides, and the action asks it again.
    """
    account = account_of(email)
    if account is None or account.person_id is None or not belongs(account.person_id, unit, clock.today()):
        sentence = _("Nobody who belongs to %(unit)s or a unit below it signs in with this e-mail.")
        raise Refusal(sentence % {"unit": Named(unit)}, field="email", code="not-a-member")
    return Person(pk=account.person_id, unit_id=unit.pk)


def belongs(person_id: int, unit: Unit, on: dt.date) -> bool:
    """Return whether somebody is a member or guest of a unit or below, for whoever gives its offices."""
    with connection.cursor() as cursor:
        cursor.execute("select accounts_belongs(%s, %s, %s)", [person_id, unit.pk, on])
        (found,) = cursor.fetchone()
    return bool(found)


def nobody_in(unit: Unit) -> bool:
    """Return whether nobody is written down in a unit or below, also nobody whom the session does not see."""
    with scope.worker("whether anybody is in a unit"):
        return not Person.objects.filter(unit__path__startswith=unit.path).exists()


def belonging(persons: Sequence[int], unit: Unit, on: dt.date) -> set[int]:
    """Return who of these belongs to a unit or below it, as `belongs` says it of one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select one from unnest(%s::bigint[]) one where accounts_belongs(one, %s, %s)",
            [list(persons), unit.pk, on],
        )
        return {number for (number,) in cursor.fetchall()}


def belongs_to(person_id: int, units: Sequence[int], on: dt.date) -> set[int]:
    """Return to which of these units somebody belongs, as `belongs` says it of one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select one from unnest(%s::bigint[]) one where accounts_belongs(%s, one, %s)",
            [list(units), person_id, on],
        )
        return {number for (number,) in cursor.fetchall()}


def held_between(
    person_id: int, unit: Unit, office: str, day: dt.date, until: dt.date | None
) -> Mandate | None:
    """Return the first mandate of an office in a unit that somebody holds on one of these days."""
    held = Mandate.objects.filter(person=person_id, unit=unit, office=office, recorded__upper_inf=True)
    return held.filter(valid__overlap=days(day, until)).order_by("valid").first()


def offices_not_over(person_id: int) -> list[Mandate]:
    """Return the offices that somebody holds or will hold, also those out of the session's sight."""
    with scope.worker("which offices somebody holds"):
        held = Mandate.objects.select_related("unit").filter(person=person_id, recorded__upper_inf=True)
        now = clock.now()
        return [
            one
            for one in held
            if one.valid.upper is None or one.valid.upper > clock.day_in(one.unit.time_zone, now)
        ]


def called_by_mandate(mandates: Sequence[int]) -> dict[int, str]:
    """Return what the holders of these are called, of those in reach; nobody who was erased."""
    with connection.cursor() as cursor:
        named = "select mandate, name from accounts_called(%s) where name is not null"
        cursor.execute(named, [list(mandates)])
        return dict(cursor.fetchall())


def last_secretary_of(person_id: int, on: dt.date) -> list[Named]:
    """Return the units whose only secretary she is on a day."""
    with connection.cursor() as cursor:
        cursor.execute("select accounts_last_secretary(%s, %s)", [person_id, on])
        (codes,) = cursor.fetchone()
    return [Named(unit) for unit in Unit.objects.filter(code__in=codes).order_by("path")] if codes else []


def secretaries_who_sign_in(unit: Unit) -> int:
    """Return how many secretaries of a unit can sign in today: who never has may have been misspelt."""
    with connection.cursor() as cursor:
        cursor.execute(SECRETARIES.format(where="m.unit_id = %s and a.last_login is not null"), [unit.pk])
        return len(cursor.fetchall())


def emails_of_secretaries() -> list[tuple[str, str]]:
    """Return e-mail and locale of every secretary of the organisation. For the operator and the worker."""
    with connection.cursor() as cursor:
        cursor.execute(SECRETARIES.format(where="true"))
        rows: list[tuple[str, str]] = cursor.fetchall()
    return rows


def locale_of(account: Account) -> str:
    """Return the locale of whoever signs in by an account, or of her unit. For operator and worker."""
    person = Person.objects.select_related("unit").filter(pk=account.person_id or 0).first()
    return (person.locale or person.unit.locale) if person else ""


def without_demanded_factor() -> int:
    """Return how many have signed in, hold an office that demands a second factor, and have none."""
    with connection.cursor() as cursor:
        cursor.execute(LACKING)
        (count,) = cursor.fetchone()
    return int(count)


def demanded() -> set[str]:
    """Return the offices that demand a second factor."""
    return set(FactorDemand.objects.values_list("office", flat=True))


def wants_factor(account_id: int, office: str) -> bool:
    """Return whether an office demands a second factor and an account has none."""
    held = Authenticator.objects.filter(user_id=account_id).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return office in demanded() and not held.exists()


def office_demands_of(account: Account) -> bool:
    """Return whether she holds an office today that demands a second factor."""
    with connection.cursor() as cursor:
        cursor.execute(DEMANDED_OF, [account.person_id])
        (found,) = cursor.fetchone()
    return bool(found)


def comes_back(account: Account, *, without: int | None = None) -> bool:
    """Return whether a password or a passkey, but the one of that number, signs her in without a link."""
    passkeys = Authenticator.objects.filter(user=account, type=Authenticator.Type.WEBAUTHN)
    return account.has_usable_password() or passkeys.exclude(pk=without).exists()


def other_factors(factor: Authenticator) -> int:
    """Return how many second factors besides this one its account has."""
    held = Authenticator.objects.filter(user_id=factor.user_id)
    return int(held.exclude(type=Authenticator.Type.RECOVERY_CODES).exclude(pk=factor.pk).count())


def holders_by_office() -> dict[str, tuple[int, int]]:
    """Return for each office how many with an account hold it in reach, and how many lack a factor."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select m.office, count(distinct a.id), count(distinct a.id) filter (where"
            f"{WANTING}) {HOLDING} group by m.office"
        )
        return {office: (held, wanting) for office, held, wanting in cursor.fetchall()}


def emails_wanting_a_factor(offices: Sequence[str]) -> list[tuple[str, str]]:
    """Return e-mail and locale of whoever holds one of these and has no second factor. For the worker."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"select distinct a.email, coalesce(nullif(p.locale, ''), u.locale, '') {HOLDING}"
            f" and m.office = any (%s) and {WANTING} order by 1",
            [list(offices)],
        )
        rows: list[tuple[str, str]] = cursor.fetchall()
    return rows


def account_of_person(person: Person) -> Account | None:
    """Return the account by which a person signs in or is invited to sign in."""
    return Account.objects.filter(person=person).first()


def link_opens(account: Account) -> bool:
    """Return whether a link that was sent to an account, an invitation say, still signs in. Machine time."""
    return SignInLink.objects.filter(account=account, used_at=None, expires_at__gt=Now()).exists()


def account_if_there(pk: int) -> Account | None:
    """Return the active account of this number, None when it is gone."""
    return Account.objects.filter(pk=pk, is_active=True).first()


def account_by(pk: int | None) -> Account:
    """Return the account of this number; a missing one is a fault of the program."""
    return Account.objects.get(pk=pk or 0)
