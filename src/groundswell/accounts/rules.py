"""Who may give which office: pure functions that raise a Refusal in one sentence."""

import datetime as dt

from django.utils.translation import gettext as _

from groundswell.access import rights
from groundswell.access.actor import OFFICES, Actor, Place
from groundswell.kernel.errors import Refusal
from groundswell.kernel.periods import sensible_day


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


def check_term(day: dt.date, until: dt.date | None) -> None:
    """Refuse a term that ends before it begins."""
    sensible_day(day, field="day")
    if until is not None:
        sensible_day(until, field="until")
        if until <= day:
            sentence = _("The term would begin on %(day)s and end before; check the two days.")
            raise Refusal(sentence % {"day": day.isoformat()}, field="until", code="backwards")
