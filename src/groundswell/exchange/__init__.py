"""What comes in from files: for now the scenario, the demo's organisation and its real year.

Nouns: scenario (the files), plan (the facts made of them), source line (what the software was drawn from).
Invariants: every count of the files is exact on its date; every person is synthetic. Read
`scenario/__init__.py` first.
"""
