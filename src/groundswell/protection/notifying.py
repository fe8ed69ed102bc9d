"""The text by which a breach is notified to the authority, made of what was entered (GDPR art. 33(3))."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from groundswell.people import entering
from groundswell.protection.models import Breach
from groundswell.structure.models import Unit
from groundswell.web import figures


def text(
    breach: Breach, concerned: Mapping[str, Any], moment: Callable[[dt.datetime, Unit], str], *, late: bool
) -> str:
    """Return the notification; what nobody entered yet stands there as something to be filled in.

    A late one says the reasons for the delay as well (art. 33(1)).
    """
    language, unit = get_language() or "en", breach.unit
    missing = _("[to be filled in]")
    until = moment(breach.readable_until, unit) if breach.readable_until else _("it goes on")
    said = {
        "unit": entering.unit_name(unit),
        "found": moment(breach.found_at, unit),
        "since": moment(breach.readable_from, unit),
        "until": until,
        "what": breach.what,
        "persons": figures.number(concerned["persons"], language) if concerned else missing,
        "opened": figures.number(concerned["opened"], language) if concerned else missing,
        "kinds": "; ".join(_kinds(concerned, language)) or missing,
        "consequences": breach.consequences or missing,
        "measures": breach.measures or missing,
        "missing": missing,
    }
    parts = [
        _("Notification of a personal data breach (GDPR art. 33)"),
        _("Controller: %(unit)s. Contact, data protection officer: %(missing)s."),
        _("1. What happened (art. 33(3)(a)): %(what)s"),
        _("Found out on %(found)s. Data could be read from %(since)s until: %(until)s."),
        _(
            "Persons concerned: %(persons)s members, former members and contacts, whose being kept may show a"
            " political opinion or trade union membership (art. 9). Records that were in fact opened:"
            " %(opened)s."
        ),
        _("Kinds of data, with how many persons: %(kinds)s."),
        _("2. What may come of it (art. 33(3)(c)): %(consequences)s"),
        _("3. What was and will be done (art. 33(3)(d)): %(measures)s"),
    ]
    if late:
        parts.append(_("4. Why it is notified after more than 72 hours (art. 33(1)): %(missing)s"))
    return "\n\n".join(part % said for part in parts)


def _kinds(concerned: Mapping[str, Any], language: str) -> list[str]:
    held = [one for _unit, one in concerned.get("kinds", ())]
    counted = (
        (_("names and memberships"), sum(one.persons for one in held)),
        (_("e-mails and phones"), sum(one.contacts for one in held)),
        (_("notes"), sum(one.notes for one in held)),
        (_("what units asked besides"), sum(one.fields for one in held)),
    )
    return [f"{label}: {figures.number(count, language)}" for label, count in counted if count]
