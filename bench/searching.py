"""Searching names among a million persons under row security: as typed, and misspelt.

The names come from the lists of sixteen languages, the frequent ones frequent, every fourth family name
changed in a letter so that there are rare ones too. Recall is judged as a person would: she is found when
her number, or somebody of just the same name, stands among the first twenty.
"""

import os
import random
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import django
import psycopg

from names import Namer, slipped
from row_security import (
    BRANCHES,
    LEVELS,
    PERSONS,
    Level,
    database,
    enter_levels,
    make_structure,
)

os.environ["DJANGO_SETTINGS_MODULE"] = "groundswell.site.settings"
django.setup()

from groundswell.people.rules import asked_words, folded_name, sort_key  # noqa: E402 - Django first

ROUNDS: Final = 400
MOST: Final = 20
LONG: Final = 9
AS_TYPED_GOAL: Final = 5
MISSPELT_GOAL: Final = 45
RECALL_GOAL: Final = 0.99


@dataclass(frozen=True)
class Asked:
    """A person who was looked for, and what was typed."""

    number: int
    folded: str
    typed: str


def run() -> str:
    """Build the database, measure, and return a section of Markdown."""
    with (
        database() as parameters,
        psycopg.connect(**parameters("postgres"), autocommit=True) as superuser,
    ):
        _build(superuser)
        rows = list(_all_measured(superuser, parameters))
    head = "| level | what was typed | p50, ms | p95, ms | goal, ms | recall at 20 |"
    table = "\n".join([head, "|---|---|---|---|---|---|", *(f"| {' | '.join(row)} |" for row in rows)])
    return f"""## Searching names

{PERSONS:,} persons under row security, {ROUNDS} questions each, in SQL over the socket. Misspelt: one slip in
one word of a full name (a letter too few, too many, wrong, or two exchanged), asked first as typed and then
forgivingly; misspelt twice: two in its longest word, where that has {LONG} letters.

{table}
"""


def _build(superuser: psycopg.Connection[Any]) -> None:
    make_structure(superuser)
    namer = Namer(random.Random(7))
    first_branch = 258
    with superuser.cursor().copy(
        "copy people_person (id, unit_id, name, sort_key, folded, call_name, locale, languages, town,"
        " recorded_at) from stdin"
    ) as stream:
        for number in range(1, PERSONS + 1):
            name = namer.name()
            unit = first_branch + number % BRANCHES
            row = (
                number,
                unit,
                name,
                sort_key(name),
                folded_name(name),
                "",
                "en",
                [],
                "",
                "2024-01-01",
            )
            stream.write_row(row)
    # The superuser goes past the triggers: what they would have written comes at once.
    superuser.execute(
        "insert into people_nameword select w, folded, id, unit_id from people_person,"
        " lateral (select distinct unnest(string_to_array(folded, ' ')) w) words"
    )
    superuser.execute(
        "insert into people_nameform select word, people_shorter(word)"
        " from (select distinct word from people_nameword) words"
    )
    enter_levels(superuser)
    superuser.execute("vacuum analyze")


def _all_measured(superuser: psycopg.Connection[Any], parameters: Any) -> Iterator[tuple[str, ...]]:
    chance = random.Random(11)
    with psycopg.connect(**parameters("gs_app"), prepare_threshold=None) as app:
        for level in LEVELS:
            people = _people_of(superuser, level)
            app.rollback()
            app.execute(
                "select set_config('app.session', %s, true),"
                " set_config('search_path', 'public, pg_temp', true)",
                [level.secret],
            )
            for what, ask in KINDS.items():
                asked = [_asked(chance.choice(people), ask, chance) for _ in range(ROUNDS)]
                yield _measured(level, what, asked, app, superuser)


def _people_of(superuser: psycopg.Connection[Any], level: Level) -> list[tuple[int, str]]:
    row = superuser.execute("select path from structure_unit where id = %s", [level.unit]).fetchone()
    assert row is not None
    return superuser.execute(
        "select p.id, p.folded from people_person p join structure_unit u on u.id = p.unit_id"
        " where u.path >= %s and u.path < %s order by hashint8(p.id) limit 2000",
        [row[0], f"{row[0][:-1]}0"],
    ).fetchall()


def _full(words: list[str], _: random.Random) -> list[str]:
    return words


def _one(words: list[str], chance: random.Random) -> list[str]:
    return [chance.choice(words)]


def _begun(words: list[str], chance: random.Random) -> list[str]:
    return [word[: chance.randint(2, 4)] for word in words[:2]]


def _misspelt(words: list[str], chance: random.Random) -> list[str]:
    place = chance.randrange(len(words))
    slip = slipped(words[place], chance)
    return [slip if index == place and len(slip) > 1 else word for index, word in enumerate(words)]


def _misspelt_twice(words: list[str], chance: random.Random) -> list[str]:
    longest = max(words, key=len)
    if len(longest) < LONG:
        return _misspelt(words, chance)
    return [slipped(slipped(word, chance), chance) if word == longest else word for word in words]


KINDS: Final = {
    "the full name": _full,
    "one word of it": _one,
    "two words begun": _begun,
    "the full name, misspelt": _misspelt,
    "a long word of it misspelt twice": _misspelt_twice,
}


def _asked(person: tuple[int, str], ask: Any, chance: random.Random) -> Asked:
    number, folded = person
    words = [word for word in folded.split() if word.isascii()][:3] or folded.split()[:3]
    return Asked(number, folded, " ".join(ask(words, chance)))


def _measured(
    level: Level,
    what: str,
    asked: list[Asked],
    app: psycopg.Connection[Any],
    superuser: psycopg.Connection[Any],
) -> tuple[str, ...]:
    times, found = [], 0
    misspelt = "misspelt" in what
    for one in asked:
        began = time.perf_counter()
        keys = search(app, one.typed, forgiving=misspelt)
        times.append((time.perf_counter() - began) * 1000)
        found += one.number in keys or (bool(keys) and _namesake(superuser, keys, one.folded))
    cuts = statistics.quantiles(times, n=20)
    goal = MISSPELT_GOAL if misspelt else AS_TYPED_GOAL
    recall = f"{found / len(asked):.3f}" if misspelt or "full" in what else ""
    return (
        level.name,
        what,
        f"{statistics.median(times):.2f}",
        f"{cuts[18]:.2f}",
        f"{goal}",
        recall,
    )


def search(app: psycopg.Connection[Any], typed: str, *, forgiving: bool) -> list[int]:
    """Return the persons a list shows first: those as typed, and the likely ones where these are few."""
    words = asked_words(typed)
    rows = app.execute("select * from people_find(%s, null, %s)", [words, MOST], binary=True)
    keys = [key for (key,) in rows]
    if forgiving and len(keys) < MOST:
        near = app.execute(
            "select * from people_find_near(%s, null, %s)",
            [words, MOST - len(keys)],
            binary=True,
        )
        keys += [key for key, _ in near if key not in keys]
    return keys


def _namesake(superuser: psycopg.Connection[Any], keys: list[int], folded: str) -> bool:
    row = superuser.execute(
        "select exists (select from people_person where id = any (%s) and folded = %s)",
        [keys, folded],
    ).fetchone()
    return bool(row and row[0])


if __name__ == "__main__":
    sys.stdout.write(run())
