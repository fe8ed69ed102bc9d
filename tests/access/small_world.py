"""A small world for the room `access`: an international, two sections, three branches, their people.

INT ─ S ─ R ─ A, B       the international holds no names, the rest does
    └ T ─ C              gustav of C is a guest in A
"""

import dataclasses
import datetime as dt

from django.contrib.auth import SESSION_KEY
from django.db import connection

from groundswell.access import scope
from groundswell.access.sessions import SessionStore

UNITS = {
    "INT": "INT",
    "S": "INT S",
    "R": "INT S R",
    "A": "INT S R A",
    "B": "INT S R B",
    "T": "INT T",
    "C": "INT T C",
}
KINDS = {"INT": "international", "S": "section", "R": "region", "T": "section"}
PEOPLE = {
    "anna": "A", "bert": "B", "clara": "C", "gustav": "C", "ines": "S", "sofia": "S", "olga": "A",
    "theo": "R",
    "dana": "S", "august": "T",
}  # fmt: skip
OFFICES = {
    "ines": ("secretary", "INT"), "sofia": ("secretary", "S"), "olga": ("organiser", "A"),
    "theo": ("treasurer", "R"), "dana": ("dpo", "S"), "august": ("auditor", "T"),
}  # fmt: skip


@dataclasses.dataclass(frozen=True)
class World:
    unit: dict[str, int]
    person: dict[str, int]
    account: dict[str, int]

    def signed_in(self, name: str) -> str:
        """Return the secret of a session of this person, opened as Django opens it."""
        store = SessionStore()
        store.create()
        store[SESSION_KEY] = str(self.account[name])
        store.save()
        return store.session_key

    def names(self, units: list[int]) -> set[str]:
        return {code for code, number in self.unit.items() if number in units}

    def people(self, numbers: list[int]) -> set[str]:
        return {name for name, number in self.person.items() if number in numbers}


def ask(statement: str, *parameters: object) -> list:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(parameters))
        return cursor.fetchall() if cursor.description else []


def column(statement: str, *parameters: object) -> list:
    return [row[0] for row in ask(statement, *parameters)]


def make_world() -> World:
    with scope.operator("the tests' world"):
        unit: dict[str, int] = {}
        for code, above in UNITS.items():
            unit[code] = column("select nextval('structure_unit_id_seq')")[0]
            path = "".join(f"/{unit[one]}" for one in above.split()) + "/"
            section = unit.get(above.split()[1]) if " " in above else None
            ask(
                "insert into structure_unit (id, code, path, kind_id, holds_names, section_id,"
                " country, town, locale,"
                " languages, currency, time_zone, protected, illustrative, founded_on)"
                " values (%s, %s, %s, %s, %s, %s, '', '', 'en', '{}', 'EUR', 'UTC', false, false,"
                " '2020-01-01')",
                unit[code], code, path, KINDS.get(code, "branch"), code != "INT", section,
            )  # fmt: skip
        person = {name: _person(name, unit[home]) for name, home in PEOPLE.items()}
        _membership(person["gustav"], unit["A"], home=False)
        account = {
            name: column(
                "insert into accounts_account (email, password, person_id, is_active, created_at)"
                " values (%s, '!', %s, true, now()) returning id", f"{name}@example.org", number,
            )[0]
            for name, number in person.items()
        }  # fmt: skip
        for name, (office, code) in OFFICES.items():
            give_office(person[name], office, unit[code])
    return World(unit, person, account)


def _person(name: str, home: int) -> int:
    (number,) = column(
        "insert into people_person (name, sort_key, call_name, locale, languages, town, recorded_at, unit_id)"
        " values (%s, %s, '', '', '{}', '', org_now(), %s) returning id", name, name, home,
    )  # fmt: skip
    _membership(number, home, home=True)
    return number


def _membership(person: int, unit: int, *, home: bool) -> None:
    ask(
        "insert into people_membership (valid, recorded, home, entry_flow, exit_flow, reason,"
        " unit_id, kind_id,"
        " person_id) values ('[2024-01-01,)', tstzrange(org_now(), null), %s, 'entry', 'exit', '',"
        " %s, 'member', %s)",
        home, unit, person,
    )  # fmt: skip


def give_office(person: int, office: str, unit: int, until: dt.date | None = None) -> int:
    return column(
        "insert into accounts_mandate (valid, recorded, office, person_id, unit_id)"
        " values (daterange('2024-01-01', %s), tstzrange(org_now(), null), %s, %s, %s) returning id",
        until, office, person, unit,
    )[0]  # fmt: skip


def withdraw_offices(person: int) -> None:
    """Believe none of her mandates any longer."""
    ask(
        "update accounts_mandate set superseded_stamp = org_stamp(), recorded = tstzrange(lower(recorded),"
        " greatest(org_now(), lower(recorded)), '[]') where person_id = %s and upper_inf(recorded)",
        person,
    )
