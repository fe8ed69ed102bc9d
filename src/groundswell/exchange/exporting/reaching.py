"""Writing to a list from one's own mail program, in portions and unseen by each other; calling it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from groundswell.exchange.exporting.rows import Told
from groundswell.people.folding import spaced_phone
from groundswell.protection import queries as protection

MAIL: Final = "mail"
PHONES: Final = "phones"
# Which shipped purpose it is by which a list is reached.
_ASKED_FOR: Final[Mapping[str, str]] = {MAIL: "newsletter", PHONES: "phone"}
# Mail programs and providers stop at about so many recipients, and at addresses of about so many signs.
_MOST: Final = 50
_LONGEST: Final = 1_800


@dataclass(frozen=True, slots=True)
class Going:
    """Who of a list goes out in a form; how many it cannot reach, and how many withdrew its purpose."""

    listed: list[Told]
    without: int = 0
    withdrew: int = 0


def going(form: str, listed: Sequence[Told]) -> Going:
    """Return who goes out: of calls nobody who withdrew her agreement to them; in a file everybody."""
    if form not in _ASKED_FOR:
        return Going(list(listed))
    withdrew = protection.withdrew([one.pk for one in listed], _ASKED_FOR[form])
    asked = [one for one in listed if form == MAIL or one.pk not in withdrew]
    reached = [one for one in asked if (one.emails if form == MAIL else one.phones)]
    return Going(reached, len(asked) - len(reached), len(withdrew))


@dataclass(frozen=True, slots=True)
class Portion:
    """Some of a list as one mail: from whom to whom, how many, and the address that opens it."""

    first: str
    last: str
    count: int
    href: str


def portions(listed: Sequence[Told]) -> list[Portion]:
    """Return the mails by which all of a list, who have an e-mail, are written to, hidden from each other."""
    made: list[list[tuple[str, str]]] = []
    size = 0
    for one in listed:
        email = quote(one.emails[0], safe="@")
        if not made or len(made[-1]) == _MOST or size + len(email) > _LONGEST:
            made.append([])
            size = 0
        made[-1].append((one.name, email))
        size += len(email) + 1
    return [
        Portion(some[0][0], some[-1][0], len(some), "mailto:?bcc=" + ",".join(email for _name, email in some))
        for some in made
    ]


@dataclass(frozen=True, slots=True)
class Call:
    """Whom to call: her name, what she is called where it is another word, her numbers, dialled and read.

    `minor`: she is under 18, which whoever calls must know.
    """

    name: str
    call_name: str
    minor: bool
    phones: list[tuple[str, str]]


def calls(listed: Sequence[Told]) -> list[Call]:
    """Return the lines of a list of people who have a phone."""
    return [
        Call(
            one.name,
            "" if one.call_name in one.name.split() else one.call_name,
            one.minor,
            [(phone, spaced_phone(phone)) for phone in one.phones],
        )
        for one in listed
    ]
