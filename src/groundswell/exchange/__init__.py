"""What comes in from files and goes out to them: lists of people, whole organisations, the demo's year.

Nouns: batch (one import of a list), line (what a row of it became), mapping (which column means what),
scenario (the demo's files), plan (the facts made of them), source line (what the software was drawn from).
Invariants: a list taken in twice doubles nothing and overwrites nothing; its preview says what the run does;
what a row became is on record; every count of the scenario's files is exact on its date. Read
`importing/__init__.py` first, then `scenario/__init__.py`.
"""
