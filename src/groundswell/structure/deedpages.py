"""What the pages of deeds say: their titles, what a preview tells, what was done and what waits.

Whole sentences are translated, never pieces glued by an English order.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.forms import Form
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.access.actor import Actor
from groundswell.access.rights import may
from groundswell.kernel import clock
from groundswell.structure import actions, choosing, queries, rules
from groundswell.structure.models import Change, Kind, Preparation, Unit, UnitName
from groundswell.structure.pages import language, members_href, unit_href
from groundswell.structure.previewing import Effect, Preview
from groundswell.structure.queries import localized
from groundswell.web import figures

# The addresses of the deeds, in the order in which they are offered.
ADDRESSES: Final = {
    "founded": "found",
    "renamed": "rename",
    "moved": "move",
    "split": "split",
    "merged": "merge",
    "promoted": "promote",
    "founded-anew": "found-anew",
    "dissolved": "dissolve",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line of what is prepared, or of what can still be undone."""

    day: str
    text: str
    note: str
    href: str
    refused: bool = False


def offered(actor: Actor, unit: Unit) -> list[tuple[str, str]]:
    """Return the deeds that the actor may do to the unit, each with its address."""
    if unit.dissolved_on is not None:
        return []
    top = unit.path.count("/") == rules.TOP_SLASHES
    found = [
        (_labels()[what], reverse(f"structure:{address}", args=[unit.code]))
        for what, address in ADDRESSES.items()
        if may(actor, rules.asked_for(what), unit)
        and not (top and what in {"moved", "split", "merged", "dissolved"})
    ]
    if may(actor, "structure.change", unit):
        found.append((_("Seat and languages"), reverse("structure:seat", args=[unit.code])))
        found.append((_("Protect"), reverse("structure:protect", args=[unit.code])))
    return found


def _labels() -> dict[str, str]:
    return {
        "founded": _("Found a unit in it"),
        "renamed": _("Rename"),
        "moved": _("Move"),
        "split": _("Split"),
        "merged": _("Merge"),
        "promoted": _("Promote"),
        "founded-anew": _("Found anew"),
        "dissolved": _("Dissolve"),
    }


def asked(what: str, unit: Unit, form: Form, actor: Actor) -> dict[str, Any]:
    """Return the page that asks what is to be done."""
    name = _name(unit)
    titles = {
        "founded": _("Found a unit in %(name)s"),
        "renamed": _("Rename %(name)s"),
        "moved": _("Move %(name)s"),
        "split": _("Split %(name)s"),
        "merged": _("Merge %(name)s into another unit"),
        "promoted": _("Promote %(name)s"),
        "founded-anew": _("Found %(name)s anew"),
        "dissolved": _("Dissolve %(name)s"),
    }
    choices = getattr(form, "members", [])
    ledes = {
        "founded": _("It lies in this unit from its first day on, and nobody is a member of it yet."),
        "renamed": _("The old name stays in the history; every table of an earlier day keeps it."),
        "moved": _("All units within it go with it. Nobody joins and nobody leaves by that."),
        "split": _splitting(unit, actor, anybody=bool(choices)),
        "merged": _("This unit ends, and its members count in the other. Nobody joins or leaves by that."),
        "promoted": _("The same unit with the same members, of another kind."),
        "founded-anew": _("The same unit with the same members under a new name, and a line in its history."),
        "dissolved": _("Only an empty unit can be dissolved; move or merge what is in it first."),
    }
    return {
        "unit": unit,
        "name": name,
        "form": form,
        "title": titles[what] % {"name": name},
        "lede": ledes[what],
        "candidates": getattr(form, "candidates", [])[: choosing.MOST_SUGGESTED],
        "choices": choices,
    }


def _splitting(unit: Unit, actor: Actor, *, anybody: bool) -> str:
    """Return what a split does, and why nobody can be chosen where nobody can."""
    if anybody:
        return _("A new unit lies beside this one. Whoever you choose goes over to it.")
    if may(actor, "people.decide", unit):
        return _("A new unit lies beside this one. This one has no members, so the new one begins with none.")
    return _(
        "A new unit lies beside this one and begins with no members: names stop at the section, whose "
        "secretary lets them go over."
    )


def preview(shown: Preview, form: Form) -> dict[str, Any]:
    """Return the page that shows what a deed would change; raises its refusal if no later day mends it."""
    today = clock.today_in(shown.deed.unit.time_zone)
    to_come = shown.deed.day > today
    if shown.refusal is not None and not (to_come and shown.refusal.code in rules.PASSING):
        raise shown.refusal
    lang = language()
    day = figures.day(shown.deed.day, lang)
    # Of a unit founded today only the preview's pretending that the day has come is in the way.
    hindered = shown.refusal is not None and shown.refusal.code != "no-day"
    return {
        "unit": shown.deed.unit,
        "name": _name(shown.deed.unit),
        "form": form,
        "title": _told(shown),
        "day": day,
        "to_come": to_come,
        "refusal": shown.refusal.sentence if shown.refusal and hindered else "",
        "effects": [
            (
                effect.name,
                effect.illustrative,
                effect.code,
                _opening(effect, today),
                _count(effect.after),
                figures.signed((effect.after or 0) - (effect.before or 0), lang)
                if (effect.before or 0) != (effect.after or 0)
                else "",
            )
            for effect in shown.effects
        ],
        "today": today,
        "daggers": any(effect.illustrative for effect in shown.effects),
        "lines": [
            line for line in (_places(shown), _figures(shown), _sheltering(shown), *shown.lines) if line
        ],
    }


def _opening(effect: Effect, today: dt.date) -> SafeString | str:
    """Return the members before, as the link to what they are."""
    href = members_href(effect.code, today) if effect.before else ""
    shown = _count(effect.before)
    return format_html('<a class="opens" href="{}">{}</a>', href, shown) if href else shown


def _count(members: int | None) -> str:
    return "–" if members is None else figures.number(members, language())


def _told(shown: Preview) -> str:
    """Return what is about to happen in one sentence made of figures."""
    deed, said = shown.deed, shown.deed.arguments
    sentences = {
        "founded": _("%(new)s is founded in %(name)s on %(day)s."),
        "renamed": _("%(name)s is called %(new)s from %(day)s on."),
        "moved": _("%(name)s lies in %(other)s from %(day)s on."),
        "split": _("%(new)s is split off from %(name)s on %(day)s."),
        "merged": _("%(name)s ends on %(day)s and goes into %(other)s."),
        "promoted": _("%(name)s is of the kind “%(kind)s” from %(day)s on."),
        "founded-anew": _("%(name)s is founded anew as %(new)s on %(day)s."),
        "dissolved": _("%(name)s is dissolved on %(day)s."),
    }
    other = shown.before.called.get(int(said["other"])) if "other" in said else None
    kind = Kind.objects.filter(pk=said.get("kind", "")).first()
    return sentences[deed.what] % {
        "name": _name(deed.unit),
        "new": localized(said.get("names", {}), deed.unit.languages),
        "other": other.name if other else "",
        "kind": localized(kind.names) if kind else "",
        "day": figures.day(deed.day, language()),
    }


def _places(shown: Preview) -> str:
    """Return how many units change their place with it."""
    if shown.deed.what not in {"moved", "merged"}:
        return ""
    below = Unit.objects.filter(path__startswith=shown.deed.unit.path, dissolved_on=None)
    count = below.exclude(pk=shown.deed.unit.pk).count()
    if not count:
        return ""
    return ngettext(
        "%(count)s unit within it goes with it.", "%(count)s units within it go with it.", count
    ) % {"count": figures.number(count, language())}


def _figures(shown: Preview) -> str:
    """Return which figures move by it: structural moves, transfers, or none."""
    what, moved = shown.deed.what, figures.number(shown.moved, language())
    if what in {"moved", "merged"}:
        if shown.crosses:
            return _(
                "It changes its section: %(count)s members move out of the one and into the other in every "
                "report, as the structure's doing; nobody joins or leaves."
            ) % {"count": moved}
        return _(
            "Its section's row stays as it is; %(count)s members count elsewhere within it. Nobody joins or "
            "leaves."
        ) % {"count": moved}
    if what == "split":
        count = len(shown.deed.arguments.get("members", ()))
        if not count:
            return _("Nobody was chosen to go over: the new unit begins with no members.")
        return ngettext(
            "%(count)s member goes over by transfer; in the section's row nothing moves.",
            "%(count)s members go over by transfer; in the section's row nothing moves.",
            count,
        ) % {"count": figures.number(count, language())}
    return _("No figure moves by it.")


def _sheltering(shown: Preview) -> str:
    """Return that it becomes protected by it."""
    if not shown.shelters:
        return ""
    return _(
        "It becomes protected, as what it goes into is: its people are shown by their call names alone, and "
        "go out in no list."
    )


def done(what: str) -> str:
    """Return what is said when a deed is done."""
    del what
    return _("Done. It can be undone until the end of tomorrow.")


def prepared(day: dt.date) -> str:
    """Return what is said when a deed waits for its day."""
    return _("Prepared for %(day)s. Until then it can be called off.") % {"day": figures.day(day, language())}


def undone() -> str:
    """Return what is said when a change was taken back."""
    return _("Undone. Figures as they were known before stay as they were.")


def called_off(*, refused: bool) -> str:
    """Return what is said when something prepared was called off, or its refusal understood."""
    return _("It is told no more.") if refused else _("Called off.")


def undoing(change: Change, unit: Unit) -> dict[str, Any]:
    """Return the page that asks whether a change shall be undone."""
    return {"unit": unit, "name": _name(unit), "text": text_of(change, unit), "until": _until(change)}


def calling_off(preparation: Preparation, unit: Unit) -> dict[str, Any]:
    """Return the page that asks whether something shall be called off, or says why it could not be done."""
    return {
        "unit": unit,
        "name": _name(unit),
        "text": prepared_text(preparation),
        "day": figures.day(preparation.day, language()),
        "refused": _why_refused(preparation) if preparation.state == "refused" else "",
    }


def _why_refused(preparation: Preparation) -> str:
    """Return why it could not be done, in the reader's language where it was said in hers."""
    said = preparation.refusal
    return said.get(language()) or next(iter(said.values()), "")


def recent(actor: Actor, changes: Sequence[Change], unit: Unit) -> list[Waiting]:
    """Return what can still be undone, for whoever may, and what only time would allow with why it cannot."""
    lines = []
    for change in changes:
        if may(actor, rules.asked_for(change.what), change.unit):
            note = actions.why_not_undone(change)
            href = "" if note else reverse("structure:undo", args=[unit.code, change.pk])
            note = note or _("can be undone until the end of %(day)s") % {"day": _until(change)}
            lines.append(
                Waiting(figures.short_day(change.day, language()), text_of(change, unit), note, href)
            )
    return lines


def waiting(actor: Actor, found: Sequence[Preparation], *, named: bool = False) -> list[Waiting]:
    """Return what waits for its day, with the way to call it off for whoever may; `named` with its unit."""
    names = queries.called([one.unit_id for one in found], clock.today()) if named and found else {}
    lines = []
    for one in found:
        text = prepared_text(one)
        if one.unit_id in names:
            text = _("%(unit)s: %(what)s") % {"unit": names[one.unit_id].name, "what": text}
        refused = one.state == "refused"
        href = unit_href(one.unit.code, None) if named else ""
        if (refused or not named) and may(actor, rules.asked_for(one.what), one.unit):
            href = reverse("structure:call-off", args=[one.unit.code, one.pk])
        note = _("Could not be done: %(why)s") % {"why": _why_refused(one)} if refused else ""
        lines.append(Waiting(figures.short_day(one.day, language()), text, note, href, refused))
    return lines


def prepared_text(preparation: Preparation) -> str:
    """Return what is prepared, in words."""
    said = preparation.arguments
    new = localized(said.get("names", {}), preparation.unit.languages)
    other = Unit.objects.filter(pk=said.get("other")).first() if "other" in said else None
    return _what(preparation.what, new, _name(other) if other else "")


def text_of(change: Change, seen_from: Unit) -> str:
    """Return what was done, in words, on the page of a unit that it was done to or that came of it."""
    if change.made is not None and change.made_id == seen_from.pk:
        sentences = {"founded": _("it is founded"), "split": _("it is split off from %(unit)s")}
        return figures.capitalised(sentences[change.what] % {"unit": _name(change.unit)})
    new = _name(change.made) if change.made else _called_by(change)
    return _what(change.what, new, _name(change.other) if change.other else "")


def _called_by(change: Change) -> str:
    """Return what a change called its unit, or nothing."""
    named = UnitName.objects.filter(change=change, valid__startswith=change.day).order_by("id").first()
    return localized(named.names, change.unit.languages) if named else ""


def _what(what: str, new: str, other: str) -> str:
    sentences = {
        "founded": _("%(new)s is founded in it"),
        "renamed": _("it is renamed to “%(new)s”"),
        "moved": _("it moves to %(other)s"),
        "split": _("%(new)s is split off from it"),
        "merged": _("it is merged into %(other)s"),
        "promoted": _("it becomes one of another kind"),
        "founded-anew": _("it is founded anew as “%(new)s”"),
        "dissolved": _("it is dissolved"),
    }
    return figures.capitalised(sentences[what] % {"new": new, "other": other})


def _until(change: Change) -> str:
    recorded_on = clock.day_in(change.unit.time_zone, change.recorded_at)
    return figures.day(rules.undoable_until(recorded_on), language())


def _name(unit: Unit) -> str:
    names = queries.called([unit.pk], clock.today())
    return names[unit.pk].name if unit.pk in names else unit.code
