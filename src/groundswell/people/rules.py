"""What may happen to memberships and returns: pure functions that raise a Refusal in one sentence."""

import calendar
import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, Final

from anyascii import anyascii
from django.utils.translation import gettext as _

from groundswell.kernel.errors import Refusal
from groundswell.kernel.periods import sensible_day
from groundswell.kernel.saying import said as day_said
from groundswell.kernel.signs import holds_letter, holds_unwritable, turns_round, without_unseen

LONGEST_NAME = 200
OF_AGE: Final = 18
LONGEST_WORD: Final = 60
MOST_FOLDED_BYTES: Final = 1_000  # the index over the words of names holds the whole folded name as well
MOST_ASKED: Final = 8
MOST_TAGS: Final = 40
MOST_LANGUAGES: Final = 12
LONGEST_LANGUAGE: Final = 20
LONGEST_NOTE: Final = 4_000
LONGEST_DETAIL: Final[Mapping[str, int]] = {
    "call_name": 120,
    "pronoun": 60,
    "sort_key": LONGEST_NAME,
    "town": 120,
    "postcode": 20,
}
# Within what a section may rule, in days, months, months and years; what may be left open is left out.
RULED_WITHIN: Final[Mapping[str, tuple[int, int]]] = {
    "transfer_days": (1, 366),
    "lapse_months": (1, 120),
    "contact_months": (1, 24),
    "former_years": (1, 30),
}
_JOINING: Final = str.maketrans("", "", "'\N{RIGHT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}")
_PLAIN_WORD: Final = re.compile("[a-z0-9]+")
_BREAKS: Final = frozenset("\n\t")


def check_name(name: str) -> str:
    """Return a person's name as `check_written_name` does; refuse one without a letter of any script."""
    folded = check_written_name(name)
    if not holds_letter(folded):
        sentence = _("There is no letter in “%(name)s”; write the name of a person.")
        raise Refusal(sentence % {"name": folded[:40]}, field="name", code="no-letter")
    return folded


def check_written_name(name: str) -> str:
    """Return a person's name with its blanks folded; refuse an empty, endless or unwritable one.

    Lists that waited before names had to have a letter come in as they were shown.
    """
    folded = " ".join(without_unseen(name).split())
    if holds_unwritable(folded) or turns_round(folded):
        raise Refusal(
            _("The name holds a character that cannot be written; type it anew."),
            field="name",
            code="bad-name",
        )
    if not folded:
        raise Refusal(_("The person needs a name."), field="name", code="no-name")
    if len(folded) > LONGEST_NAME:
        sentence = _("The name has %(count)d characters; at most %(most)d can be kept.")
        raise Refusal(sentence % {"count": len(folded), "most": LONGEST_NAME}, field="name", code="long-name")
    return folded


def named_after(email: str) -> str:
    """Return what somebody is called of whom nothing but her e-mail is known."""
    local = email.partition("@")[0]
    return local if holds_letter(local) else email


def called_alone(name: str, call_name: str) -> str:
    """Return what somebody of a protected unit is called: her call name, else the first word of her name."""
    return call_name or name.split(maxsplit=1)[0]


def check_details(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return details of a person as they are kept; Refusal for one that cannot be."""
    kept: dict[str, Any] = {}
    for detail, value in changes.items():
        if detail == "name":
            kept[detail] = check_name(value)
        elif detail == "languages":
            kept[detail] = _check_languages(value)
        elif detail == "minor":
            kept[detail] = bool(value)
        elif detail in LONGEST_DETAIL:
            kept[detail] = check_word(str(value), field=detail, most=LONGEST_DETAIL[detail])
        else:
            raise KeyError(detail)
    return kept


def changed_since(called: str, stands: Any) -> Refusal:
    """Return the refusal of a proposal for a detail that somebody changed after it was proposed."""
    sentence = _(
        "“%(field)s” was changed after this was proposed, and is “%(value)s” now. Refuse what was proposed,"
        " or change it yourself."
    )
    value = ", ".join(stands) if isinstance(stands, list) else str(stands or "")
    return Refusal(sentence % {"field": called, "value": value}, code="changed-since")


def _check_languages(codes: Iterable[Any]) -> list[str]:
    kept = [check_word(str(code), field="languages", most=LONGEST_LANGUAGE) for code in codes]
    if len(kept) > MOST_LANGUAGES:
        sentence = _("These are %(count)d languages; at most %(most)d can be kept.")
        words = {"count": len(kept), "most": MOST_LANGUAGES}
        raise Refusal(sentence % words, field="languages", code="too-many")
    return kept


def check_line(text: str, *, field: str, most: int) -> str:
    """Return a line with its blanks folded; refuse one that is too long or holds what cannot be kept."""
    folded = " ".join(text.split())
    if holds_unwritable(folded):
        raise Refusal(
            _("This holds a character that cannot be written; type it anew."),
            field=field,
            code="bad-character",
        )
    if len(folded) > most:
        sentence = _("This has %(count)d characters; at most %(most)d can be kept.")
        raise Refusal(sentence % {"count": len(folded), "most": most}, field=field, code="too-long")
    return folded


def check_word(text: str, *, field: str, most: int) -> str:
    """Return a line that names something of somebody, as `check_line`; nothing unseen stays in it."""
    plain = without_unseen(text)
    if turns_round(plain):
        sentence = _("This holds a character that cannot be written; type it anew.")
        raise Refusal(sentence, field=field, code="bad-character")
    return check_line(plain, field=field, most=most)


def check_old_enough(*, said: bool, years: int | None) -> None:
    """Refuse to write somebody down of whom nobody says that she has the years it needs."""
    if years is not None and not said:
        sentence = _("Nobody under %(years)d is written down here. Nothing of her was kept.")
        raise Refusal(sentence % {"years": years}, field="old_enough", code="too-young")


def of_age_on(born: dt.date) -> dt.date:
    """Return the first day of the month by which somebody born on a day is of age."""
    return _first_of_month(born.year + OF_AGE, born.month, born.day)


def check_of_age(day: dt.date, *, today: dt.date) -> dt.date:
    """Return the first of the month by which somebody who is 18 on a day is so; refuse what cannot be."""
    if not today < day <= dt.date(today.year + OF_AGE, today.month, 1):
        sentence = _("Whoever is under 18 today is 18 on a day to come, within %(years)d years.")
        raise Refusal(sentence % {"years": OF_AGE}, field="of_age_on", code="not-of-age")
    return _first_of_month(day.year, day.month, day.day)


def _first_of_month(year: int, month: int, day: int) -> dt.date:
    """Return the first of the month that begins on a day or after it."""
    months = year * 12 + month - 1 + (day > 1)
    return dt.date(months // 12, months % 12 + 1, 1)


def check_tags(words: Iterable[str]) -> list[str]:
    """Return tags as they are kept, each once; refuse too many or too long ones."""
    kept = list(dict.fromkeys(filter(None, (check_word(one, field="tags", most=60) for one in words))))
    if len(kept) > MOST_TAGS:
        sentence = _("These are %(count)d tags; at most %(most)d can be kept.")
        raise Refusal(sentence % {"count": len(kept), "most": MOST_TAGS}, field="tags", code="too-many")
    return kept


def check_note(text: str) -> str:
    """Return a note as it is kept; refuse an empty or endless one."""
    kept = text.strip().replace("\r\n", "\n")
    if not kept:
        raise Refusal(_("Write the note first."), field="text", code="no-text")
    if holds_unwritable(kept, but=_BREAKS):
        raise Refusal(
            _("This holds a character that cannot be written; type it anew."),
            field="text",
            code="bad-character",
        )
    if len(kept) > LONGEST_NOTE:
        sentence = _("This has %(count)d characters; at most %(most)d can be kept.")
        raise Refusal(sentence % {"count": len(kept), "most": LONGEST_NOTE}, field="text", code="too-long")
    return kept


def sort_key(name: str) -> str:
    """Return the key a name is sorted by: its letters without case and accents, last word first.

    A plain default for names in Latin script; whoever knows better gives a sort key of her own.
    """
    words = _without_accents(name.casefold()).split()
    return " ".join(words[-1:] + words[:-1])[:LONGEST_NAME]


def folded_name(name: str, call_name: str = "") -> str:
    """Return the words by which a person is found, a blank between them.

    Small letters without accents: those of her name in Latin script, then those of its own script, then
    those of her call name. Words without end are cut, and so is a name without end.
    """
    said = f"{name} {call_name}"
    words = dict.fromkeys([*([] if said.isascii() else _words(anyascii(said))), *_words(said)])
    kept: list[str] = []
    size = 0
    for word in words:
        size += len(word.encode()) + 1
        if size <= MOST_FOLDED_BYTES:
            kept.append(word)
    return " ".join(kept)


def folded_words(text: str) -> list[str]:
    """Return all words of a text, folded as names are."""
    return _words(text)


def asked_words(text: str) -> list[str]:
    """Return the words of a question, folded as names are; the first few of them, none twice.

    A question in a script of its own is asked in that script: what it is in Latin letters need not be
    what the person writes there.
    """
    return list(dict.fromkeys(_words(text)))[:MOST_ASKED]


def _words(text: str) -> list[str]:
    """Return the words of a text in small letters without accents; an apostrophe joins, other signs part."""
    small = text.casefold()
    if small.isascii():
        return [word[:LONGEST_WORD] for word in _PLAIN_WORD.findall(small.translate(_JOINING))]
    composed = unicodedata.normalize("NFC", _without_accents(small).translate(_JOINING))
    return [word[:LONGEST_WORD] for word in "".join(s if s.isalnum() else " " for s in composed).split()]


def _without_accents(text: str) -> str:
    if text.isascii():  # most names: nothing to take apart, and an import folds each several times
        return text
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def check_ruled(name: str, count: int | None) -> int | None:
    """Return what a section rules; refuse what lies beyond reason. Only nothing may lapse (None)."""
    if count is None and name == "lapse_months":
        return None
    least, most = RULED_WITHIN[name]
    if count is None or not least <= count <= most:
        sentence = _("Write a whole number from %(least)d to %(most)d.") % {"least": least, "most": most}
        raise Refusal(sentence, field=name, code="beyond-reason")
    return count


def months_before(day: dt.date, months: int) -> dt.date:
    """Return the day so many months earlier; the last of a shorter month where it has no such day."""
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))


def check_goes_on(dissolved_on: dt.date | None) -> None:
    """Refuse to write somebody down in a unit that has ended: nobody would look after her there."""
    if dissolved_on is not None:
        sentence = _(
            "The unit ended on %(day)s; write her down in the one in which she is to be from now on."
        )
        raise Refusal(sentence % {"day": day_said(dissolved_on)}, code="dissolved")


def check_membership_day(
    day: dt.date, *, field: str, today: dt.date, founded_on: dt.date, dissolved_on: dt.date | None
) -> dt.date:
    """Return a day on which something happened in a unit: while it existed, and not after today."""
    sensible_day(day, field=field)
    if day > today:
        sentence = _("The day %(day)s has not come yet; today is %(today)s.")
        words = {"day": day_said(day), "today": day_said(today)}
        raise Refusal(sentence % words, field=field, code="in-the-future")
    if day < founded_on:
        sentence = _("The unit was founded on %(founded)s; nobody can have been a member of it before.")
        raise Refusal(sentence % {"founded": day_said(founded_on)}, field=field, code="before-founding")
    if dissolved_on is not None and day >= dissolved_on:
        sentence = _("The unit ended on %(day)s; nobody can join or move into it from that day on.")
        raise Refusal(sentence % {"day": day_said(dissolved_on)}, field=field, code="dissolved")
    return day


def check_gathering_day(
    day: dt.date, *, today: dt.date, founded_on: dt.date, dissolved_on: dt.date | None
) -> dt.date:
    """Return the day of a gathering: while the unit is there, and at most two years ahead."""
    if day > today + dt.timedelta(days=731):
        raise Refusal(
            _("This lies more than two years ahead; choose an earlier day."), field="day", code="far"
        )
    if day < founded_on or (dissolved_on is not None and day >= dissolved_on):
        raise Refusal(_("The unit was not there on this day; choose another."), field="day", code="no-unit")
    return day


def check_held(day: dt.date, *, today: dt.date) -> None:
    """Refuse to say of a gathering to come who came."""
    if day > today:
        sentence = _("It is still to come, on %(day)s; who came is written down from that day on.")
        raise Refusal(sentence % {"day": day_said(day)}, code="to-come")


def check_end(day: dt.date, began: dt.date) -> dt.date:
    """Return the day a membership ends: after the day it began."""
    if day <= began:
        sentence = _(
            "The membership began on %(began)s; it can end on the following day at the earliest. "
        ) + _("If it never was, withdraw it instead.")
        raise Refusal(sentence % {"began": day_said(began)}, field="day", code="ends-before-it-began")
    return day


def check_not_moved_on(exit_transfer: int | None) -> None:
    """Refuse to undo a membership that went on by transfer, unless the transfer is undone first."""
    if exit_transfer is not None:
        raise Refusal(
            _("She went on from here by transfer; withdraw the membership that followed first."),
            code="transferred",
        )


def check_not_moved_here(entry_transfer: int | None) -> None:
    """Refuse another first day for a membership that began by transfer."""
    if entry_transfer is not None:
        raise Refusal(
            _("She came here by transfer; withdraw this membership and transfer her on the right day."),
            field="day",
            code="transferred",
        )


def check_transfer(from_unit: int, to_unit: int) -> None:
    """Refuse a transfer that goes nowhere."""
    if from_unit == to_unit:
        raise Refusal(
            _("She is a member of this very branch already; choose another one."),
            field="unit",
            code="same-unit",
        )


def check_at_home(*, home: bool) -> None:
    """Refuse to transfer a guest: only a home membership moves."""
    if not home:
        raise Refusal(
            _("She is a guest here; transfer her from the unit that is her home."),
            field="unit",
            code="guest",
        )


def check_readable(*, readable: bool) -> None:
    """Refuse to do what was asked when what was written with it cannot be opened any more."""
    if not readable:
        sentence = _("What was asked cannot be read any more, its key is gone: refuse it, and ask anew.")
        raise Refusal(sentence, code="unreadable")


def check_return(members: int, joined: int, left: int, before: int | None) -> None:
    """Refuse a return whose figures do not add up from the one before."""
    if min(members, joined, left) < 0:
        raise Refusal(_("A return counts no figure below zero."), field="members", code="below-zero")
    if before is None:
        if members - joined + left < 0:
            sentence = _("%(joined)d joined and %(left)d left, so there cannot be only %(members)d members.")
            words = {"joined": joined, "left": left, "members": members}
            raise Refusal(sentence % words, field="members", code="does-not-add-up")
        return
    if before + joined - left != members:
        sentence = _(
            "The return before says %(before)d members; with %(joined)d joined and %(left)d left that makes "
            "%(sum)d, not %(members)d."
        )
        words = {
            "before": before,
            "joined": joined,
            "left": left,
            "sum": before + joined - left,
            "members": members,
        }
        raise Refusal(sentence % words, field="members", code="does-not-add-up")
