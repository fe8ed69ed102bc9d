"""The organisational report: figures over time with a birth certificate (as of, since, known at, structure).

Reads every room and is imported by none below. Read `queries.py` first, then `figures.py`.
"""
