"""Units over time: the international, sections, groups, regions, branches.

Nouns: unit, kind, name, parent, event. A unit has one immutable surrogate key; its names, kinds and
parents are periods that know when they held and when they were recorded. Today's tree alone is kept
as `path` on the unit.

Invariants: no unit has two believed names, kinds or parents on one day; no unit is its own
ancestor; a rename or a promotion moves no member. Read `actions/` first, then `models.py`.
"""
