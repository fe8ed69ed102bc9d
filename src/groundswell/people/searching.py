"""Who is found: the persons one may see, by words of the name and by filters, a page at a time.

Row security decides who is seen; the scope stands in the statements as well, because only then does the
planner walk the index of the scope's own units (design, data: row security in practice).
"""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from anyascii import anyascii
from django.db import connection

from groundswell.access.actor import Actor
from groundswell.calc.matching import slips
from groundswell.kernel.errors import Refusal
from groundswell.people import filters, queries, rules, status
from groundswell.people.models import MembershipKind, Person
from groundswell.people.status import Stay
from groundswell.structure.lands import country_of
from groundswell.structure.models import Unit
from groundswell.structure.queries import localized

PAGE: Final = 50
# Whoever counts further is better served by the report; a sentence says "more than".
MOST_COUNTED: Final = 1_000
# As many bearers of a name are judged by the filters; more words of the name find whoever lies beyond.
_MOST_JUDGED: Final = 1_000
# As many figures without a letter are a phone number.
_FEWEST_FIGURES: Final = 5
# Several words are misspelt where there are several.
_FEWEST_SLIPPED: Final = 2
# As many towns are compared with the one asked for: more than any section has.
_MOST_TOWNS: Final = 5_000

_EXISTS: Final = (
    "exists (select from people_membership m where m.person_id = p.id and upper_inf(m.recorded) and {which})"
)
_NOW: Final = "m.valid @> %(today)s::date"
_HOME: Final = _EXISTS.format(which=f"m.home and {_NOW}")
_AWAY: Final = _EXISTS.format(which=f"not m.home and {_NOW}")
_ENDED: Final = _EXISTS.format(which="m.home and upper(m.valid) <= %(today)s")
_STATUS: Final[Mapping[str, str]] = {
    status.GUEST: f"{_AWAY} and not {_HOME}",
    status.FORMER: f"{_ENDED} and not {_HOME} and not {_AWAY}",
    # Who will be a member from a day to come is no member yet.
    status.CONTACT: f"not {_EXISTS.format(which='lower(m.valid) <= %(today)s')}",
}
# Where somebody lives is told to whoever may reach her: a treasurer knows her name and her standing.
_REACHABLE: Final = """((select scope_all())
  or p.unit_id = any(array(select unnest(scope_contact_units())))
  or p.id = any(array(select unnest(scope_contact_guests()))))"""
_OF_KIND: Final = _EXISTS.format(which=f"m.home and m.kind_id = %(status)s and {_NOW}")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: words of a name, a unit with all below it, filters, and after whom the page begins.

    `more` are the choices of further filters (`filters.list_filters`), by their names.
    `after` is the number of the last person of the page before; it says nothing where a name is asked for.
    `current` asks only for those who are at home somewhere today, as members of any kind.
    """

    text: str = ""
    unit: Unit | None = None
    status: str = ""
    town: str = ""
    tag: str = ""
    more: tuple[tuple[str, str], ...] = ()
    after: int | None = None
    current: bool = False

    @property
    def narrowed(self) -> bool:
        """Return whether something besides the unit is asked for."""
        return bool(self.text or self.status or self.town or self.tag or self.more)


@dataclass(frozen=True, slots=True)
class Row:
    """One person of a list; a protected unit's people go by their call names."""

    pk: int
    name: str
    call_name: str
    sort_key: str
    unit: str
    unit_name: str
    town: str
    status: status.Status


@dataclass(frozen=True, slots=True)
class Found:
    """A page of persons; `more` of them follow, `near` says that only a name like the one asked for fits.

    `count` is None when there are more than MOST_COUNTED. `towns` are those spelt nearly as the one that was
    asked for, where nobody is in a town of that name.
    """

    rows: tuple[Row, ...]
    more: bool
    near: bool
    count: int | None
    towns: tuple[str, ...] = ()


def statuses() -> tuple[str, ...]:
    """Return the words a list can be narrowed to: the kinds of membership, guests, former, contacts."""
    kinds = MembershipKind.objects.order_by("-counts", "code").values_list("code", flat=True)
    return (*kinds, status.GUEST, status.FORMER, status.CONTACT)


def found(actor: Actor, asked: Asked, *, today: dt.date) -> Found:
    """Return the persons that the actor's session sees and the question fits, a page of them."""
    within = None if asked.unit is None else _below(asked.unit)
    named, near = _named(actor, asked.text, within) if asked.text else (None, False)
    if named == []:
        return Found((), more=False, near=False, count=0)
    where, values = _conditions(actor, asked, within, named, today)
    numbers, more = _page(where, values, asked, named)
    whole = asked.after is None and not more
    count = len(numbers) if whole else _count(where, values)
    towns = tuple(values["towns"]) if values["nearly"] else ()
    return Found(rows(numbers, today), more, near, count, towns)


def everybody(actor: Actor, asked: Asked, *, today: dt.date, most: int) -> list[int]:
    """Return the numbers of all persons that the session sees and the question fits, in the list's order."""
    within = None if asked.unit is None else _below(asked.unit)
    named, _near = _named(actor, asked.text, within) if asked.text else (None, False)
    if named == []:
        return []
    where, values = _conditions(actor, asked, within, named, today)
    arms = " union all ".join(
        f"(select p.id, p.sort_key from people_person p where {way} limit {most})"  # noqa: S608  # nosec B608 - our own
        for way in where
    )
    with connection.cursor() as cursor:
        whole = f"select id from ({arms}) found order by sort_key, id limit {most}"  # noqa: S608  # nosec B608 - our own
        cursor.execute(whole, values)
        return [number for (number,) in cursor.fetchall()]


def _below(unit: Unit) -> list[int]:
    return list(Unit.objects.filter(path__startswith=unit.path).values_list("pk", flat=True))


def _named(actor: Actor, text: str, within: list[int] | None) -> tuple[list[int], bool]:
    """Return who bears such a name, nearest first, and whether it is only a name like it.

    An e-mail or a phone finds just whoever has it. A question of another script is asked as it stands, then
    in Latin letters.
    """
    if (kind := _contact_kind(text)) is not None:
        return _reached(actor, kind, text), False
    words = rules.asked_words(text)
    latin = rules.asked_words(anyascii(text))
    for asked in dict.fromkeys((tuple(words), tuple(latin))):
        numbers = _numbers("select * from people_find(%s, %s, %s)", list(asked), within)
        if numbers:
            return numbers, False
    found = _numbers("select person_id from people_find_near(%s, %s, %s)", latin, within)
    return found or _slipped(latin, within), True


def _slipped(words: list[str], within: list[int] | None) -> list[int]:
    """Return who bears a name in which several of these words are misspelt, the fewest slips first.

    Who bears a word near one of them is judged by all her words; of a frequent word not all are looked at.
    """
    if len(words) < _FEWEST_SLIPPED:
        return []
    bearers: dict[int, None] = {}
    for word in words:
        near = _numbers("select person_id from people_find_near(%s, %s, %s)", [word], within)
        bearers |= dict.fromkeys(near)
    people = Person.objects.filter(pk__in=bearers).values_list("pk", "folded")
    judged = [(slips.slips_in(words, folded.split()), folded, pk) for pk, folded in people]
    fitting = [(count, folded, pk) for count, folded, pk in judged if count is not None]
    return [pk for _count, _folded, pk in sorted(fitting)]


def _contact_kind(text: str) -> str | None:
    if "@" in text:
        return "email"
    figures = sum(sign.isdecimal() for sign in text)
    return "phone" if figures >= _FEWEST_FIGURES and not any(sign.isalpha() for sign in text) else None


def _reached(actor: Actor, kind: str, text: str) -> list[int]:
    """Return who has this e-mail or phone; a number without its country is tried in those of the offices."""
    offices = Unit.objects.filter(pk__in=[one.unit_id for one in actor.mandates])
    countries = ["", *(country_of(unit) for unit in offices)] if kind == "phone" else [""]
    found: dict[int, None] = {}
    for country in dict.fromkeys(countries):
        try:
            found |= dict.fromkeys(queries.by_contact(kind, text, country=country))
        except Refusal:
            continue
    return list(found)


def called_so(name: str) -> list[int]:
    """Return who has just the words of this name, in any order, of those the session sees."""
    words = rules.folded_name(name).split()
    bearers = _numbers("select * from people_find(%s, %s, %s)", words[: rules.MOST_ASKED], None)
    wanted = set(words)
    people = Person.objects.filter(pk__in=bearers).values_list("pk", "folded")
    return [pk for pk, folded in people if set(folded.split()) == wanted]


def called_nearly_so(name: str) -> list[int]:
    """Return whose names these words are but for a slip in one of them, of those the session sees."""
    latin = rules.asked_words(anyascii(name))
    return _numbers("select person_id from people_find_near(%s, %s, %s)", latin, None)


def _numbers(statement: str, words: list[str], within: list[int] | None) -> list[int]:
    if not words:
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement, [words, within, _MOST_JUDGED])
        return [number for (number,) in cursor.fetchall()]


def _conditions(
    actor: Actor, asked: Asked, within: list[int] | None, named: list[int] | None, today: dt.date
) -> tuple[list[str], dict[str, Any]]:
    """Return one condition for each way to be in the list: by one's own unit, or as a guest."""
    values: dict[str, Any] = {"today": today, "units": within, "named": named, "nearly": False}
    at_home, guests = _reaches(actor, within)
    reaches = [at_home] if guests is None else [at_home, guests]
    shared = []
    if named is not None:
        shared.append("p.id = any(%(named)s::bigint[])")
    if asked.town:
        values["towns"], values["nearly"] = _towns(reaches, values, asked.town)
        shared.append(f"p.town = any(%(towns)s) and {_REACHABLE}")
    if asked.tag:
        shared.append("exists (select from people_tag t where t.person_id = p.id and t.word = %(tag)s)")
        values["tag"] = asked.tag
    if asked.current:
        shared.append(_HOME)
    if asked.status:
        shared.append(_STATUS.get(asked.status, _OF_KIND))
        values["status"] = asked.status
    for one in filters.list_filters:
        if chosen := dict(asked.more).get(one.name):
            condition, said = one.narrow(chosen, within)
            shared.append(condition)
            values |= said
    return [" and ".join([*filter(None, [way]), *shared]) or "true" for way in reaches], values


def _towns(reaches: Sequence[str], values: Mapping[str, Any], typed: str) -> tuple[list[str], bool]:
    """Return the towns within reach called so, whatever their accents, else those spelt nearly so."""
    where = [f"{way or 'true'} and {_REACHABLE}" for way in reaches]
    arms = " union ".join(f"(select p.town from people_person p where {way})" for way in where)  # noqa: S608  # nosec B608 - our own
    with connection.cursor() as cursor:
        cursor.execute(f"select town from ({arms}) towns where town <> '' limit {_MOST_TOWNS}", values)  # noqa: S608  # nosec B608 - our own
        towns = [town for (town,) in cursor.fetchall()]
    wanted = _plain(typed)
    same = [town for town in towns if _plain(town) == wanted]
    if same:
        return same, False
    near = [town for town in towns if slips.slips_between(wanted, _plain(town)) is not None]
    return sorted(near), bool(near)


def _plain(town: str) -> str:
    return " ".join(rules.asked_words(anyascii(town)))


def _reaches(actor: Actor, within: list[int] | None) -> tuple[str, str | None]:
    chosen = "" if within is None else "p.unit_id = any(%(units)s::bigint[])"
    guest = _EXISTS.format(which=f"not m.home and m.unit_id = any(%(units)s::bigint[]) and {_NOW}")
    away = f"not p.unit_id = any(%(units)s::bigint[]) and {guest}"
    if actor.operator:
        return chosen, None if within is None else away
    mine = "p.unit_id = any(array(select unnest(scope_units())))"
    theirs = (
        "p.id = any(array(select unnest(scope_guests())))"
        " and not p.unit_id = any(array(select unnest(scope_units())))"
    )
    if within is None:
        return mine, theirs
    return f"{mine} and {chosen}", f"p.id = any(array(select unnest(scope_guests()))) and {away}"


def _page(
    where: Sequence[str], values: dict[str, Any], asked: Asked, named: list[int] | None
) -> tuple[list[int], bool]:
    """Return the numbers of a page in their order, and whether more follow."""
    order = "p.sort_key, p.id"
    after = ""
    if named is not None:
        order = "array_position(%(named)s::bigint[], p.id)"
    elif asked.after is not None:
        after = " and (p.sort_key, p.id) > (select sort_key, id from people_person where id = %(after)s)"
        values["after"] = asked.after
    listed = "(select p.id, {order} from people_person p where {way}{after} order by {order} limit {most})"
    statement = (
        " union all ".join(listed.format(order=order, way=way, after=after, most=PAGE + 1) for way in where)
        + f" order by 2 limit {PAGE + 1}"
    )
    if named is None:
        statement = statement.replace("order by 2 ", "order by 2, 3 ")
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        numbers = [row[0] for row in cursor.fetchall()]
    return numbers[:PAGE], len(numbers) > PAGE


def _count(where: Sequence[str], values: Mapping[str, Any]) -> int | None:
    arms = " union all ".join(
        f"(select from people_person p where {way} limit {MOST_COUNTED + 1})"  # nosec B608 - our own
        for way in where
    )
    with connection.cursor() as cursor:
        counted = f"select count(*) from ({arms}) found"  # noqa: S608  # nosec B608 - our own conditions
        cursor.execute(counted, values)
        (count,) = cursor.fetchone()
    return int(count) if count <= MOST_COUNTED else None


def rows(numbers: Sequence[int], today: dt.date) -> tuple[Row, ...]:
    """Return what the list shows of these persons, in their order: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""select p.id, p.name, p.call_name, p.sort_key, u.code, u.protected,
              case when {_REACHABLE} then p.town else '' end,
              (select n.names from structure_unitname n where n.unit_id = u.id and upper_inf(n.recorded)
                and lower(n.valid) <= greatest(%s, u.founded_on) order by lower(n.valid) desc limit 1),
              u.languages,
              coalesce(array_agg(array[m.kind_id, m.unit_id::text, lower(m.valid)::text, upper(m.valid)::text,
                m.home::text, m.entry_flow] order by lower(m.valid)) filter (where m.id is not null), '{{}}')
            from people_person p join structure_unit u on u.id = p.unit_id
            left join people_membership m on m.person_id = p.id and upper_inf(m.recorded)
              and lower(m.valid) <= %s
            where p.id = any(%s) group by p.id, u.id""",  # noqa: S608  # nosec B608 - our own
            [today, today, list(numbers)],
        )
        found = {row[0]: _row(row, today) for row in cursor.fetchall()}
    return tuple(found[number] for number in numbers if number in found)


def _row(row: Sequence[Any], today: dt.date) -> Row:
    pk, name, call_name, sort_key, code, protected, town, names, languages, held = row
    stays = [
        Stay(kind, int(unit), dt.date.fromisoformat(since), _day(until), home == "true", flow == "opening")
        for kind, unit, since, until, home, flow in held
    ]
    shown = rules.called_alone(name, call_name) if protected else name
    return Row(
        pk=pk,
        name=shown,
        call_name="" if protected or call_name in name.split() else call_name,
        sort_key=sort_key,
        unit=code,
        # Django leaves JSON of a plain cursor as text.
        unit_name=localized(json.loads(names), languages) if names else code,
        town=town,
        status=status.status_on(stays, today),
    )


def _day(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)
