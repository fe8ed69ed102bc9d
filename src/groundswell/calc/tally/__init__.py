"""Counting ballots, so that a hostile candidate can recount them.

Nouns: a *ballot* ranks candidates and has a weight; an *election* is its ballots, candidates and
seats; a *rule* counts an election into a *result*, which carries the whole working: every *stage*
with its totals and transfers, every *tie* and what decided it.

Invariants: arithmetic is exact; votes are conserved at every stage (candidates plus exhausted make
the valid votes, to the last decimal); a tie is never broken silently.

Read first: `ballots.py` (what is counted), `result.py` (what comes out), `methods.py` (which rule is
found by which name), then a rule, `irv.py` being the shortest. `docs/counting.md` states each rule.
"""
