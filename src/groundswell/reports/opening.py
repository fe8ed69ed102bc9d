"""How a figure opens: each is a link to the page that says what it counts."""

from urllib.parse import quote_plus

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from groundswell.reports.queries import Line
from groundswell.reports.question import Question, address_of
from groundswell.reports.sentences import DIRECT, language, number
from groundswell.web import figures


def cell(question: Question, line: Line, figure: str) -> SafeString:
    """Return a figure of a line, as the link to what it counts; plain where there is nothing to open."""
    value: int = getattr(line, figure)
    if not value:
        return escape(number(value))
    # A page holds hundreds of these: what their addresses share is made once.
    direct = "&direct=1" if line.kind == DIRECT else ""
    address = f"{address_of(question, 'reports:drill')}&row={quote_plus(line.code)}&figure={figure}{direct}"
    return format_html('<a class="opens" href="{}">{}</a>', address, number(value))


def cells(question: Question, line: Line, *named: str) -> SafeString:
    """Return several figures of a line side by side."""
    return format_html_join(" · ", "{}", ((cell(question, line, figure),) for figure in named))


def moved(question: Question, line: Line) -> SafeString:
    """Return what moved in and out; a dash where nobody did."""
    if not line.moved_in and not line.moved_out:
        return format_html('<span class="none">{}</span>', "\N{EN DASH}")
    return cells(question, line, "moved_in", "moved_out")


def growth(line: Line) -> tuple[SafeString, str]:
    """Return growth as read, and whether it is better, worse or neither."""
    value = figures.growth_per_cent(line.members, line.previous)
    if value is None:
        return format_html('<span title="{}">\N{EN DASH}</span>', _("nobody before")), ""
    tone = {1: "better", -1: "worse", 0: ""}[(value > 0) - (value < 0)]
    return figures.signed_per_cent(value, language()), tone
