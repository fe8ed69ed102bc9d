"""What the pages of lists that go out show, ready for their templates; and how a list is asked for."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.access import rights
from groundswell.access.actor import Actor
from groundswell.exchange import actions, queries, words
from groundswell.exchange.exporting import formats, reaching, rows
from groundswell.exchange.models import Release
from groundswell.kernel import clock
from groundswell.kernel.errors import NotFound
from groundswell.people import filters, searching
from groundswell.people.searching import Asked
from groundswell.structure import queries as structure
from groundswell.structure.models import Unit
from groundswell.web.fields import LONGEST_LINE

# Whom of the list: without it those who are members today.
WHO: Final = "who"
EVERYBODY: Final = "all"
_OWN: Final = ("q", "unit", "status", "town", "tag", WHO)


def parameters() -> dict[str, int]:
    """Return the parameters of a list's address, and how long each may be."""
    return dict.fromkeys(_OWN, LONGEST_LINE) | {one.name: filters.LONGEST for one in filters.list_filters}


def asked_of(said: Mapping[str, str], actor: Actor) -> Asked:
    """Return the question of a list from the parameters of its address, checked already or kept."""
    code, status = said.get("unit", ""), said.get("status", "")
    status = status if status in searching.statuses() else ""
    return Asked(
        text=said.get("q", "").strip(),
        unit=structure.unit_by_code(actor, code, "people.names") if code else None,
        status=status,
        town=said.get("town", "").strip(),
        tag=said.get("tag", "").strip(),
        more=filters.chosen(said),
        current=not status and said.get(WHO) != EVERYBODY,
    )


def unit_of(asked: Asked, actor: Actor) -> Unit:
    """Return the unit whose list it is: the one asked for, else the highest out of which the actor may."""
    unit = asked.unit or queries.highest(actor, "lists.export")
    if unit is None or not rights.may(actor, "lists.export", unit):
        raise NotFound(_("There is no list here that you may take out."))
    return unit


def page(asked: Asked, actor: Actor, unit: Unit, said: Mapping[str, str]) -> dict[str, Any]:
    """Return how many would go out, and how many more or fewer of the list could."""
    today = clock.latest_day()
    count = len(rows.numbers(actor, asked, today=today))
    others = 0
    if not asked.status:
        others = len(rows.numbers(actor, replace(asked, current=not asked.current), today=today)) - count
    other = {name: text for name, text in said.items() if text and name != WHO}
    return {
        "others": abs(others),
        "current": asked.current,
        "other_href": "?" + urlencode(other | ({WHO: EVERYBODY} if asked.current else {})),
        "unit": unit,
        "count": count,
        "headline": ngettext("A list of %(count)d person.", "A list of %(count)d people.", count)
        % {"count": count},
        "second": count > rows.ALONE,
        "alone": rows.ALONE,
    }


def waiting(actor: Actor) -> dict[str, Any]:
    """Return the larger lists that were asked for, and where each stands."""
    now, found, forms = clock.now(), queries.releases(actor), words.forms()
    names = queries.askers(found)
    return {
        "releases": [
            (one, _state(one, actor, now), _anew(one), names.get(one.asked_by or 0, ""), forms[one.form])
            for one in found
        ]
    }


def _anew(release: Release) -> str:
    """Return where the same list is asked for once more."""
    asked = {name: text for name, text in release.question.items() if text}
    return f"{reverse('exchange:export')}?{urlencode(asked)}"


def _state(release: Release, actor: Actor, now: dt.datetime) -> str:
    """Return where a release stands, for this reader."""
    if release.decided_at is None:
        return "decide" if actions.may_release(actor, release) else "waiting"
    if not release.agreed:
        return "refused"
    if release.asked_by != actor.account_id:
        return "agreed"
    if not actions.is_over(release, now):
        return "fetch"
    return "over" if release.fetched_at is None else "agreed"


def handed_out(form: str, taken: actions.TakenOut) -> HttpResponseBase | dict[str, Any]:
    """Return a file, or what the page of a list on screen shows."""
    listed = taken.going.listed
    if form in formats.MEDIA:
        answer = HttpResponse(
            formats.made(form, listed, taken.watermark, taken.at), content_type=formats.MEDIA[form]
        )
        answer["Content-Disposition"] = f'attachment; filename="people.{form}"'
        return answer
    shown = {"form": form, "watermark": taken.watermark}
    if form in {reaching.MAIL, reaching.PHONES}:
        return shown | {
            "portions": reaching.portions(listed) if form == reaching.MAIL else [],
            "calls": reaching.calls(listed) if form == reaching.PHONES else [],
            "without": taken.going.without,
            "withdrew": taken.going.withdrew,
        }
    columns = rows.columns(listed, days=False)
    table = rows.table(listed, days=False)
    return shown | {"columns": columns, "table": [list(zip(columns, row, strict=True)) for row in table]}
