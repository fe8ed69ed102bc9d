"""Kinds of units and what a promotion needs: data of the whole organisation, changed from its top unit."""

from collections.abc import Sequence

from django.db import connection, transaction
from django.utils.translation import gettext as _

from groundswell.access import gate
from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.trail import record
from groundswell.kernel.errors import Refusal
from groundswell.structure import queries, rules
from groundswell.structure.actions.opening import kind_of
from groundswell.structure.actions.periods import lock_tree
from groundswell.structure.models import Kind, PromotionRule, Unit

STEP = 10
# A unit that lies today in one whose kind would come to stand below its own.
UPSIDE_DOWN = """
select u.code, p.code from structure_unitparent lies
join structure_unit u on u.id = lies.unit_id join structure_unit p on p.id = lies.parent_id
join structure_kind uk on uk.code = u.kind_id join structure_kind pk on pk.code = p.kind_id
where upper_inf(lies.recorded) and lies.valid @> org_today() and not lies.absorbed
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
def change_kind(kind: Kind, *, names: dict[str, str], holds_names: bool, meets: bool, actor: Actor) -> Kind:
    """Name a kind anew, and say whether it holds names, which stays as it is once a unit is of it."""
    _open(actor)
    kind = Kind.objects.select_for_update().get(pk=kind.pk)
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
        sentence = _("In this order %(code)s could not lie within %(parent)s, where it lies today.")
        raise Refusal(sentence % {"code": found[0], "parent": found[1]}, code="order")
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
) -> PromotionRule:
    """Say what a unit of one kind needs before it becomes one of another; nothing at all ends the rule."""
    _open(actor)
    rules.check_promotion_rule(from_kind, to_kind, members=members, units=units)
    rule, _made = PromotionRule.objects.update_or_create(
        from_kind=kind_of(from_kind),
        to_kind=kind_of(to_kind),
        defaults={
            "members": members,
            "units": units,
            "of_kind": kind_of(of_kind or from_kind) if units else None,
            "elected_committee": elected_committee,
        },
    )
    record("structure.promotion_rule.set", actor=actor, subject=rule)
    return rule


def _open(actor: Actor) -> None:
    """May and lock: kinds belong to the whole, so whoever may change its top unit may change them."""
    require(actor, "structure.change", queries.root())
    lock_tree()
