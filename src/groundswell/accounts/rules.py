"""Who may give which office: pure functions that raise a Refusal in one sentence."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundswell.access import rights
from groundswell.access.actor import OFFICES, Actor, Place
from groundswell.kernel.errors import Refusal
from groundswell.kernel.periods import sensible_day
from groundswell.kernel.saying import said as day_said

LONGEST_EMAIL = 254
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Tenure:
    """What a mandate says: who holds which office where, from `start` until `end` (None: for good)."""

    person: int
    unit: int
    office: str
    start: dt.date
    end: dt.date | None = None
    given_by: int | None = None

    @property
    def last(self) -> dt.date:
        """The first day after it, or the last day there is."""
        return self.end or dt.date.max


@dataclass(frozen=True, slots=True)
class Carry:
    """Which mandates are believed no longer, and which are believed in their place."""

    gone: tuple[Tenure, ...]
    instead: tuple[Tenure, ...]


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
                " For this one ask the unit above; for the highest unit, whoever runs this installation."
            ),
            field="office",
            code="above-rank",
        )


def mail_is_set_up(backend: str) -> bool:
    """Return whether an installation with this back end can send mail at all."""
    return not backend.endswith("dummy.EmailBackend")


def check_free(email: str, *, taken: bool) -> None:
    """Refuse an e-mail by which somebody signs in already."""
    if taken:
        sentence = _("There already is an account for %(email)s.") % {"email": email}
        raise Refusal(sentence, field="email", code="email-taken")


def check_other_email(email: str, *, before: str) -> str:
    """Return the e-mail to sign in with instead of the one `before`, folded; refuse the same one."""
    folded = check_email(email)
    if folded == before:
        raise Refusal(_("You sign in with this e-mail already."), field="email", code="same-email")
    return folded


def check_invitation(*, signs_in: bool, mail: bool) -> None:
    """Refuse to invite somebody who signs in already; `mail` says whether links go out by mail here."""
    if signs_in and mail:
        raise Refusal(
            _("She signs in already. If she cannot any more, let her ask for a link on the sign-in page."),
            code="signs-in",
        )
    if signs_in:
        raise Refusal(
            _("She signs in already. If she cannot any more, whoever runs this installation makes a link."),
            code="signs-in",
        )


def check_hers_to_give(actor: Actor, held: Iterable[tuple[str, Place]], *, to_person: int) -> None:
    """Refuse to name the e-mail by which somebody signs in whose offices are not the actor's to give."""
    if not all(rights.may_give(actor, office, unit, to_person=to_person) for office, unit in held):
        raise Refusal(
            _(
                "She holds an office that you cannot give, and whoever invites her could sign in with it."
                " Let it be ended, invite her, and let it be given anew once she signs in."
            ),
            code="above-rank",
        )


def check_factor_may_go(*, demanded: bool, others: int) -> None:
    """Refuse to remove the last second factor of whoever holds an office that demands one."""
    if demanded and not others:
        raise Refusal(
            _(
                "Your office demands a second factor, and this is your only one."
                " Add another first, then remove this one."
            ),
            code="last-factor",
        )


def check_way_back(*, comes_back: bool, mail: bool) -> None:
    """Refuse to remove the only thing that signs somebody in, where no link can be sent to her."""
    if not comes_back and not mail:
        raise Refusal(
            _(
                "Nothing else signs you in: you have no password, and this installation sends no mail."
                " Set a password first, or add another passkey."
            ),
            code="last-way",
        )


def check_calling_off(*, invited: bool) -> None:
    """Refuse to call off what is no invitation, or one that was used."""
    if not invited:
        raise Refusal(
            _("There is no invitation that could be called off: it was used, or never made."),
            code="not-invited",
        )


def check_belongs(*, belongs: bool, unit: object) -> None:
    """Refuse an office for somebody who is neither a member nor a guest of its unit or of one below."""
    if not belongs:
        sentence = _(
            "Offices in %(unit)s are for members and guests of it or of a unit below it, and she is none."
            " Let her join or be a guest first."
        )
        raise Refusal(sentence % {"unit": unit}, field="person", code="not-a-member")


def check_empty(unit: object, *, empty: bool) -> None:
    """Refuse to make the first member of a unit in which somebody is already."""
    if not empty:
        sentence = _("Somebody is in %(unit)s already: give the office to a member or guest of it.")
        raise Refusal(sentence % {"unit": unit}, code="not-empty")


def refuse_held(*, since: dt.date, until: dt.date | None, office: str, unit: object) -> None:
    """Refuse an office to whoever holds it already, `since` a day and `until` another."""
    words = {"office": office, "unit": unit, "since": day_said(since)}
    if until is None:
        sentence = _("She is %(office)s of %(unit)s already, from %(since)s on; nothing need be given.")
    else:
        words["until"] = day_said(until)
        sentence = _(
            "She is %(office)s of %(unit)s already, from %(since)s until %(until)s. Give it from its end on,"
            " or end it first."
        )
    raise Refusal(sentence % words, field="day", code="holds-it")


def check_there(unit: object, day: dt.date, *, founded_on: dt.date, dissolved_on: dt.date | None) -> None:
    """Refuse an office in a unit that has ended, or from a day on which it was not there yet."""
    if dissolved_on is not None:
        sentence = _("%(unit)s ended on %(day)s; nobody holds an office in it any more.")
        raise Refusal(sentence % {"unit": unit, "day": day_said(dissolved_on)}, code="dissolved")
    if day < founded_on:
        sentence = _("%(unit)s was founded on %(day)s; nobody holds an office in it before that day.")
        words = {"unit": unit, "day": day_said(founded_on)}
        raise Refusal(sentence % words, field="day", code="before-founding")


def check_successor(*, holder: int | None, to: int) -> None:
    """Refuse to hand an office over to whoever holds it."""
    if holder == to:
        raise Refusal(
            _("She holds this office herself; choose somebody else to take it over."),
            field="email",
            code="same-person",
        )


def check_last_secretary(units: Sequence[object]) -> None:
    """Refuse that the last secretary of a unit goes."""
    if units:
        sentence = _(
            "She is the only secretary of %(units)s. Give this office to another first, or hand it over."
        )
        raise Refusal(sentence % {"units": ", ".join(map(str, units))}, code="last-secretary")


def check_nobody_left(unit: object, secretaries: int) -> None:
    """Refuse to rescue a unit that has a secretary who can sign in."""
    if secretaries:
        sentence = ngettext(
            "%(unit)s has a secretary who can sign in: she gives offices from the pages.",
            "%(unit)s has %(count)d secretaries who can sign in: they give offices from the pages.",
            secretaries,
        )
        raise Refusal(sentence % {"unit": unit, "count": secretaries}, field="unit", code="secretary-left")


def check_secretary(held: Found | None, *, email: str, unit: object) -> Found:
    """Return the mandate of a unit's secretary, or refuse that she is none."""
    if held is None:
        sentence = _("%(email)s is not secretary of %(unit)s today.") % {"email": email, "unit": unit}
        raise Refusal(sentence, field="instead-of", code="no-secretary")
    return held


def check_account(account: Found | None, email: str) -> Found:
    """Return the account of an e-mail, or refuse that there is none."""
    if account is None:
        sentence = _("Nobody signs in with %(email)s.") % {"email": email.strip()[:LONGEST_EMAIL]}
        raise Refusal(sentence, field="email", code="no-account")
    return account


def check_end(day: dt.date, *, began: dt.date, ends: dt.date | None, believed: bool) -> None:
    """Refuse an end of what was ended or corrected meanwhile, or one before it began; an end shortens."""
    sensible_day(day, field="day")
    if not believed:
        raise Refusal(
            _("This mandate was ended or corrected meanwhile; look again how it stands."), code="superseded"
        )
    if day < began:
        sentence = _("The mandate began on %(began)s; it cannot end before.")
        raise Refusal(sentence % {"began": day_said(began)}, field="day", code="backwards")
    if ends is not None and day >= ends:
        sentence = _("This mandate ends on %(day)s already; to make it longer, give a new one.")
        raise Refusal(sentence % {"day": day_said(ends)}, field="day", code="already-ended")


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


def check_carried(*, found: bool) -> None:
    """Refuse to put other mandates in the place of one that is no longer believed as it was seen."""
    if not found:
        raise Refusal(
            _("An office of theirs was given, ended or corrected meanwhile; look how it stands."),
            code="office-changed",
        )


def check_term(day: dt.date, until: dt.date | None) -> None:
    """Refuse a term that ends before it begins."""
    sensible_day(day, field="day")
    if until is not None:
        sensible_day(until, field="until")
        if until <= day:
            sentence = _("The term would begin on %(day)s and end before; check the two days.")
            raise Refusal(sentence % {"day": day_said(day)}, field="until", code="backwards")


def gained(tenures: Sequence[Tenure], *, by: int, today: dt.date) -> tuple[Tenure, ...]:
    """Return the other's mandates that are not over and that `by` does not hold herself as long."""
    mine = [one for one in tenures if one.person == by]
    return tuple(
        one
        for one in tenures
        if one.person != by and one.last > today and not any(_holds(held, one, today) for held in mine)
    )


def _holds(held: Tenure, one: Tenure, today: dt.date) -> bool:
    return (
        (held.unit, held.office) == (one.unit, one.office)
        and held.start <= max(one.start, today)
        and one.last <= held.last
    )


def carry(tenures: Sequence[Tenure], *, stays: int) -> Carry:
    """Return what becomes of the mandates of two records: all are those of the one who stays.

    What they say of one office in one unit on the same days becomes one mandate, from the earliest day to
    the latest. One of hers in which the other has no part is left as it is.
    """
    gone: list[Tenure] = []
    instead: list[Tenure] = []
    ordered = sorted(tenures, key=lambda one: (one.unit, one.office, one.start, one.last, one.person))
    for _office, held in groupby(ordered, key=lambda one: (one.unit, one.office)):
        for group in _at_once(held):
            if any(one.person != stays for one in group):
                last = max(one.last for one in group)
                gone += group
                instead.append(replace(group[0], person=stays, end=None if last == dt.date.max else last))
    return Carry(tuple(gone), tuple(instead))


def _at_once(held: Iterable[Tenure]) -> list[list[Tenure]]:
    """Return mandates of one office, ordered by their first days, in groups that overlap."""
    groups: list[list[Tenure]] = []
    for one in held:
        if groups and one.start < max(other.last for other in groups[-1]):
            groups[-1].append(one)
        else:
            groups.append([one])
    return groups
