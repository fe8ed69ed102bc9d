"""What every room stands on: the two clocks, errors that are sentences, days and periods.

Invariants: nothing here knows a unit or a person. Read `clock.py` first.
"""
