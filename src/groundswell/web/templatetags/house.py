"""Tags and filters: icons, and figures and days in the reader's language.

The filters only hand over to `groundswell.web.figures`; nothing is computed here.
"""

import datetime as dt

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from groundswell.web import figures

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


@register.filter
def number(value: int) -> str:
    """Return 6030 as '6 030'."""
    return figures.number(value, _language())


@register.filter
def signed(value: int) -> SafeString:
    """Return 1700 as '+1 700' in <bdi>."""
    return figures.signed(value, _language())


@register.filter
def day(value: dt.date) -> str:
    """Return '31 January 2024'."""
    return figures.day(value, _language())


@register.filter
def short_day(value: dt.date) -> str:
    """Return '31 Jan 2024'."""
    return figures.short_day(value, _language())


@register.filter
def month(value: dt.date) -> str:
    """Return 'January 2024'."""
    return figures.month(value, _language())


@register.filter
def moment(value: dt.datetime) -> str:
    """Return '31 January 2024, 23:59 UTC'."""
    return figures.moment(value, _language())
