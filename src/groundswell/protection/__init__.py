"""Data protection: what is held of a person, why and how long; handing it out, reducing and erasing it.

Nouns: purpose, consent text, consent, minimum age, request, breach, step, record of processing. What there
is to hand out and erase is declared table by table in each room (`access.personal`); this room asks,
decides and tells. Read `actions/erasing.py` first, then `handout.py`; of consent `actions/consenting.py`, of
breaches `queries/breaches.py`. Other rooms ask `queries.consenting` before they do what needs consent.

Invariants: erasing moves no figure and breaks no seal; nobody but a person herself, her data protection
officer and the operator is handed what is held of her; the words somebody agreed to are never changed; the
record of a breach stays.
"""
