"""Lists of invented people for the bench: 100,000 rows of which one in ten is somebody written down again."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

from groundswell.calc.matching import People

_SYLLABLES = ("an", "be", "ri", "ma", "lo", "ka", "ste", "no", "vi", "da", "el", "su", "mi", "to", "fe", "ha")
COLUMNS = ("given", "family", "born", "email", "phone", "street", "town", "postcode", "region")


def people(count: int) -> tuple[People, frozenset[frozenset[str]]]:
    """Return a list and the pairs in it that are one person; the same each time."""
    draw = random.Random(f"matching {count}")
    given, family = _words(draw, 1_500, 2, 3), _words(draw, 12_000, 2, 4)
    streets, towns = _words(draw, 3_000, 3, 4), _words(draw, 900, 2, 3)
    places = [(town, f"{draw.randint(1000, 9999)}", f"region {draw.randint(1, 16)}") for town in towns]
    rows: list[list[str]] = []
    twins = []
    persons: list[int] = []  # whose each row is: the number of her first row
    of: dict[int, list[int]] = {}
    for number in range(count):
        if number % 10 == 9:
            other = draw.randrange(len(rows))
            person = persons[other]
            twins += [frozenset((str(row), str(number))) for row in of[person]]
            of[person].append(number)
            persons.append(person)
            rows.append(_again(draw, rows[other]))
            continue
        persons.append(number)
        of[number] = [number]
        name, last = _some(draw, given), _some(draw, family)
        born = f"{draw.randint(1940, 2008)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"
        email = f"{name}.{last}{draw.randint(1, 999)}@example.org" if draw.random() < 0.7 else ""
        phone = f"+4366{draw.randint(10_000_000, 99_999_999)}" if draw.random() < 0.6 else ""
        street = f"{_some(draw, streets)}gasse {draw.randint(1, 120)}"
        rows.append([name, last, born, email, phone, street, *_some(draw, places)])
    cells: Mapping[str, Sequence[str]] = dict(zip(COLUMNS, zip(*rows, strict=True), strict=True))
    return People([str(number) for number in range(count)], cells), frozenset(twins)


def _words(draw: random.Random, count: int, least: int, most: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(draw.choices(_SYLLABLES, k=draw.randint(least, most)))] = None
    return list(found)


def _some(draw: random.Random, items: Sequence[Any]) -> Any:
    """Draw as names are spread: a few are frequent, most are rare."""
    return items[int(len(items) * draw.random() ** 2.5)]


def _again(draw: random.Random, row: list[str]) -> list[str]:
    """Write a row down again: a slip in one or two cells, one left out, sometimes moved."""
    again = list(row)
    for _slip in range(draw.randint(0, 2)):
        place = draw.randrange(len(again))
        cell = again[place]
        if len(cell) > 2:
            at = draw.randrange(len(cell) - 1)
            again[place] = draw.choice(
                (cell[:at] + cell[at + 1 :], cell[:at] + cell[:at] + cell[at + 1] + cell[at] + cell[at + 2 :])
            )
    if draw.random() < 0.4:
        again[draw.randrange(2, len(again))] = ""
    return again
