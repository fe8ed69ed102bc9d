"""The marks of a demonstration: † on what no source gives, "simulated" on days that none tells of.

What carries † is decided once, by `structure.Unit.illustrative` (decision 0730): everything that is read
of a unit hands it on as `illustrative`. Outside the demo no unit has it, and no day is simulated.
"""

import datetime as dt

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _


def simulated_after(day: dt.date) -> dt.date | None:
    """Return the day after which what the demo shows is simulated, when `day` lies behind it."""
    edge: dt.date | None = getattr(settings, "SIMULATED_AFTER", None)
    return edge if edge and day > edge else None


def dagger(*, marked: bool) -> SafeString:
    """Return † to stand after a name or figure, nothing where it is not illustrative."""
    if not marked:
        return SafeString("")
    return format_html('\N{NO-BREAK SPACE}<span class="dagger" title="{}">†</span>', _("illustrative"))
