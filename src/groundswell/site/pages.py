"""What the front page, Today and the source page show, ready for their templates."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from groundswell.access import rights
from groundswell.access.actor import Actor
from groundswell.access.slots import waiting
from groundswell.exchange.scenario.source import SourceLine
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.people import asked, lately
from groundswell.people import queries as people
from groundswell.people.models import Person
from groundswell.reports import asking, pages, queries, rounded, sentences, sheet
from groundswell.reports.question import TOP_SLASHES, Question
from groundswell.site import front as public
from groundswell.structure import outline
from groundswell.structure import queries as structure
from groundswell.structure.models import Unit
from groundswell.web import acts, figures

NEWS_DAYS: Final = 60
TOLD: Final = 8


def front() -> dict[str, Any]:
    """Return what the public front shows: the published figures and statements, and nothing else."""
    shown = public.published()
    return {
        "organisation": public.organisation_name(),
        "units_href": reverse("structure:unit", args=[code]) if (code := public.organisation_code()) else "",
        "published": _published(shown) if shown else None,
        "statements": [
            (
                figures.day(one.day, _language()),
                one.day,
                one.title,
                sentences.decision_note(one.kind, one.result),
            )
            for one in public.statements()
        ],
        "contact": settings.CONTACT,
    }


def _published(shown: public.Published) -> dict[str, Any]:
    total, lang = shown.body["total"], _language()
    growth = figures.growth_per_cent(total["members"], total["previous"])
    kinds = Counter(unit["kind"] for unit in shown.body["units"] if unit["kind"] != sentences.DIRECT)
    sections, groups = kinds.get("section", 0), kinds.get("group", 0)
    return {
        "day": figures.day(shown.as_of, lang),
        "since": figures.day(shown.since, lang),
        "members": figures.number(total["members"], lang),
        "words": figures.capitalised(figures.in_words(total["members"], lang)),
        "gain": figures.signed(total["members"] - total["previous"], lang),
        "growth": figures.signed_per_cent(growth, lang) if growth is not None else "",
        "joined": figures.number(total["joined"], lang),
        "left": figures.number(total["left"], lang),
        "units": figures.number(sum(kinds.values()), lang),
        "kinds": sentences.counted_kinds({"section": sections, "group": groups}),
        "daggers": any(unit["illustrative"] for unit in shown.body["units"]),
        "as_of": shown.as_of,
    }


def published() -> dict[str, Any] | None:
    """Return what the published figures count, as far as it is public: sums, and no unit by itself."""
    shown = public.published()
    if shown is None:
        return None
    total, lang = shown.body["total"], _language()
    members = _("Members at the end of %(day)s")
    flows = (
        ("+", _("Joined"), "joined"),
        (figures.MINUS, _("Left"), "left"),
        ("+", _("Moved in"), "moved_in"),
        (figures.MINUS, _("Moved out"), "moved_out"),
    )
    since, as_of = figures.day(shown.since, lang), figures.day(shown.as_of, lang)
    return _published(shown) | {
        "terms": [
            ("", members % {"day": since}, figures.number(total["previous"], lang)),
            *((sign, label, figures.number(total[name], lang)) for sign, label, name in flows),
        ],
        "result": (members % {"day": as_of}, figures.number(total["members"], lang)),
        "rule": _("Members counts whoever is a member at home; guests and supporters are not in it."),
        "made": sheet.made(Question("", shown.as_of, shown.since, shown.known_at, shown.structure)),
    }


def published_of(code: str) -> SafeString:
    """Return how many members a unit had by the published report, for whoever comes; '' where none says."""
    shown = public.published()
    if shown is None:
        return SafeString("")
    within = outline.outlined(shown.body["unit"])
    findable = {one.called.code for one in within if one.place == "below" and not one.protected}
    said = public.open_to_all(shown.body, findable).get(code)
    if said is None:
        return SafeString("")
    lang = _language()
    growth = figures.growth_per_cent(said["members"], said["previous"])
    context = {
        "day": figures.day(shown.as_of, lang),
        "since": figures.day(shown.since, lang),
        "members": figures.number(said["members"], lang),
        "gain": figures.signed(said["members"] - said["previous"], lang),
        "growth": figures.signed_per_cent(growth, lang) if growth is not None else "",
        "daggers": said["illustrative"],
    }
    return render_to_string("site/_published_of.html", context)


def first_page(actor: Actor) -> str:
    """Return the first page after signing in."""
    day = asking.newest_published_day()
    reads_all = any(
        office.office == "secretary" and office.path.count("/") == TOP_SLASHES for office in actor.mandates
    )
    if day is None or not reads_all:
        return reverse("home")
    return Question("", day, sentences.a_year_before(day), None, "then").address()


def today(actor: Actor) -> dict[str, Any]:
    """Return what is new for the actor's offices."""
    day = clock.today()
    asked_here = asked.here(actor, day)
    decides = any(one.decides for one in asked_here)
    # What is answered on the spot needs no line that leads there.
    answered = {reverse("people:asked")} if decides else ()
    context: dict[str, Any] = {
        "name": actor.name,
        "day": figures.day(day, _language()),
        "today": day,
        "report": None,
        "mine": acts.led(_mine(actor)),
        "asked": asked_here,
        "decides": decides,
        "waits": [one for one in waiting(actor, day) if one.asks and one.href not in answered],
        "lately": lately.told(actor, day)[:TOLD],
    }
    if rights.may_by_office(actor, "reports.read"):
        context |= _news(actor, day)
    else:
        context |= _own_units(actor, day)
    return context


def _own_units(actor: Actor, day: dt.date) -> dict[str, Any]:
    """Return a member's branch, its section and the whole, each with its members in fives."""
    units = list(Unit.objects.filter(pk__in=actor.own_units).order_by("-path"))
    names = structure.called([unit.pk for unit in units], day)
    rows = [(names[unit.pk], rounded.month_ends(actor, unit, day)) for unit in units if unit.pk in names]
    return {
        "own": [(called, rounded.said(points[-1][1]) if points else "") for called, points in rows],
        "own_on": figures.day(day.replace(day=1) - dt.timedelta(days=1), _language()),
        "daggers": any(called.illustrative for called, _points in rows),
    }


def _mine(actor: Actor) -> list[acts.Act]:
    """Return what whoever holds no office may do from here: see to her data, move to another unit."""
    if actor.mandates or actor.person_id is None:
        return []
    mine = [(_("My data"), reverse("protection:me"))]
    herself = Person.objects.filter(pk=actor.person_id).first()
    moves = any(one.kind == "transfer" for one in people.asked_for_herself(actor))
    if herself is not None and not moves and people.home_of(herself) is not None:
        mine.append((_("Move to another unit"), reverse("people:transfer", args=[actor.person_id])))
    return mine


def _news(actor: Actor, day: dt.date) -> dict[str, Any]:
    last_month = day.replace(day=1) - dt.timedelta(days=1)
    question = Question(asking.default_unit(actor), day, last_month, None, "then")
    try:
        made = queries.report(actor, **question.arguments())
    except Refusal as refusal:
        return {"refusal": refusal.sentence}
    window = Question(question.unit, day, day - dt.timedelta(days=NEWS_DAYS), None, "then")
    unit = structure.unit_by_code(actor, question.unit or None)
    # What was founded since has a report of no earlier day.
    newest = last_month if unit.founded_on <= last_month else day
    year = Question(question.unit, newest, sentences.a_year_before(newest), None, "then")
    return {
        "headline": month_headline(made),
        "unit": made.unit,
        "figures": pages.big_figures(question, made),
        "made": sheet.made(question),
        "daggers": sheet.daggers(made),
        "report_href": year.address(),
        "report_title": pages.titled(made, whole=unit.path.count("/") == TOP_SLASHES),
        "growing": _movers(question, made),
        "events": asking.happenings_of(unit, made, window.since, window.as_of),
        "news_days": NEWS_DAYS,
        "last_month": figures.day(newest, _language()),
    }


def month_headline(made: queries.Report) -> Any:
    """Return the headline of Today: how many joined since the last month's end, and how many left."""
    lang = _language()
    joined = format_html("<em>{}</em>", figures.number(made.total.joined, lang))
    left = figures.number(made.total.left, lang)
    since = figures.long_day_and_month(made.since, lang)
    if made.total.joined == 0 and made.total.left == 0:
        return format_html(_("Nobody has joined or left since {day}."), day=since)
    return format_html(_("{joined} joined since {day}, {left} left."), joined=joined, left=left, day=since)


def _movers(question: Question, made: queries.Report) -> list[pages.Row]:
    lines = [line for line in made.lines if line.joined or line.left or line.moved_in or line.moved_out]
    chosen = sorted(lines, key=lambda line: (line.previous - line.members, line.code))[:8]
    return sheet.rows(question, made, chosen, asking.countries(made))


def source(lines: Sequence[SourceLine]) -> dict[str, Any]:
    """Return the source page's lines and how many are fulfilled."""
    return {
        "lines": lines,
        "fulfilled": sum(line.state == "fulfilled" for line in lines),
        "all": len(lines),
    }


def _language() -> str:
    return get_language() or "en"
