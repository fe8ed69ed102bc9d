"""Counting ballots, sharing out seats, finding who stands twice: numbers in, numbers out.

Nothing here reads a clock, a database or the network, and nothing here imports Django, so that a
candidate can run any count again on a machine of her own with nothing but Python. Arithmetic is
exact (integers scaled as the rule says, or fractions), never binary floating point, wherever a
person or a seat depends on it.

Read `tally/__init__.py` for elections; `errors.py` for what a refusal looks like. Errors are English
sentences; callers that face people wrap them.
"""
