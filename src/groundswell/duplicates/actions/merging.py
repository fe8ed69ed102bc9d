"""Two records become one: all that hangs on the one who goes becomes the other's."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from groundswell.access import erasing, gate
from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.erasing import Held
from groundswell.access.secrets import make_person_keys, new_ids, seal_cell
from groundswell.access.trail import record
from groundswell.accounts import actions as accounts
from groundswell.accounts import rules as mandates
from groundswell.accounts import sealing
from groundswell.accounts.models import Account
from groundswell.duplicates import queries, rules, settling
from groundswell.duplicates.models import Merge
from groundswell.duplicates.rules import Plan, Term
from groundswell.kernel.errors import Refusal
from groundswell.people.models import Person
from groundswell.people.rules import folded_name


@dataclass(frozen=True, slots=True)
class Choices:
    """Whose details count (the number of a person by detail), and whose memberships where both overlap."""

    details: Mapping[str, int]
    true: int


@transaction.atomic
def merge(one: Person, other: Person, choices: Choices, *, actor: Actor, at: dt.datetime) -> Merge:
    """Merge two records; return what was done. For the data protection officer of both.

    Refused for a record with itself, where a sign-in would gain an office that the actor may not give it,
    where half a transfer would be left, and when somebody changed a membership or an office of either since
    it was looked at.
    """
    require(actor, "people.erase", one.unit)
    require(actor, "people.erase", other.unit)
    rules.check_two(one.pk, other.pk)
    two = queries.two(one, other)
    offices = settling.offices([one.pk, other.pk])
    outcome = settling.outcome(two, offices, actor=actor, today=at.date())
    stays, goes = (two.one, two.other) if outcome.stays == two.one.pk else (two.other, two.one)
    plan = rules.plan(two.terms, stays=stays.pk, true=choices.true)
    details = _details(stays, goes, choices, plan, two.terms)
    held = erasing.held_of(goes.pk)
    carried = mandates.carry(offices.tenures, stays=stays.pk)
    accounts.carry_mandates(carried.gone, carried.instead, actor=actor, at=at)
    _vouch_for_account(goes, stays)
    found = _ask(stays.pk, goes.pk, two.terms, plan, details, at)
    reseal(stays.pk, held)
    # Sealed once more: what is handed out of `kept` opens with her key, and a password's digest and the
    # secrets of second factors are handed out to nobody.
    sign_in = sealing.seal(json.dumps(found.pop("account")), sealing.ENDED)
    kept = {
        **found,
        "sign_in": sign_in,
        "details": details,
        "terms": [_row(term) for term in plan.withdraw],
        "offices": {
            "gone": [asdict(one) for one in carried.gone],
            "instead": [asdict(one) for one in carried.instead],
        },
    }
    (number,) = new_ids(Merge, 1)
    merged = Merge.objects.create(
        pk=number,
        person=stays,
        unit_id=details.get("unit_id", stays.unit_id),
        goes=goes.pk,
        kept=json.dumps(kept, default=str),
        at=at,
        account_id=actor.account_id,
    )
    record("duplicates.merge.done", actor=actor, subject=merged)
    return merged


def _details(
    stays: Person, goes: Person, choices: Choices, plan: Plan, terms: Sequence[Term]
) -> dict[str, Any]:
    """Return what changes on the record that stays, as JSON has it."""
    taken = frozenset(detail for detail, number in choices.details.items() if number == goes.pk)
    changes = rules.choose(vars(stays), vars(goes), taken)
    if {"name", "call_name"} & changes.keys():
        named = {"name": stays.name, "call_name": stays.call_name} | changes
        changes["folded"] = folded_name(named["name"], named["call_name"])
    if changes.get("of_age_on"):
        changes["of_age_on"] = changes["of_age_on"].isoformat()
    heard = [day for day in (stays.heard_on, goes.heard_on) if day is not None]
    if heard and max(heard) != stays.heard_on:
        changes["heard_on"] = max(heard).isoformat()
    home = rules.home_after(terms, plan)
    if home is not None and home != stays.unit_id:
        changes["unit_id"] = home
    return changes


def _vouch_for_account(goes: Person, stays: Person) -> None:
    """Vouch for the sign-in that becomes the other's, if it does."""
    account = Account.objects.filter(person=goes).first()
    if account is not None:
        gate.vouch("accounts_account", account.email, account.password, stays.pk, account.is_active)


def _ask(
    stays: int, goes: int, terms: Sequence[Term], plan: Plan, details: Mapping[str, Any], at: dt.datetime
) -> dict[str, Any]:
    wanted = {
        "withdrawn": [term.pk for term in plan.withdraw],
        "made": [_row(term) for term in plan.make],
    }
    seen = sorted(term.pk for term in terms)
    values: list[Any] = [stays, goes, seen, json.dumps(wanted), json.dumps(details), at]
    with connection.cursor() as cursor:
        cursor.execute("select duplicates_merge_two(%s, %s, %s, %s, %s, %s)::text", values)
        (found,) = cursor.fetchone()
    if found is None:
        raise Refusal(
            _("Somebody changed a membership of one of them meanwhile; look at both again."),
            code="changed-meanwhile",
        )
    done: dict[str, Any] = json.loads(found)
    return done


def reseal(person: int, held: Sequence[Held], only: Mapping[str, Sequence[int]] | None = None) -> None:
    """Seal the cells that came from another with this person's key; `only` these rows by table."""
    cells = []
    for one in held:
        if one.table.merge != "move" or not one.table.sealed:
            continue
        rows = [row for row in one.rows if only is None or row["id"] in only.get(one.table.table, ())]
        for row in rows:
            cells += [
                (one.table.table, column, row["id"], row[column])
                for column in one.table.sealed
                if row[column] is not None
            ]
    if not cells:
        return
    key = make_person_keys([person])[person]
    sealed = [
        {
            "table": table,
            "column": column,
            "row": row,
            "sealed": seal_cell(key, text, table=table, column=column, row=row).hex(),
        }
        for table, column, row, text in cells
    ]
    with connection.cursor() as cursor:
        cursor.execute("select duplicates_reseal(%s, %s)", [person, json.dumps(sealed)])


def _row(term: Term) -> dict[str, Any]:
    """Return a membership as the database makes it."""
    return {
        "person_id": term.person,
        "unit_id": term.unit,
        "kind_id": term.kind,
        "home": term.home,
        "valid": f"[{term.start.isoformat()},{term.end.isoformat() if term.end else ''})",
        "entry_flow": term.entry[0],
        "entry_other_id": term.entry[1],
        "entry_transfer_id": term.entry[2],
        "exit_flow": term.exit[0] if term.end else "exit",
        "exit_other_id": term.exit[1] if term.end else None,
        "exit_transfer_id": term.exit[2] if term.end else None,
        "reason": term.reason if term.end else "",
    }
