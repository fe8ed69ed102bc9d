"""The reader of a stranger: counts a report again from the files of an export alone.

How, stands in docs/organisation-format.md.
It knows nothing of this program: no line of it imports one of ours.
"""

import json
from collections import Counter, defaultdict
from datetime import date, timedelta

COUNTED = ("members", "previous", "joined", "left")


def rows(folder, table):
    with (folder / f"{table}.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def ends(span):
    first, last = (end.strip('"') for end in span.strip("[]()").split(","))
    return first, last


def holds(row, day):
    first, last = ends(row["valid"])
    return first <= day and (not last or day < last)


def recount(folder, since, as_of):
    """Return members, previous, joined and left of every unit over (since, as_of], what is 0 left out."""
    codes = {unit["id"]: unit["code"] for unit in rows(folder, "structure.Unit")}
    above, counted = defaultdict(list), defaultdict(Counter)
    for row in rows(folder, "structure.UnitParent"):
        if not ends(row["recorded"])[1]:
            above[row["unit_id"]].append(row)
    for first, day, what, number in (*by_person(folder, since, as_of), *by_number(folder, since, as_of)):
        unit = first
        while unit is not None:
            lies = next((row for row in above[unit] if holds(row, day)), None)
            if not (lies and lies["absorbed"]):
                counted[codes[unit]][what] += number
            unit = lies and lies["parent_id"]
    return {
        code: {what: number for what, number in found.items() if number} for code, found in counted.items()
    }


def by_person(folder, since, as_of):
    counts = {kind["code"] for kind in rows(folder, "people.MembershipKind") if kind["counts"]}
    for one in rows(folder, "people.Membership"):
        if ends(one["recorded"])[1] or not one["home"] or one["kind_id"] not in counts:
            continue
        unit, (first, last) = one["unit_id"], ends(one["valid"])
        yield from ((unit, day, what, 1) for what, day in ends_of(since, as_of) if holds(one, day))
        if one["entry_flow"] == "entry" and since < first <= as_of:
            yield unit, first, "joined", 1
        if one["exit_flow"] == "exit" and since < last <= as_of:
            yield unit, str(date.fromisoformat(last) - timedelta(days=1)), "left", 1


def by_number(folder, since, as_of):
    signed = [one for one in rows(folder, "people.Return") if not one["superseded_at"]]
    for what, day in ends_of(since, as_of):
        known = sorted((one for one in signed if one["as_of"] <= day), key=lambda one: one["as_of"])
        newest = {one["unit_id"]: one["members"] for one in known}
        yield from ((unit, day, what, members) for unit, members in newest.items())
    for one in signed:
        if since < one["as_of"] <= as_of:
            yield from ((one["unit_id"], one["as_of"], what, one[what]) for what in ("joined", "left"))


def ends_of(since, as_of):
    return ("previous", since), ("members", as_of)
