"""Who may give which office: pure functions that raise a Refusal in one sentence."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from groundswell.access import rights
from groundswell.access.actor import OFFICES, Actor, Place
from groundswell.kernel.errors import Refusal
from groundswell.kernel.periods import sensible_day

LONGEST_EMAIL = 254


def check_office(office: str) -> None:
    """Refuse an office that there is not."""
    if office not in OFFICES:
        sentence = _("There is no office “%(office)s”.") % {"office": office[:40]}
        raise Refusal(sentence, field="office", code="no-office")


def check_grant(actor: Actor, office: str, unit: Place, *, to_person: int) -> None:
    """Refuse an office at or above the actor's own rank, and any to herself."""
    if not rights.may_give(actor, office, unit, to_person=to_person):
        raise Refusal(
            _(
                "You can give and end offices below your own, and none to yourself."
                " For this one ask the unit above."
            ),
            field="office",
            code="above-rank",
        )


def check_end(day: dt.date, *, began: dt.date, ends: dt.date | None, believed: bool) -> None:
    """Refuse an end of what was ended or corrected meanwhile, or one before it began; an end shortens."""
    sensible_day(day, field="day")
    if not believed:
        raise Refusal(
            _("This mandate was ended or corrected meanwhile; look again how it stands."), code="superseded"
        )
    if day < began:
        sentence = _("The mandate began on %(began)s; it cannot end before.")
        raise Refusal(sentence % {"began": began.isoformat()}, field="day", code="backwards")
    if ends is not None and day >= ends:
        sentence = _("This mandate ends on %(day)s already; to make it longer, give a new one.")
        raise Refusal(sentence % {"day": ends.isoformat()}, field="day", code="already-ended")


def check_email(email: str) -> str:
    """Return an e-mail address folded to lower case, or refuse what is none."""
    folded = email.strip().casefold()
    try:
        validate_email(folded)
    except ValidationError:
        folded = ""
    if not folded or len(folded) > LONGEST_EMAIL or not writable(folded):
        raise Refusal(_("Write an e-mail address, as name@example.org."), field="email", code="bad-email")
    return folded


def writable(text: str) -> bool:
    """Return whether the database can hold a text at all: no NUL, no half of a character."""
    return "\0" not in text and not any("\ud800" <= mark <= "\udfff" for mark in text)


def check_term(day: dt.date, until: dt.date | None) -> None:
    """Refuse a term that ends before it begins."""
    sensible_day(day, field="day")
    if until is not None:
        sensible_day(until, field="until")
        if until <= day:
            sentence = _("The term would begin on %(day)s and end before; check the two days.")
            raise Refusal(sentence % {"day": day.isoformat()}, field="until", code="backwards")
