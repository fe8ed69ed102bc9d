"""The page of a unit, put together: its history, what is done to it, what waits, what is proposed."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from groundswell.access.actor import Actor
from groundswell.access.rights import may
from groundswell.kernel import clock
from groundswell.structure import (
    deedpages,
    lineage,
    pages,
    placemap,
    proposals,
    queries,
    rulepages,
    slots,
    standing,
)
from groundswell.structure.models import Unit
from groundswell.web import acts


def unit(actor: Actor, one: Unit, on: dt.date) -> dict[str, Any]:
    """Return all that the page of a unit shows as of a day."""
    lies = queries.parent_periods()
    called_so, kinds = queries.name_history(one), queries.kind_history(one)
    parents, happened = queries.parent_history(one), queries.events(one)
    today = clock.today_in(one.time_zone)
    early = _("On the day you chose it had not been founded yet.") if on < one.founded_on else ""
    heads = [head(actor, one, on) for head in slots.unit_heads]
    above, below = pages.chain(lies, one.pk, on), pages.children(lies, one.pk, on)
    others = [*(period.parent_id for period in parents), *(event.other_id for event in happened)]
    called = queries.called([one.pk, *above, *below, *(key for key in others if key)], on)
    names = {key: name.name for key, name in called.items()}
    into = next((names[period.parent_id] for period in parents if period.absorbed), "")
    return {
        "unit": one,
        "on": on,
        "daggers": any(called[key].illustrative for key in (one.pk, *below) if key in called),
        **pages.neighbours(called, one.pk, above, below),
        "lede": pages.lede(called[one.pk], one.town, len(below), into=into),
        "leads": [early, *(lead for lead, _panel in heads)],
        "names": pages.names(called_so, one.languages),
        "kinds": pages.kinds(kinds),
        "parents": pages.parents(parents, names),
        "events": pages.events(happened, names, queries.kind_names()),
        **lineage.of_unit(one, on, (called_so, kinds, parents), happened, names),
        "facts": pages.facts(one, pages.languages_named(one.languages), merged=bool(into)),
        "protected": queries.is_protected(one),
        "acts": acts.level(deedpages.offered(actor, one)),
        "recent": deedpages.recent(actor, queries.recent_changes(one, today), one),
        "waiting": deedpages.waiting(actor, queries.preparations(actor, one)),
        **_rules(actor, one, on),
        **placemap.country_map(one, lies, on, today),
        "panels": [
            *(panel for _lead, panel in heads),
            *(panel(actor, one, on) for panel in slots.unit_panels),
        ],
    }


def _rules(actor: Actor, one: Unit, on: dt.date) -> dict[str, Any]:
    """Return what a promotion still asks for, and what is proposed, for whoever sees the figures."""
    if one.dissolved_on is not None or on < one.founded_on or not may(actor, "reports.read", one):
        return {}
    return {
        "standings": [rulepages.on_the_way(found, on) for found in standing.of_unit(one, on)],
        "proposals": rulepages.lines_of(actor, proposals.of_unit(one, on), on),
    }
