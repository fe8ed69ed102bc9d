"""What the pages of the structure's rules say, ready for their templates."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from django.db.models import Count
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.access.actor import Actor
from groundswell.access.rights import may
from groundswell.kernel import clock
from groundswell.structure import queries, rules, slots
from groundswell.structure.models import Kind, PromotionRule, Unit
from groundswell.structure.pages import language, members_href, unit_href
from groundswell.structure.proposals import Proposal
from groundswell.structure.queries import localized
from groundswell.structure.standing import Standing
from groundswell.web import figures

# Stands in an address where a kind's code would.
NEW: Final = "new"
# So many units of each thing that is proposed stand on the page of all; the rest is one tap away.
FIRST: Final = 5
PAGE: Final = 100


def kinds(actor: Actor) -> dict[str, Any]:
    """Return the kinds in their order, with how many units are of each, and the rules of promotion."""
    may_change = may(actor, "structure.change", queries.root())
    of_kind = dict(
        Unit.objects.filter(dissolved_on=None)
        .values_list("kind")
        .annotate(number=Count("pk"))
        .order_by("kind")
    )
    found = list(Kind.objects.all())
    return {
        "may_change": may_change,
        "today": clock.today(),
        "new_href": reverse("structure:kind", args=[NEW]),
        "kinds": [
            {
                "code": kind.code,
                "name": localized(kind.names),
                "holds_names": kind.holds_names,
                "meets": kind.meets,
                "units": figures.number(of_kind.get(kind.code, 0), language()),
                "first": kind is found[0],
                "last": kind is found[-1],
            }
            for kind in found
        ],
        "rules": [
            _rule(rule) for rule in PromotionRule.objects.select_related("from_kind", "to_kind", "of_kind")
        ],
    }


def _rule(rule: PromotionRule) -> str:
    asks = []
    if rule.members:
        asks.append(ngettext("%(count)d member", "%(count)d members", rule.members) % {"count": rule.members})
    if rule.units and rule.of_kind:
        words = {"count": rule.units, "kind": localized(rule.of_kind.names)}
        asks.append(_("%(count)d units of the kind “%(kind)s”") % words)
    if rule.elected_committee:
        asks.append(_("an elected committee"))
    return _("From %(from)s to %(to)s: %(asks)s.") % {
        "from": localized(rule.from_kind.names),
        "to": localized(rule.to_kind.names),
        "asks": figures.listed(asks, language()) or _("nothing is asked for"),
    }


def reordered(kind: str, to: str) -> list[str]:
    """Return the codes of the kinds with one of them a place higher (`up`) or lower."""
    codes = list(Kind.objects.values_list("code", flat=True))
    if kind in codes:
        place = codes.index(kind)
        other = max(place - 1, 0) if to == "up" else min(place + 1, len(codes) - 1)
        codes[place], codes[other] = codes[other], codes[place]
    return codes


def kind(known: Kind | None) -> dict[str, Any]:
    """Return the words of the page of a kind."""
    name = localized(known.names) if known else ""
    return {
        "title": _("The kind “%(name)s”") % {"name": name} if known else _("Add a kind of unit"),
        "lede": _(
            "Whether it holds names is chosen before its first unit: names of members stop at the highest "
            "unit that holds them."
        ),
        "back": reverse("structure:kinds"),
        "back_name": _("Kinds of units"),
    }


def promotion_rule(kind: Kind) -> dict[str, Any]:
    """Return the words of the page of a rule of promotion."""
    return {
        "title": _("What the promotion of a %(kind)s asks for") % {"kind": localized(kind.names)},
        "lede": _("A rule for the same two kinds takes the place of the one before."),
        "back": reverse("structure:kinds"),
        "back_name": _("Kinds of units"),
    }


def limits(unit: Unit) -> dict[str, Any]:
    """Return the words of the page of a unit's limits."""
    return {
        "title": _("What is proposed, and when"),
        "lede": _("For this unit and all below it, until one of them sets it otherwise."),
        "back": unit_href(unit.code, None),
        "back_name": _called([unit])[unit.pk],
    }


def seat(unit: Unit) -> dict[str, Any]:
    """Return the words of the page of a unit's seat."""
    return {
        "title": _("Seat and languages"),
        "lede": _(
            "Where the unit is found now, and in which languages it has names. No figure changes by it; it "
            "is shown for earlier days too."
        ),
        "back": unit_href(unit.code, None),
        "back_name": _called([unit])[unit.pk],
    }


def protect(unit: Unit) -> dict[str, Any]:
    """Return the words of the page of a unit's protection."""
    return {
        "title": _("Protect this unit"),
        "lede": _(
            "It holds for all units below it too, and is chosen before the first person is known there. "
            "Above it only counts are seen."
        ),
        "back": unit_href(unit.code, None),
        "back_name": _called([unit])[unit.pk],
    }


def _ready(names: Sequence[str], rest: int) -> str:
    """Return who meets all that is asked for, and how many do not yet."""
    said = {"names": figures.listed(names, language())}
    met = ngettext(
        "%(names)s meets all that is asked for", "%(names)s meet all that is asked for", len(names)
    )
    if not rest:
        return f"{met % said}."
    missing = ngettext("one not yet", "%(count)s not yet", rest)
    return f"{met % said}; {missing % {'count': figures.in_words(rest, language())}}."


def promotion(found: Sequence[Standing], on: dt.date) -> dict[str, Any]:
    """Return the list of who met what a promotion asks for on a day, those ready first."""
    names = _called([one.unit for one in found], on)
    ready = [names[one.unit.pk] for one in found if one.ready]
    if not found:
        headline = _("No rule of promotion speaks of a unit in your reach.")
    elif ready:
        headline = _ready(ready, len(found) - len(ready))
    else:
        headline = ngettext(
            "One unit is on its way, and not there yet.",
            "%(count)s units are on their way, and none is there yet.",
            len(found),
        ) % {"count": figures.capitalised(figures.in_words(len(found), language()))}
    return {
        "headline": headline,
        "on": on,
        "daggers": any(one.unit.illustrative for one in found),
        "standings": [
            {
                "name": names[one.unit.pk],
                "href": unit_href(one.unit.code, None),
                "illustrative": one.unit.illustrative,
                "to_kind": one.to_kind,
                "conditions": conditions(one, on),
            }
            for one in found
        ],
    }


def conditions(one: Standing, on: dt.date) -> list[dict[str, Any]]:
    """Return what a promotion asks of a unit; a number of members or units opens to what it counts."""
    ways = {
        "members": members_href(one.unit.code, on),
        "units": f"{unit_href(one.unit.code, on)}#below-head",
    }
    return [
        {"text": each.text, "met": each.met, "href": ways.get(each.what, ""), "opens": each.what == "members"}
        for each in one.conditions
    ]


def on_the_way(one: Standing, on: dt.date) -> dict[str, Any]:
    """Return how far a unit is on its way to another kind, as its own page says it."""
    return {"to_kind": one.to_kind, "ready": one.ready, "conditions": conditions(one, on)}


def proposed(
    actor: Actor, found: Sequence[Proposal], on: dt.date, what: str, after: int = 0
) -> dict[str, Any]:
    """Return what is proposed on a day by what it is, the most pressing first: the first of each kind.

    `what` narrows it to one kind, of which a page is shown: those after so many.
    """
    counted = Counter(one.what for one in found)
    kinds_of = Counter({kind: counted[kind] for kind in rules.PROPOSALS if counted[kind]})
    shown = [one for one in found if not what or one.what == what]
    pressing = sorted(shown, key=lambda one: (-one.number, one.unit.code))
    after = min(max(after, 0), len(shown)) if what else 0
    groups = {
        kind: [one for one in pressing if one.what == kind][after:][: PAGE if what else FIRST]
        for kind in kinds_of
        if not what or kind == what
    }
    listed = [one for group in groups.values() for one in group]
    names = _called([one.unit for one in listed], on)
    top = actor.mandates[0].unit_id if actor.mandates else None
    unit = Unit.objects.filter(pk=top).first() if top is not None else None
    return {
        "headline": headline(shown)
        if shown
        else _("Nothing is proposed: every unit in your reach is as the rules want it."),
        "kinds": [
            (kind, *words, kind == what) for kind, words in zip(kinds_of, _by_kind(kinds_of), strict=True)
        ],
        "on": on,
        "daggers": any(one.unit.illustrative for one in listed),
        "groups": [
            {
                "what": kind,
                "name": figures.capitalised(_subjects()[kind]),
                "count": figures.number(kinds_of[kind], language()),
                "more": kinds_of[kind] > len(group) and not what,
                "proposals": [(one.unit, names[one.unit.pk], lines_of(actor, [one], on)) for one in group],
            }
            for kind, group in groups.items()
        ],
        "next_href": f"?what={what}&after={after + PAGE}" if what and len(shown) > after + PAGE else "",
        "first_href": f"?what={what}" if after else "",
        "limits_href": reverse("structure:limits", args=[unit.code])
        if unit is not None and may(actor, "structure.change", unit)
        else "",
    }


def lines_of(
    actor: Actor, found: Sequence[Proposal], on: dt.date
) -> list[tuple[SafeString | str, tuple[str, str] | None]]:
    """Return what is proposed for one unit, each with the way to do it, as a word and its address."""
    return [(proposal_text(one, on), _way(actor, one)) for one in found]


def _way(actor: Actor, one: Proposal) -> tuple[str, str] | None:
    """Return how what is proposed is done, as a word and its address, for whoever may."""
    if one.what == "split":
        split = reverse("structure:split", args=[one.unit.code])
        return (_("Split it"), split) if may(actor, "structure.place", one.unit) else None
    return next(filter(None, (way(actor, one.unit, one.what) for way in slots.proposal_ways)), None)


def headline(found: Sequence[Proposal]) -> str:
    """Return for how many units something is proposed, as a sentence."""
    units = len({one.unit.pk for one in found})
    said = ngettext(
        "Something is proposed for one unit.", "Something is proposed for %(count)s units.", units
    )
    return said % {"count": figures.in_words(units, language())}


def kinds_told(found: Sequence[Proposal]) -> str:
    """Return what is proposed how often, in one line: 'To split: 1; to meet: 3'."""
    return figures.capitalised(
        "; ".join(f"{what}: {count}" for what, count in _by_kind(Counter(one.what for one in found)))
    )


def _by_kind(kinds_of: Counter[str]) -> list[tuple[str, str]]:
    return [(_subjects()[what], figures.number(count, language())) for what, count in kinds_of.items()]


def _subjects() -> dict[str, str]:
    return {"split": _("to split"), "treasurer": _("to find a treasurer"), "meeting": _("to meet")}


def proposal_text(one: Proposal, on: dt.date) -> SafeString | str:
    """Return what is proposed on a day and why, in a sentence; its members open to who they are."""
    if one.never:
        # Of a meeting it is known only whether one is written down.
        return {
            "treasurer": _("It has never had a treasurer."),
            "meeting": _("No meeting of it is written down yet."),
        }[one.what]
    number, limit = (figures.number(value, language()) for value in (one.number, one.limit))
    href = members_href(one.unit.code, on) if one.what == "split" else ""
    shown = format_html('<a class="opens" href="{}">{}</a>', href, number) if href else number
    sentences = {
        "split": ngettext(
            "It has {number} member, above {limit}: it should split.",
            "It has {number} members, above {limit}: it should split.",
            one.number,
        ),
        "treasurer": ngettext(
            "It has had no treasurer for {number} day.",
            "It has had no treasurer for {number} days.",
            one.number,
        ),
        "meeting": ngettext(
            "It has not met for {number} day; it should within {limit}.",
            "It has not met for {number} days; it should within {limit}.",
            one.number,
        ),
    }
    return format_html(sentences[one.what], number=shown, limit=limit)


def _called(units: Sequence[Unit], on: dt.date | None = None) -> dict[int, str]:
    called = queries.called([unit.pk for unit in units], on or clock.today())
    return {unit.pk: called[unit.pk].name if unit.pk in called else unit.code for unit in units}
