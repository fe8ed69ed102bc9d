"""What may happen to units: pure functions that raise a Refusal in one sentence."""

import datetime as dt
import functools
import re
import zoneinfo
from collections.abc import Collection

from django.utils.translation import gettext as _

from groundswell.kernel.errors import Refusal
from groundswell.kernel.periods import sensible_day
from groundswell.kernel.saying import said as day_said
from groundswell.kernel.signs import holds_unwritable, turns_round, without_unseen

CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,39}")
KIND_CODE = re.compile(r"[a-z][a-z0-9-]{0,39}")
CURRENCY = re.compile(r"[A-Z]{3}")
COUNTRY = re.compile(r"([A-Z]{2})?")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,2}")
LONGEST_NAME = 200
LONGEST_TOWN = 120
MOST_NORTHERN, MOST_EASTERN = 90, 180
MOST_ASKED = 1_000_000
# A path of one unit: '/1/'.
TOP_SLASHES = 2
# What may be in the way today and gone by the day: it does not stop a preparation.
PASSING = frozenset({"has-members", "has-units", "not-yet", "no-day"})
# What is proposed where nobody set it otherwise: a unit in which members meet should split above so many
# members, have a treasurer at once, and meet within so many days.
PROPOSALS = {"split": 24, "treasurer": 0, "meeting": 30}


def asked_for(what: str) -> str:
    """Return the right that a change, its preparation and its undoing ask for.

    Nobody changes her own unit's place or rank; what it is called, and what lies in it, she may.
    """
    return "structure.change" if what in {"founded", "renamed", "founded-anew"} else "structure.place"


def check_code(code: str) -> str:
    """Return a unit's code, or refuse one that is not capital letters, digits and hyphens."""
    if not CODE.fullmatch(code):
        sentence = _("The code “%(code)s” must be capital letters, digits and hyphens, at most 40 of them.")
        raise Refusal(sentence % {"code": code[:60]}, field="code", code="bad-code")
    return code


def check_kind_code(code: str) -> str:
    """Return the code of a kind as addresses and files write it."""
    if not KIND_CODE.fullmatch(code) or code == "new":
        sentence = _("The code “%(code)s” must be small letters, digits and hyphens, at most 40 of them.")
        raise Refusal(sentence % {"code": code[:60]}, field="code", code="bad-code")
    return code


def check_names(names: dict[str, str]) -> dict[str, str]:
    """Return names per language with their blanks trimmed; at least one must be left."""
    kept = {language: " ".join(without_unseen(name).split()) for language, name in names.items()}
    kept = {language: name for language, name in kept.items() if name}
    if not kept:
        raise Refusal(_("The unit needs a name in at least one language."), field="name", code="no-name")
    for language, name in kept.items():
        check_language(language)
        if len(name) > LONGEST_NAME:
            sentence = _("The name has %(count)d characters; at most %(most)d can be kept.")
            words = {"count": len(name), "most": LONGEST_NAME}
            raise Refusal(sentence % words, field="name", code="long-name")
        if holds_unwritable(name) or turns_round(name):
            raise Refusal(
                _("The name holds a character that cannot be written; type it anew."),
                field="name",
                code="bad-name",
            )
    return kept


def check_language(code: str) -> str:
    """Return a language's code as browsers write it (de, de-AT)."""
    if not LANGUAGE.fullmatch(code):
        sentence = _("There is no language “%(code)s”; write it as de or de-AT.") % {"code": code[:40]}
        raise Refusal(sentence, field="language", code="bad-language")
    return code


def check_currency(code: str) -> str:
    """Return a currency's code (ISO 4217)."""
    if not CURRENCY.fullmatch(code):
        sentence = _("The currency “%(code)s” must be three capital letters, as EUR.") % {"code": code[:40]}
        raise Refusal(sentence, field="currency", code="bad-currency")
    return code


def check_seat(country: str, town: str, latitude: float | None, longitude: float | None) -> None:
    """Refuse a seat that is not on the globe; nothing is allowed, half a place is not."""
    if not COUNTRY.fullmatch(country):
        sentence = _("The country “%(code)s” must be two capital letters, as AT.") % {"code": country[:40]}
        raise Refusal(sentence, field="country", code="bad-country")
    if len(town) > LONGEST_TOWN:
        sentence = _("The town has %(count)d characters; at most %(most)d can be kept.")
        raise Refusal(sentence % {"count": len(town), "most": LONGEST_TOWN}, field="town", code="long-town")
    if latitude is None and longitude is None:
        return
    if (
        latitude is None
        or longitude is None
        or not abs(latitude) <= MOST_NORTHERN
        or not abs(longitude) <= MOST_EASTERN
    ):
        raise Refusal(
            _("A place has a latitude from -90 to 90 and a longitude from -180 to 180, or neither."),
            field="latitude",
            code="off-the-globe",
        )


def check_founding_day(day: dt.date, today: dt.date) -> dt.date:
    """Return the day a unit is founded: not after today."""
    sensible_day(day, field="founded_on")
    return check_come(day, today=today, field="founded_on")


def check_come(day: dt.date, *, today: dt.date, field: str) -> dt.date:
    """Return a day that has come: what will be then nobody knows."""
    if day > today:
        sentence = _("The day %(day)s has not come yet; today is %(today)s.")
        words = {"day": day_said(day), "today": day_said(today)}
        raise Refusal(sentence % words, field=field, code="in-the-future")
    return day


@functools.cache
def _time_zones() -> frozenset[str]:
    # These are what a machine is set to, or not yet: elsewhere they mean something else.
    return frozenset(zoneinfo.available_timezones() - {"Factory", "localtime"})


def check_time_zone(name: str, known: Collection[str]) -> str:
    """Return the time zone's name as the world's table knows it, and the database: `known` are its own."""
    if name not in _time_zones() or name not in known:
        sentence = _("There is no time zone “%(name)s”; write it as Europe/Vienna.")
        raise Refusal(sentence % {"name": name[:60]}, field="time_zone", code="bad-time-zone")
    return name


def check_change_day(day: dt.date, *, today: dt.date, founded_on: dt.date) -> dt.date:
    """Return the day of a change: not before the unit began, not after today."""
    sensible_day(day, field="day")
    if day < founded_on:
        sentence = _("The unit was founded on %(founded)s; nothing can happen to it before that day.")
        raise Refusal(sentence % {"founded": day_said(founded_on)}, field="day", code="before-founding")
    return check_come(day, today=today, field="day")


def check_lasted(day: dt.date, *, founded_on: dt.date, unit: object) -> None:
    """Refuse the end of a unit on the day it began: it would have been there, and had a name, on no day.

    `unit` is what stands for it in the sentence (`queries.Named`), here and below.
    """
    if day <= founded_on:
        sentence = _("%(unit)s was founded on that day; undo its founding, or dissolve it on a later day.")
        raise Refusal(sentence % {"unit": unit}, field="day", code="no-day")


def check_day_to_come(day: dt.date, *, today: dt.date) -> dt.date:
    """Return a day on which something prepared is to happen: after today."""
    sensible_day(day, field="day")
    if day <= today:
        sentence = _("The day %(day)s has come; what is prepared has a day after today.")
        raise Refusal(sentence % {"day": day_said(day)}, field="day", code="has-come")
    return day


def check_not_prepared(*, prepared: bool) -> None:
    """Refuse to prepare a second time what waits for its day just so: pressed twice, say."""
    if prepared:
        raise Refusal(_("This is prepared for that day already."), field="day", code="prepared")


def check_unsettled(state: str) -> None:
    """Refuse to call off what was done or called off already."""
    if state not in {"waiting", "refused"}:
        raise Refusal(_("This is not in preparation any more; look at the unit again."), code="settled")


def check_undoable(recorded_on: dt.date, *, today: dt.date, undone: bool) -> None:
    """Refuse to undo what was undone, or what is older than a day."""
    if undone:
        raise Refusal(_("This has been undone already."), code="undone")
    if today > undoable_until(recorded_on):
        sentence = _("This was recorded on %(day)s; it could be undone until the end of the day after that.")
        raise Refusal(sentence % {"day": day_said(recorded_on)}, code="too-late")


def undoable_until(recorded_on: dt.date) -> dt.date:
    """Return the last day on which what was recorded on a day can be undone."""
    return recorded_on + dt.timedelta(days=1)


def code_given_free(key: int) -> str:
    """Return the code that a unit bears when its founding was undone, so that its own is free again."""
    return f"GONE-{key}"


def check_not_dissolved(unit: object, dissolved_on: dt.date | None) -> None:
    """Refuse a change to a unit that has ended."""
    if dissolved_on is not None:
        sentence = _("%(unit)s ended on %(day)s; it cannot be changed any more.")
        raise Refusal(sentence % {"unit": unit, "day": day_said(dissolved_on)}, code="dissolved")


def check_not_sheltered(unit: object, *, sheltered: bool) -> None:
    """Refuse to end the protection of what lies in a protected unit."""
    if sheltered:
        sentence = _("%(unit)s lies in a protected unit, and is protected with it.")
        raise Refusal(sentence % {"unit": unit}, field="protected", code="sheltered")


def check_no_circle(path: str, parent_path: str, unit: object) -> None:
    """Refuse a parent that lies within the unit itself."""
    if parent_path.startswith(path):
        sentence = _("%(unit)s cannot be placed within itself or a unit below it.")
        raise Refusal(sentence % {"unit": unit}, field="parent", code="circle")


def check_order(kind_position: int, parent_position: int) -> None:
    """Refuse a unit whose kind stands above that of its parent."""
    if kind_position < parent_position:
        raise Refusal(
            _("A unit of this kind cannot lie within a unit of a lower kind."), field="kind", code="order"
        )


def check_promotion_rule(from_kind: str, to_kind: str, *, members: int | None, units: int | None) -> None:
    """Refuse a rule between a kind and itself, or one that asks for less than one."""
    if from_kind == to_kind:
        raise Refusal(_("Choose two kinds that differ."), field="to_kind", code="same-kind")
    for field, number in (("members", members), ("units", units)):
        if number is not None and not 1 <= number <= MOST_ASKED:
            raise Refusal(_("Write a number from 1 on, or leave it empty."), field=field, code="bad-number")


def check_proposal_rule(what: str, number: int | None) -> None:
    """Refuse a proposal that there is not, or a number below nought."""
    if what not in PROPOSALS:
        raise Refusal(_("There is no such proposal."), field="what", code="no-proposal")
    if number is not None and not 0 <= number <= MOST_ASKED:
        raise Refusal(_("Write a number from 0 on, or leave it empty."), field=what, code="bad-number")


def is_due(what: str, number: int, limit: int) -> bool:
    """Return whether something is proposed: a split above a number of members, the rest after days."""
    return number >= limit if what == "treasurer" else number > limit
