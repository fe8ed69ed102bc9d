"""How a figure opens: each is a link to the page that says what it counts.

Members, joined, left and moved open to the units they are made of (`drilldown.py`); what is reckoned from
them opens to the figures it is reckoned from (`formulas.py`).
"""

from typing import Final
from urllib.parse import quote_plus

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from groundswell.reports.queries import Line
from groundswell.reports.question import Question, address_of
from groundswell.reports.sentences import DIRECT, language, number
from groundswell.web import figures

# What is reckoned from the figures of a row, or told of it, and opens to that.
FORMULAS: Final = ("growth", "rate", "share", "course", "targets", "decisions")


def address(question: Question, figure: str, line: Line | None = None) -> str:
    """Return where a figure of a row opens; of the whole without a row."""
    # A page holds hundreds of these: what their addresses share is made once.
    of_row = f"&row={quote_plus(line.code)}" if line else ""
    direct = "&direct=1" if line and line.kind == DIRECT else ""
    return f"{address_of(question, 'reports:drill')}{of_row}&figure={figure}{direct}"


def opens(question: Question, line: Line, figure: str, shown: str) -> SafeString:
    """Return something shown as the link to what it counts."""
    return format_html('<a class="opens" href="{}">{}</a>', address(question, figure, line), shown)


def cell(question: Question, line: Line, figure: str) -> SafeString:
    """Return a figure of a line, as the link to what it counts; plain where there is nothing to open."""
    value: int = getattr(line, figure)
    return opens(question, line, figure, number(value)) if value else escape(number(value))


def cells(question: Question, line: Line, *named: str) -> SafeString:
    """Return several figures of a line side by side."""
    return format_html_join(" · ", "{}", ((cell(question, line, figure),) for figure in named))


def moved(question: Question, line: Line) -> SafeString:
    """Return what moved in and out; a dash where nobody did."""
    if not line.moved_in and not line.moved_out:
        return format_html('<span class="none">{}</span>', "\N{EN DASH}")
    return cells(question, line, "moved_in", "moved_out")


def growth(question: Question, line: Line) -> tuple[SafeString, str]:
    """Return growth as the link to how it is reckoned, and whether it is better, worse or neither."""
    value = figures.growth_per_cent(line.members, line.previous)
    if value is None:
        return format_html('<span title="{}">\N{EN DASH}</span>', _("nobody before")), ""
    tone = {1: "better", -1: "worse", 0: ""}[(value > 0) - (value < 0)]
    return opens(question, line, "growth", figures.signed_per_cent(value, language())), tone


def gain(question: Question, line: Line) -> SafeString:
    """Return how many more there are than before, as the link to how they came about."""
    shown = figures.signed(line.members - line.previous, language())
    return opens(question, line, "growth", shown)
