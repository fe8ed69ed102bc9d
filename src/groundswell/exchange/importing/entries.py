"""Entries: rows understood. `entry_of` makes of a row what is to be written, or says why it cannot."""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from groundswell.exchange.importing import added as additions
from groundswell.exchange.importing import days, values
from groundswell.exchange.importing.fields import BY_KEY, CONSENT, PARTS_OF_A_NAME, Added
from groundswell.exchange.importing.looks import says_nothing
from groundswell.exchange.importing.mapping import ColumnMapping
from groundswell.exchange.importing.reading import Row
from groundswell.exchange.importing.unitnames import UnitNames, folded
from groundswell.kernel.errors import Refusal
from groundswell.people.rules import OF_AGE, check_name, of_age_on
from groundswell.web import figures

# Why a row is refused, as a stable word: several units have the name it says.
WHICH_UNIT: Final = "which-unit"
_LONGEST_NOTE: Final = 4_000
_LONGEST_ADDRESS: Final = 400
_HOUSE_NUMBER: Final = re.compile(r"\d{1,5} ?[a-zA-Z]?(?:[-/]\d{1,4} ?[a-zA-Z]?){0,3}")

# Somebody may be called Null; no kind is a kind, and to no unit she goes unasked.
_OF_WORDS: Final = PARTS_OF_A_NAME | {"name", "call_name", "pronoun", "note", "tags", "kind", "unit"}

# A month or a year says enough of these days; what was paid until then is said so by whoever pays.
_READ: Final = {"joined": days.read_from, "left": days.read_until, "paid_until": days.read_until}
_VAGUE: Final = frozenset({"joined", "left"})

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Setting:
    """What an import knows besides its rows.

    `units` are the units that rows may name, by code, `names` what they are called besides; `unit` is where
    the others belong, `places` which one is meant by a name, folded, that several have: a code, or UNKNOWN.
    `kind` is what people are of whom the file does not say it, `added` are the fields of units' own.
    `words` are the texts to which columns of consent say people agreed, by field; `agreed_on` is the day
    where the list says none, and `may_agree` how many years whoever agrees must have; `least_age` how many
    whoever is written down at all.
    """

    unit: str
    units: Mapping[str, int]
    today: dt.date
    names: UnitNames = field(default_factory=UnitNames)
    places: Mapping[str, str] = field(default_factory=dict)
    locale: str = ""
    country: str = ""
    kind: str = values.MEMBER
    added: Added = field(default_factory=dict)
    words: Mapping[str, int] = field(default_factory=dict)
    agreed_on: dt.date | None = None
    may_agree: int = 0
    least_age: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row cannot be taken, or a cell of it: the field and one sentence."""

    field: str
    sentence: str
    code: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A person as a row tells of her; every value is checked and in the form it is kept in.

    Of the day on which she was born it keeps whether she is under 18 (`minor`) or not (`grown`), and neither
    where the row does not say it; of whoever is, the month from which she is not (`of_age_on`). `unread` are
    phones that no rule understands: they stand in the note too. `vague` are the days of which the row says
    only the month or the year: she `joined` on its first day, and `left` on its last. `own` are the values of
    fields that units added, by the number of the field; `consents` the texts she agreed to, with their days.
    """

    number: int
    unit: str
    name: str
    kind: str
    call_name: str = ""
    pronoun: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    address: str = ""
    postcode: str = ""
    town: str = ""
    languages: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    joined: dt.date | None = None
    left: dt.date | None = None
    paid_until: dt.date | None = None
    minor: bool = False
    grown: bool = False
    of_age_on: dt.date | None = None
    note: str = ""
    unread: tuple[str, ...] = ()
    vague: tuple[str, ...] = ()
    own: tuple[tuple[int, str], ...] = ()
    consents: tuple[tuple[int, dt.date], ...] = ()


@dataclass(slots=True)
class _Cells:
    """The cells of a row by field, and the problems found in them."""

    row: Row
    mapping: ColumnMapping
    problems: list[Problem] = field(default_factory=list)
    vague: list[str] = field(default_factory=list)

    def all(self, key: str) -> list[str]:
        """Return the filled cells of a field, but those that say that nothing is known, save of words."""
        cells = self.row.values
        found = [cells[place].strip() for place in self.mapping.columns(key) if place < len(cells)]
        return [cell for cell in found if cell and (key in _OF_WORDS or not says_nothing(cell))]

    def first(self, key: str) -> str:
        """Return the first filled cell of a field, or ''."""
        return next(iter(self.all(key)), "")

    def line(self, key: str, most: int) -> str:
        """Return the first filled cell as one line."""
        return self.try_(lambda: values.text(self.first(key), field=key, most=most), "")

    def try_(self, understand: Callable[[], T], otherwise: T) -> T:
        """Return a value, or note why it cannot be understood."""
        try:
            return understand()
        except Refusal as refusal:
            self.problems.append(Problem(refusal.field or "", refusal.sentence, refusal.code))
            return otherwise

    def several(
        self, key: str, understand: Callable[[str], Iterator[str] | Sequence[str]]
    ) -> tuple[str, ...]:
        """Return the different values of all cells of a field."""
        found: list[str] = []
        for cell in self.all(key):
            found += self.try_(lambda cell=cell: list(understand(cell)), [])  # type: ignore[misc]  # bound now
        return tuple(dict.fromkeys(found))

    def day(self, key: str, today: dt.date) -> dt.date | None:
        """Return the day of a field."""
        for place in self.mapping.columns(key):
            cell = self.row.values[place].strip() if place < len(self.row.values) else ""
            if says_nothing(cell) or days.is_none(cell) or (key == "born" and days.is_birthday(cell)):
                continue
            if (
                key == "born"
                and (year := days.year_alone(cell))
                and _age(dt.date(year, 12, 31), today) >= OF_AGE
            ):
                return dt.date(year, 12, 31)  # whoever is of age by the last day of it is so by any
            order = self.mapping.orders[place]
            read = _READ.get(key, days.read)
            if key in _VAGUE and days.span_of(cell, today):
                self.vague.append(key)
            return self.try_(lambda: read(cell, order, today=today, field=key), None)  # noqa: B023 - called at once
        return None


def entry_of(row: Row, mapping: ColumnMapping, setting: Setting) -> Entry | tuple[Problem, ...]:
    """Return the entry of a row, or every problem that keeps it out."""
    cells = _Cells(row, mapping)
    if any(value.strip() for value in row.values[len(mapping.fields) :]):
        sentence = _("The row has more cells than there are columns; a separator stands inside a cell.")
        return (Problem("", sentence, "too-many-cells"),)
    born = cells.day("born", setting.today)
    phones, unread = values.phones(cells.all("phone"), setting.country)
    minor = cells.try_(lambda: _minor(cells, born, setting.today), None)
    entry = Entry(
        number=row.number,
        unit=_unit(cells, setting),
        name=cells.try_(lambda: _one_name(cells, setting.locale), ""),
        kind=cells.try_(lambda: values.kind(cells.first("kind")), "")
        if cells.first("kind")
        else setting.kind,
        call_name=cells.line("call_name", 120),
        pronoun=cells.line("pronoun", 60),
        emails=cells.several("email", values.emails),
        phones=phones,
        address=_address(cells),
        postcode=cells.try_(lambda: values.text(_place(cells)[0], field="postcode", most=20), ""),
        town=cells.try_(lambda: values.text(_place(cells)[1], field="town", most=120), ""),
        languages=cells.several("languages", lambda cell: values.languages(cell, setting.locale)),
        tags=cells.several("tags", values.tags),
        joined=cells.day("joined", setting.today),
        left=cells.day("left", setting.today),
        paid_until=cells.day("paid_until", setting.today),
        minor=minor is True,
        grown=minor is False,
        of_age_on=of_age_on(born) if minor and born else None,
        note=_note(cells, unread),
        unread=unread,
        vague=tuple(cells.vague),
        own=_own(cells, setting),
        consents=_consents(cells, setting, born),
    )
    cells.try_(lambda: _refuse_the_dead(cells), None)
    _judge_days(entry, born, cells, setting.today, least=setting.least_age)
    return tuple(dict.fromkeys(cells.problems)) or entry


def _name(cells: _Cells, locale: str) -> str:
    whole = values.turned(cells.first("name"))
    if whole:
        return whole
    given, middle, prefix = (cells.first(key) for key in ("given", "middle", "prefix"))
    # Spaniards have two family names, and lists a column for each.
    family = " ".join(dict.fromkeys(cells.all("family")))
    return values.joined_name(given, middle, prefix, family, locale) or cells.first("call_name")


def _one_name(cells: _Cells, locale: str) -> str:
    """Return the name; Refusal where it is none, or where the row names two people."""
    name = check_name(_name(cells, locale))
    if values.names_two(name):
        sentence = _("“%(name)s” seems to be two people; write a row for each.")
        raise Refusal(sentence % {"name": name[:80]}, field="name", code="two-people")
    return name


def _refuse_the_dead(cells: _Cells) -> None:
    for cell in cells.all("died"):
        if values.died(cell):
            raise values.has_died()


def name_of(row: Row, mapping: ColumnMapping, locale: str) -> str:
    """Return the name that a row tells, as it stands, or ''."""
    return _name(_Cells(row, mapping), locale)


def unit_said(row: Row, mapping: ColumnMapping) -> str:
    """Return how a row names its unit, or ''."""
    return _Cells(row, mapping).first("unit")


def unit_of(said: str, setting: Setting) -> str:
    """Return the code of the unit that a row names; Refusal where it is none, or one of several."""
    codes = setting.names.meant(said, setting.units)
    if len(codes) > 1:
        answer = setting.places.get(folded(said), "")
        codes = (answer,) if answer in codes else codes
    if len(codes) == 1:
        return codes[0]
    words = {"name": said[:80]}
    if codes:
        sentence = _("“%(name)s” is what several units are called: %(units)s. Write the code of one of them.")
        words["units"] = listed(setting.names.labelled(codes))
        raise Refusal(sentence % words, field="unit", code=WHICH_UNIT)
    sentence = _("“%(name)s” is no unit that this list may go to; write a unit's name or code.")
    if near := setting.names.near(said):
        sentence = _("“%(name)s” is no unit that this list may go to. The nearest names are: %(near)s.")
        words["near"] = listed([f"“{one}”" for one in near])
    raise Refusal(sentence % words, field="unit", code="no-unit")


def listed(parts: Sequence[str]) -> str:
    """Return a list in the reader's words."""
    return figures.listed(parts, get_language() or "en")


def _unit(cells: _Cells, setting: Setting) -> str:
    said = cells.first("unit")
    return cells.try_(lambda: unit_of(said, setting), setting.unit) if said else setting.unit


def _address(cells: _Cells) -> str:
    """Return the postal address: street, then postcode and town, then the country; '' without a street."""
    streets: list[str] = []
    for cell in cells.all("street"):
        if streets and _HOUSE_NUMBER.fullmatch(cell):
            streets[-1] += f" {cell}"
        else:
            streets.append(cell)
    if not streets:
        return ""
    place = " ".join(filter(None, _place(cells)))
    whole = "\n".join(filter(None, (*streets, place, cells.first("country"))))
    return cells.try_(lambda: values.lines(whole, field="street", most=_LONGEST_ADDRESS), "")


def _place(cells: _Cells) -> tuple[str, str]:
    """Return postcode and town, of their own columns or of the one that holds both."""
    postcode, town = values.place(cells.first("place"))
    said = cells.first("town")
    if not said:
        return cells.first("postcode") or postcode, town
    # Where no column is of postcodes, they stand before the towns: 1100 Wien.
    if not postcode and "postcode" not in cells.mapping.fields:
        return values.town(said)
    return cells.first("postcode") or postcode, said


def _note(cells: _Cells, unread: Sequence[str]) -> str:
    """Return the note; a number that cannot be dialled is not lost, and keeps nobody out."""
    said = [_("Phone, as the list has it: %(cell)s") % {"cell": part} for part in unread]
    whole = "\n".join((*cells.all("note"), *said))
    return cells.try_(lambda: values.lines(whole, field="note", most=_LONGEST_NOTE), "")


def _own(cells: _Cells, setting: Setting) -> tuple[tuple[int, str], ...]:
    """Return what the row tells in fields that units added; an empty cell tells nothing."""
    found = []
    for place, key in enumerate(cells.mapping.fields):
        one = setting.added.get(key)
        cell = cells.row.values[place].strip() if place < len(cells.row.values) else ""
        if one is None or one.type == CONSENT or not cell:
            continue
        order = cells.mapping.orders[place]
        kept = cells.try_(
            lambda: additions.read(cell, one, order=order, today=setting.today),  # noqa: B023 - called at once
            "",
        )
        if kept:
            found.append((one.number, kept))
    return tuple(found)


def _consents(cells: _Cells, setting: Setting, born: dt.date | None) -> tuple[tuple[int, dt.date], ...]:
    """Return to which words the row says she agreed, and when."""
    found = []
    for key, text in setting.words.items():
        day = cells.try_(lambda: _agreed_on(cells, key, setting), None)  # noqa: B023 - called at once
        if day is None:
            continue
        if day > setting.today or (born is not None and _age(born, day) < setting.may_agree):
            sentence = _("She cannot have agreed on %(day)s: that day has not come, or she was too young.")
            cells.problems.append(Problem(key, sentence % {"day": days.said(day)}, "no-consent"))
            continue
        found.append((text, day))
    return tuple(found)


def _agreed_on(cells: _Cells, key: str, setting: Setting) -> dt.date | None:
    for place in cells.mapping.columns(key):
        cell = cells.row.values[place].strip() if place < len(cells.row.values) else ""
        agreed, day = values.agreed(cell) if cell else (False, "")
        if not agreed:
            return None
        if day:
            return days.read(day, cells.mapping.orders[place], today=setting.today, field=key)
        if setting.agreed_on is None:
            sentence = _("The list does not say when she agreed; say the day for all of it.")
            raise Refusal(sentence, field=key, code="no-day")
        return setting.agreed_on
    return None


def _age(born: dt.date, today: dt.date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _minor(cells: _Cells, born: dt.date | None, today: dt.date) -> bool | None:
    """Return whether she is under 18, by her day of birth, else by yes or no; None where nothing is said."""
    if born is not None:
        return _age(born, today) < OF_AGE
    cell = cells.first("minor")
    if not cell:
        return None
    said = values.yes_or_no(cell)
    if said is None:
        sentence = _("“%(cell)s” is neither yes nor no; “%(field)s” takes one of them.")
        words = {"cell": cell[:40], "field": BY_KEY["minor"].label}
        raise Refusal(sentence % words, field="minor", code="no-yes")
    return said


def _judge_days(entry: Entry, born: dt.date | None, cells: _Cells, today: dt.date, *, least: int) -> None:
    """Note days that cannot be so: in the future, the wrong way round, of somebody younger than `least`."""
    for key, day in (("joined", entry.joined), ("left", entry.left), ("born", born)):
        if day is not None and day > today:
            sentence = _("The day %(day)s has not come yet; today is %(today)s.")
            words = {"day": days.said(day), "today": days.said(today)}
            cells.problems.append(Problem(key, sentence % words, "in-the-future"))
    if born is not None and born <= today and _age(born, today) < least:
        sentence = _("Nobody under %(years)d is written down here; take her out of the list.")
        cells.problems.append(Problem("born", sentence % {"years": least}, "too-young"))
    if entry.joined and entry.left and entry.left <= entry.joined:
        sentence = _("She left on %(left)s, which is not after %(joined)s, when she joined.")
        words = {"left": days.said(entry.left), "joined": days.said(entry.joined)}
        cells.problems.append(Problem("left", sentence % words, "ends-before-it-began"))
