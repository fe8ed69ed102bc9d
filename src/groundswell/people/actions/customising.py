"""Units say what else they keep of their people; the values are written down."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.doors import require
from groundswell.access.secrets import new_ids
from groundswell.access.trail import record
from groundswell.kernel.errors import Refusal
from groundswell.kernel.meanwhile import changed, reconciled, united
from groundswell.people import custom, queries, rules
from groundswell.people.actions.joining import lock_person
from groundswell.people.models import CHOOSING, CUSTOM_TYPES, CustomField, CustomValue, Person
from groundswell.structure.models import Unit


@transaction.atomic
def add_field(
    unit: Unit, *, label: str, kind: str, options: Sequence[str], actor: Actor, at: dt.datetime
) -> CustomField:
    """Let a unit keep something more of the people in it and below it."""
    require(actor, "people.decide", unit)
    if kind not in CUSTOM_TYPES:
        raise Refusal(_("Choose what is written into it."), field="kind", code="no-kind")
    label, options = _label(label), _options(options, choosing=kind in CHOOSING)
    Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    own = CustomField.objects.filter(unit=unit)
    added = CustomField.objects.create(
        unit=unit,
        key=_free_key(label, set(own.values_list("key", flat=True))),
        label=label,
        type=kind,
        options=options,
        position=own.count(),
        recorded_at=at,
    )
    record("people.field.added", actor=actor, subject=added)
    return added


@transaction.atomic
def change_field(
    field: CustomField,
    *,
    label: str,
    options: Sequence[str],
    actor: Actor,
    before: Mapping[str, Any] | None = None,
) -> CustomField:
    """Call a field something else, or offer more to choose; what was offered stays, people may have it.

    `before` is what the one who changes it saw, as `label` and `options`.
    """
    require(actor, "people.decide", field.unit)
    field = CustomField.objects.select_for_update(of=("self",)).select_related("unit").get(pk=field.pk)
    said = reconciled({"label": field.label}, before=before, wanted={"label": _label(label)})
    field.label = said["label"]
    seen = None if before is None else before["options"]
    offered = _options(
        united(field.options, before=seen, wanted=list(options)), choosing=field.type in CHOOSING
    )
    gone = [one for one in field.options if one not in offered]
    if gone:
        sentence = _("“%(option)s” may have been chosen already, so it stays among the choices.")
        raise Refusal(sentence % {"option": gone[0]}, field="options", code="option-gone")
    field.options = offered
    field.save(update_fields=["label", "options"])
    record("people.field.changed", actor=actor, subject=field)
    return field


@transaction.atomic
def end_field(field: CustomField, *, ended: bool, actor: Actor, at: dt.datetime) -> CustomField:
    """Ask for it no more, or again; what was written into it stays with the people."""
    require(actor, "people.decide", field.unit)
    if ended == (field.ended_on is not None):
        return field
    field.ended_on = at.date() if ended else None
    field.save(update_fields=["ended_on"])
    record("people.field.ended" if ended else "people.field.taken_up", actor=actor, subject=field)
    return field


@transaction.atomic
def put_values(
    person: Person,
    *,
    values: Mapping[CustomField, Any],
    before: Mapping[CustomField, Any],
    actor: Actor,
    at: dt.datetime,
) -> None:
    """Write what is kept of a person in fields that hold for her unit; None or '' empties one.

    `before` is what the one who writes saw. Where somebody else wrote something else into one of them
    meanwhile nothing is written, and the Refusal says what stands there now.
    """
    require(actor, "people.edit", person.unit)
    person = lock_person(person)
    held = {field.pk for field in queries.fields_of(person.unit)}
    stand = {one.field_id: one for one in queries.values_of(person)}
    for field, value in values.items():
        name = f"field_{field.pk}"
        if field.pk not in held:
            raise Refusal(_("This is not asked here any more."), field=name, code="no-field")
        new = custom.packed(field.type, field.options, value, field=name)
        old = custom.packed(field.type, field.options, before.get(field), field=name)
        there = stand.get(field.pk)
        if (there.value if there else "") not in (old, new):
            said = custom.shown(field.type, there.value) if there else ""
            raise changed(said, field=name)
        _put(person, field, there, new, at)
    record("people.fields.written", actor=actor, subject=person)


def _put(person: Person, field: CustomField, there: CustomValue | None, new: str, at: dt.datetime) -> None:
    if there is None and new:
        CustomValue.objects.filter(person=person, field=field).delete()  # one whose key is gone
        (number,) = new_ids(CustomValue, 1)
        CustomValue.objects.create(
            pk=number, person=person, unit_id=person.unit_id, field=field, value=new, changed_at=at
        )
    elif there is not None and not new:
        there.delete()
    elif there is not None and there.value != new:
        there.value, there.changed_at = new, at
        there.save(update_fields=["value", "changed_at"])


def _label(text: str) -> str:
    label = rules.check_line(text, field="label", most=custom.LONGEST_LABEL)
    if not label:
        raise Refusal(_("Say what is asked."), field="label", code="no-label")
    return label


def _options(options: Sequence[str], *, choosing: bool) -> list[str]:
    lines = (rules.check_line(one, field="options", most=custom.LONGEST_LABEL) for one in options)
    kept = list(dict.fromkeys(filter(None, lines)))
    if choosing and not kept:
        raise Refusal(_("Write what may be chosen, one choice a line."), field="options", code="no-options")
    if len(kept) > custom.MOST_OPTIONS:
        sentence = _("These are %(count)d choices; at most %(most)d can be kept.")
        words = {"count": len(kept), "most": custom.MOST_OPTIONS}
        raise Refusal(sentence % words, field="options", code="too-many")
    return kept if choosing else []


def _free_key(label: str, taken: set[str]) -> str:
    stem = slugify(label)[:36] or "field"
    return next(key for key in (stem, *(f"{stem}-{n}" for n in range(2, 1000))) if key not in taken)
