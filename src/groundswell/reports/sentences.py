"""The report in sentences: headline, what stands below it, and what happened, in the reader's language.

Pure functions of a report; every number and day goes through `groundswell.web.figures`. Whole
sentences are translated, never their pieces glued by an English order.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from groundswell.reports.queries import Line, Milestone, Report
from groundswell.structure.pages import unit_href
from groundswell.web import figures

WHOLE: Final = "INT"
DIRECT: Final = "direct"
# A unit's milestones below this stand in the longer list only.
WORTH_A_LINE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened on a day, ready to read; its address opens a figure or leads to a unit."""

    on: dt.date
    day: str
    text: str
    note: str = ""
    href: str = ""
    illustrative: bool = False
    opens: bool = False


def language() -> str:
    """Return the reader's language."""
    return get_language() or "en"


def number(value: int) -> str:
    """Return a number in the reader's language."""
    return figures.number(value, language())


def words(value: int) -> str:
    """Return a number in words where the language has them, else in figures."""
    return figures.in_words(value, language())


def is_month_end(day: dt.date) -> bool:
    """Return whether the day is the last of its month."""
    return (day + dt.timedelta(days=1)).day == 1


def when(day: dt.date) -> str:
    """Return the month of a month's end ('January 2024'), else the day in full."""
    lang = language()
    return figures.month(day, lang) if is_month_end(day) else figures.day(day, lang)


def a_year_before(day: dt.date) -> dt.date:
    """Return the same day of the year before; a month's end stays one."""
    try:
        before = day.replace(year=day.year - 1)
    except ValueError:
        before = day.replace(year=day.year - 1, day=28)
    if is_month_end(day):
        return (before.replace(day=1) + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)
    return before


def headline(report: Report) -> SafeString:
    """Return the report in one sentence made of figures, the growth marked."""
    members, previous = report.total.members, report.total.previous
    if not members:
        return conditional_escape(nobody(report))
    count = figures.capitalised(
        ngettext("%(number)s member", "%(number)s members", members) % {"number": words(members)}
    )
    year = report.since == a_year_before(report.as_of)
    growth = figures.growth_per_cent(members, previous)
    day = figures.day(report.since, language())
    if growth is None and report.unit.founded_on > report.since:
        founded = figures.day(report.unit.founded_on, language())
        return format_html(_("{count}. It was founded on {day}."), count=count, day=founded)
    if growth is None:
        return format_html(_("{count}. There was none on {day}."), count=count, day=day)
    share = format_html("<em>{}</em>", _("%(number)s per cent") % {"number": number(abs(growth))})
    sentence = {
        (1, True): _("{count}, {share} more than a year ago."),
        (1, False): _("{count}, {share} more than on {day}."),
        (-1, True): _("{count}, {share} fewer than a year ago."),
        (-1, False): _("{count}, {share} fewer than on {day}."),
        (0, True): _("{count}, about as many as a year ago."),
        (0, False): _("{count}, about as many as on {day}."),
    }[(growth > 0) - (growth < 0), year]
    return format_html(sentence, count=count, share=share, day=day)


def nobody(report: Report) -> str:
    """Return that a unit has no member: not yet, no more, or simply none."""
    total, dissolved = report.total, report.unit.dissolved_on
    if dissolved is not None and dissolved <= report.as_of:
        return _("This unit has ended: nobody counts in it any more.")
    if total.previous:
        said = ngettext(
            "Nobody is a member any more. On %(day)s there was %(number)s.",
            "Nobody is a member any more. On %(day)s there were %(number)s.",
            total.previous,
        )
        return said % {"number": words(total.previous), "day": figures.day(report.since, language())}
    if total.joined or total.moved_in:
        return _("Nobody is a member any more.")
    if report.unit.founded_on > report.since:
        return _("Nobody is a member yet.")
    return _("Nobody is a member.")


def lede(report: Report) -> list[str]:
    """Return the sentences below the headline."""
    sentences = [kinds(report.lines), passed(report), first_past(report)]
    return [
        sentence
        for sentence in (*sentences, _("Every figure below opens down to what it counts."))
        if sentence
    ]


def kinds(lines: Sequence[Line]) -> str:
    """Return 'Sixteen sections and nine groups.'; nothing where no unit lies below."""
    names = {line.kind: line.kind_name for line in lines}
    return counted_kinds(Counter(line.kind for line in lines if line.kind != DIRECT), names)


def counted_kinds(found: Mapping[str, int], names: Mapping[str, str] | None = None) -> str:
    """Return how many units of each kind there are, most first, as a sentence."""
    several = sorted(((count, kind) for kind, count in found.items() if count), reverse=True)
    parts = [_counted(kind, count, (names or {}).get(kind, kind)) for count, kind in several]
    return _("%(list)s.") % {"list": figures.capitalised(_joined(parts))} if parts else ""


def _counted(kind: str, count: int, kind_name: str) -> str:
    known = {
        "section": ngettext("one section", "%(number)s sections", count),
        "group": ngettext("one group", "%(number)s groups", count),
        "region": ngettext("one region", "%(number)s regions", count),
        "branch": ngettext("one branch", "%(number)s branches", count),
    }
    wording = known.get(kind, "%(number)s \N{MULTIPLICATION SIGN} " + kind_name)
    return wording % {"number": words(count)} if "%(number)s" in wording else wording


def _joined(parts: Sequence[str]) -> str:
    return figures.listed(parts, language())


def of_the_whole(report: Report, mark: Milestone) -> bool:
    """Return whether a milestone is the report's own unit's."""
    return mark.unit_code in {WHOLE, report.unit.code}


def passed(report: Report) -> str:
    """Return which marks the whole passed, and when."""
    lang = language()
    own = [mark for mark in report.milestones if of_the_whole(report, mark)]
    parts = [
        (_("%(number)s members were passed on %(day)s") if index == 0 else _("%(number)s on %(day)s"))
        % {"number": words(mark.threshold), "day": figures.kept_day(mark.on, lang)}
        for index, mark in enumerate(own)
    ]
    return _("%(list)s.") % {"list": figures.capitalised(_joined(parts))} if parts else ""


def first_past(report: Report) -> str:
    """Return which unit is the first past the highest mark that any unit passed in the window."""
    marks = [mark for mark in report.milestones if not of_the_whole(report, mark)]
    highest = max((mark.threshold for mark in marks), default=0)
    if highest < WORTH_A_LINE or any(line.previous >= highest for line in report.lines):
        return ""
    first = min((mark for mark in marks if mark.threshold == highest), key=lambda mark: mark.on)
    kind = next((line.kind for line in report.lines if line.code == first.unit_code), "")
    sentence = (
        _("%(unit)s is the first section past %(number)s.")
        if kind == "section"
        else _("%(unit)s is the first past %(number)s.")
    )
    return sentence % {"unit": first.unit_name, "number": words(highest)}


def day_in_window(report: Report, day: dt.date) -> str:
    """Return a day without its year where the window is so short that it cannot be mistaken."""
    short = report.since >= a_year_before(report.as_of)
    return figures.day_and_month(day, language()) if short else figures.short_day(day, language())


def happening(report: Report, day: dt.date, text: str, code: str, *, illustrative: bool) -> Happening:
    """Return something that happened to a unit, leading to its page."""
    shown = day_in_window(report, day)
    return Happening(day, shown, text, href=unit_href(code, None), illustrative=illustrative)


def milestone_text(report: Report, mark: Milestone) -> str:
    """Return what a milestone says in the list of what happened."""
    if of_the_whole(report, mark):
        return figures.capitalised(_("%(number)s members") % {"number": words(mark.threshold)})
    return _("%(unit)s: %(number)s members") % {"unit": mark.unit_name, "number": words(mark.threshold)}


def decision_note(kind: str, result: str) -> str:
    """Return how a decision was taken, in the reader's language where the house knows the words."""
    kinds_known = {
        "ratification": _("ratified"),
        "endorsement": _("endorsed"),
        "motion": _("decided"),
    }
    results = {
        "unanimous": _("unanimously"),
        "overwhelming": _("by an overwhelming majority"),
    }
    return f"{kinds_known.get(kind, kind)} {results.get(result, result)}".strip()
