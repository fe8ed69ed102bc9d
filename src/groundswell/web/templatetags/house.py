"""Tags and filters: icons, and figures and days in the reader's language.

The filters only hand over to `groundswell.web.figures`; nothing is computed here.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from groundswell.web import figures, marks

register = template.Library()


def _language() -> str:
    return get_language() or "en"


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return an icon of the sprite; it says nothing to a screen reader, the word beside it does."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("icons/sprite.svg"),
        name,
    )


@register.simple_tag
def options(choices: Iterable[tuple[str, str]], chosen: str = "") -> SafeString:
    """Return the options of a select from (value, label); a loop of the template takes twice the time."""
    pairs = list(choices)
    plain, picked = '<option value="{}">{}</option>', '<option value="{}" selected>{}</option>'
    shape = "".join(picked if value == chosen else plain for value, _label in pairs)
    return format_html(shape, *(part for pair in pairs for part in pair)) if pairs else format_html("{}", "")


@register.simple_tag
def dagger(marked: object) -> SafeString:
    """Return † after what is illustrative."""
    return marks.dagger(marked=bool(marked))


@register.inclusion_tag("web/_legend.html")
def legend(marked: object, counted: object = False) -> dict[str, Any]:  # noqa: FBT002 - as a template says it
    """Say what † means, on a page that has one; `counted` where members are counted beside the names."""
    return {"marked": marked, "counted": counted}


@register.inclusion_tag("web/_simulated.html")
def simulated(on: dt.date) -> dict[str, Any]:
    """Say that a day is simulated, where it is."""
    return {"after": marks.simulated_after(on)}


@register.filter
def day(value: dt.date) -> str:
    """Return '31 January 2024'."""
    return figures.day(value, _language())
