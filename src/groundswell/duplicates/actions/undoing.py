"""A merge is undone, or its time for that is over."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import connection, transaction
from django.utils.translation import gettext as _

from groundswell.access import erasing, gate
from groundswell.access.actor import OPERATOR, Actor
from groundswell.access.doors import require
from groundswell.access.secrets import erase_key, read
from groundswell.access.trail import record
from groundswell.accounts import actions as accounts
from groundswell.accounts import sealing, vouching
from groundswell.accounts.models import Account
from groundswell.accounts.rules import Tenure
from groundswell.duplicates import queries
from groundswell.duplicates.actions.merging import reseal
from groundswell.duplicates.models import Merge
from groundswell.kernel.errors import Refusal
from groundswell.people.models import Person
from groundswell.people.rules import folded_name


@transaction.atomic
def undo(merged: Merge, *, actor: Actor, at: dt.datetime) -> Person | None:
    """Make two records of one again, each with what was its own; return the one that had gone.

    None where it lies in another section than hers, who has moved since: there the actor does not see it.
    What was written since stays with the record that stayed. Refused when a later merge stands on this one,
    or a membership or an office that the merge made has changed since.
    """
    require(actor, "people.erase", merged.unit)
    found = _open(merged)
    sign_in = found["account"] or {}
    stays = Person.objects.get(pk=merged.person_id)
    back = _details_back(stays, found)
    home, found["person"]["unit_id"] = found["person"]["unit_id"], stays.unit_id  # home it goes at the end
    held = erasing.held_of(stays.pk)
    _vouch_for_account(merged, sign_in)
    terms = {"made": found["terms"]}
    values: list[Any] = [merged.pk, json.dumps(found), json.dumps(terms), json.dumps(back), at]
    with connection.cursor() as cursor:
        cursor.execute("select duplicates_undo(%s, %s, %s, %s, %s)", values)
        (done,) = cursor.fetchone()
    if not done:
        raise Refusal(
            _("Her membership has changed since; put right by hand what was wrong."),
            code="changed-since",
        )
    offices = found.get("offices", {})  # what was merged before offices went over says nothing of them
    accounts.carry_mandates(
        _tenures(offices.get("instead")), _tenures(offices.get("gone")), actor=actor, at=at
    )
    reseal(merged.goes, held, found["moved"])
    for factor in sign_in.get("factors", ()):
        _factor_back(merged, factor)
    if home != stays.unit_id:
        with connection.cursor() as cursor:
            cursor.execute("select duplicates_goes_home(%s, %s)", [merged.pk, home])
    Merge.objects.filter(pk=merged.pk).update(undone_at=at, kept=None)
    record("duplicates.merge.undone", actor=actor, subject=merged)
    return Person.objects.select_related("unit").filter(pk=merged.goes).first()


def forget_over(*, at: dt.datetime) -> int:
    """Forget what undoing old merges needs, and the keys of who went; return how many. For the worker."""
    old = queries.over(at)
    for one in old:
        with transaction.atomic():
            erase_key(one.goes)
            Merge.objects.filter(pk=one.pk).update(kept=None)
            record("duplicates.merge.settled", actor=OPERATOR, subject=one)
    return len(old)


def _open(merged: Merge) -> dict[str, Any]:
    """Return what undoing needs; Refusal where it was undone, forgotten, or another merge stands on it."""
    fresh = Merge.objects.select_for_update(of=("self",)).filter(pk=merged.pk).first()
    if fresh is None or fresh.undone_at is not None:
        raise Refusal(_("Somebody undid this meanwhile."), code="undone")
    if read(fresh, "kept") is None:
        raise Refusal(_("What undoing needs was forgotten after 30 days."), code="settled")
    later = Merge.objects.filter(person=fresh.person_id, undone_at=None, pk__gt=fresh.pk)
    if later.exclude(pk__in=_own(fresh)).exists():
        raise Refusal(_("Another record was merged into hers later; undo that first."), code="later-merge")
    found = queries.found_by(fresh)
    if "sign_in" in found:  # what was merged before this was sealed says it openly, for its 30 days
        found["account"] = json.loads(sealing.unseal(found.pop("sign_in"), sealing.ENDED))
    return found


def _tenures(rows: Sequence[Mapping[str, Any]] | None) -> list[Tenure]:
    """Return offices as they were kept."""
    day = dt.date.fromisoformat
    return [
        Tenure(**{**row, "start": day(row["start"]), "end": day(row["end"]) if row["end"] else None})
        for row in rows or ()
    ]


def _own(merged: Merge) -> list[int]:
    """Return the merges that came to the person with this one."""
    return [int(number) for number in queries.found_by(merged)["moved"].get("duplicates_merge", ())]


def _details_back(stays: Person, found: dict[str, Any]) -> dict[str, Any]:
    """Return the details that go back to what they were: those that nobody changed since."""
    back = {}
    for detail, value in found["details"].items():
        stands = getattr(stays, detail)
        if detail == "folded" or (stands.isoformat() if isinstance(stands, dt.date) else stands) == value:
            back[detail] = found["before"][detail]
    if "folded" in back:
        named = {"name": stays.name, "call_name": stays.call_name} | back
        back["folded"] = folded_name(named["name"], named["call_name"])
    return back


def _factor_back(merged: Merge, factor: Mapping[str, Any]) -> None:
    """Hang a second factor on the sign-in again with which it ended."""
    said = Authenticator(user_id=factor["user_id"], type=factor["type"], data=factor["data"])
    vouching.vouch_for(said)
    with connection.cursor() as cursor:
        cursor.execute("select duplicates_factor_back(%s, %s)", [merged.pk, json.dumps(factor)])


def _vouch_for_account(merged: Merge, said: Mapping[str, Any]) -> None:
    if "ended" in said:
        was = said["ended"]
        gate.vouch("accounts_account", was["email"], was["password"], merged.goes, was["is_active"])
    elif "moved" in said:
        account = Account.objects.filter(pk=said["moved"], person=merged.person_id).first()
        if account is not None:
            gate.vouch("accounts_account", account.email, account.password, merged.goes, account.is_active)
