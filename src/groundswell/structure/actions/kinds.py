"""Kinds of units and what a promotion needs: data of the whole organisation, changed from its top unit."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from groundswell.access import gate
from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.kernel.errors import Refusal
from groundswell.kernel.meanwhile import reconciled
from groundswell.structure import queries, rules
from groundswell.structure.actions.opening import kind_of, reconciled_names
from groundswell.structure.actions.periods import lock_tree
from groundswell.structure.models import Kind, PromotionRule, Unit

STEP = 10
_NO_RULE: Final[Mapping[str, Any]] = {
    "members": None,
    "units": None,
    "of_kind": "",
    "elected_committee": False,
}
# A unit that lies today in one whose kind would come to stand below its own.
UPSIDE_DOWN = """
select u.id, p.id from structure_unitparent lies
join structure_unit u on u.id = lies.unit_id join structure_unit p on p.id = lies.parent_id
join structure_kind uk on uk.code = u.kind_id join structure_kind pk on pk.code = p.kind_id
where upper_inf(lies.recorded) and lies.valid @> org_latest_day() and not lies.absorbed
  and uk.position < pk.position
order by u.code limit 1
"""


@transaction.atomic
def add_kind(code: str, *, names: dict[str, str], holds_names: bool, meets: bool, actor: Actor) -> Kind:
    """Add a kind of unit below all others; `order_kinds` gives it its place."""
    _open(actor)
    if Kind.objects.filter(code=rules.check_kind_code(code)).exists():
        sentence = _("There already is a kind “%(code)s”.") % {"code": code}
        raise Refusal(sentence, field="code", code="code-taken")
    lowest = Kind.objects.order_by("position").last()
    gate.vouch("structure_kind", code, holds_names)
    kind = Kind.objects.create(
        code=code,
        names=rules.check_names(names),
        position=(lowest.position if lowest else 0) + STEP,
        holds_names=holds_names,
        meets=meets,
    )
    record("structure.kind.added", actor=actor, subject=kind)
    return kind


@transaction.atomic
def change_kind(
    kind: Kind,
    *,
    names: dict[str, str],
    holds_names: bool,
    meets: bool,
    actor: Actor,
    before: Mapping[str, Any] | None = None,
) -> Kind:
    """Name a kind anew, and say whether it holds names, which stays as it is once a unit is of it.

    `before` is what the one who changes it saw, as `names`, `holds_names` and `meets`.
    """
    _open(actor)
    kind = Kind.objects.select_for_update().get(pk=kind.pk)
    names = reconciled_names(kind.names, before=before and before["names"], wanted=names)
    said = {"holds_names": holds_names, "meets": meets}
    said = reconciled({one: getattr(kind, one) for one in said}, before=before, wanted=said)
    holds_names, meets = said["holds_names"], said["meets"]
    if kind.holds_names != holds_names and Unit.objects.filter(kind=kind).exists():
        sentence = _(
            "Units are of this kind already; whether it holds names was chosen before the first of them. "
        ) + _("Add another kind instead.")
        raise Refusal(sentence, field="holds_names", code="kind-in-use")
    gate.vouch("structure_kind", kind.code, holds_names)
    Kind.objects.filter(pk=kind.pk).update(
        names=rules.check_names(names), holds_names=holds_names, meets=meets
    )
    record("structure.kind.changed", actor=actor, subject=kind)
    kind.refresh_from_db()
    return kind


@transaction.atomic
def order_kinds(codes: Sequence[str], *, actor: Actor) -> None:
    """Put the kinds in this order, the highest first; refused where units lie otherwise today."""
    _open(actor)
    if sorted(codes) != sorted(Kind.objects.values_list("code", flat=True)):
        raise Refusal(_("The kinds have changed meanwhile; look at them again."), code="kinds-changed")
    for place, code in enumerate(codes, 1):
        Kind.objects.filter(pk=code).update(position=place * STEP)
    with connection.cursor() as cursor:
        cursor.execute(UPSIDE_DOWN)
        found = cursor.fetchone()
    if found:
        sentence = _("In this order %(unit)s could not lie within %(parent)s, where it lies today.")
        lies, above = (queries.Named(Unit.objects.get(pk=key)) for key in found)
        raise Refusal(sentence % {"unit": lies, "parent": above}, code="order")
    record("structure.kinds.ordered", actor=actor, subject=None)


@transaction.atomic
def set_promotion_rule(
    from_kind: str,
    *,
    to_kind: str,
    members: int | None,
    units: int | None,
    of_kind: str | None,
    elected_committee: bool,
    actor: Actor,
    before: Mapping[str, Any] | None = None,
) -> PromotionRule:
    """Say what a unit of one kind needs before it becomes one of another; nothing at all ends the rule.

    `before` is what the one who says it saw of the rule that was there, its `to_kind` among it.
    """
    _open(actor)
    both: dict[str, Any] = {"from_kind": kind_of(from_kind), "to_kind": kind_of(to_kind)}
    said: dict[str, Any] = {
        "members": members,
        "units": units,
        "of_kind": of_kind,
        "elected_committee": elected_committee,
    }
    if before is not None:
        seen = before if before["to_kind"] == to_kind else _NO_RULE
        said = reconciled(
            _as_said(PromotionRule.objects.filter(**both).first(), seen), before=seen, wanted=said
        )
    rules.check_promotion_rule(from_kind, to_kind, members=said["members"], units=said["units"])
    said["of_kind"] = kind_of(said["of_kind"] or from_kind) if said["units"] else None
    rule, _made = PromotionRule.objects.update_or_create(**both, defaults=said)
    record("structure.promotion_rule.set", actor=actor, subject=rule)
    return rule


def _as_said(rule: PromotionRule | None, seen: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a rule asks for as its form says it: which units count is said also where none do."""
    if rule is None:
        return {**_NO_RULE, "of_kind": seen["of_kind"]}
    said = {name: getattr(rule, name) for name in ("members", "units", "elected_committee")}
    return {**said, "of_kind": rule.of_kind_id or seen["of_kind"]}


def _open(actor: Actor) -> None:
    """May and lock: kinds belong to the whole, so whoever may change its top unit may change them."""
    require(actor, "structure.change", queries.root())
    lock_tree()
