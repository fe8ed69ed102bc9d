"""On which legal basis somebody is kept at all, beside anything she agreed to (GDPR art. 6 and 9)."""

import datetime as dt

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from groundswell.accounts.queries import offices_not_over
from groundswell.people import listpage, personpage, status
from groundswell.people.models import Membership, Person
from groundswell.protection import days, queries
from groundswell.structure import queries as structure
from groundswell.web import figures


def of(person: Person, today: dt.date) -> list[str]:
    """Return why a person is kept, and until when, in sentences."""
    language = get_language() or "en"
    found = Membership.objects.filter(person=person, recorded__upper_inf=True)
    held = status.status_on([personpage.stay_of(one) for one in found], today)
    rule = queries.rule_of(person)
    if held.word == status.CONTACT and offices_not_over(person.pk):
        # Whoever founded the organisation holds an office before anybody is a member of it.
        return [_("She holds an office, and is kept as long as she does (GDPR art. 9(2)(d)).")]
    if held.word == status.CONTACT:
        heard = person.heard_on or person.recorded_at.date()
        words = {
            "heard": figures.day(heard, language),
            "until": figures.day(days.forget_on(heard, rule.contact_months), language),
        }
        return [
            _(
                "In regular contact, last heard of on %(heard)s: no consent is needed to keep her"
                " (GDPR art. 9(2)(d)). Not heard of, she is forgotten on %(until)s."
            )
            % words
        ]
    if held.word == status.FORMER and held.day is not None:
        words = {
            "left": figures.day(held.day, language),
            "until": figures.day(days.reduce_on(held.day, rule.former_years), language),
        }
        return [
            _(
                "A former member since %(left)s: no consent is needed to keep her (GDPR art. 9(2)(d)). On"
                " %(until)s she is reduced to her name and membership."
            )
            % words
        ]
    words = {
        "what": figures.capitalised(listpage.standing(held, listpage.status_words())),
        "unit": _unit(held.unit_id, today),
    }
    return [
        _(
            "%(what)s (%(unit)s): no consent is needed for what the membership itself needs"
            " (GDPR art. 9(2)(d) and 6(1)(b))."
        )
        % words
    ]


def _unit(key: int | None, today: dt.date) -> str:
    return structure.called([key], today)[key].name if key is not None else ""
