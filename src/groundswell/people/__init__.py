"""Persons and their memberships over time, and the movements every figure is summed from.

Nouns: person, membership, movement, return. A membership is a dated fact (this person, this unit,
from, until); movements are written by the database alone and never changed.

Invariants: in every row of every report members = previous + joined - left + moved in - moved out;
one home membership a day; a unit counts by persons or by returns, never both. Read `actions/`
first, then the triggers in `migrations/0002_movements.py`.
"""
