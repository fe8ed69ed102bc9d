"""Data protection: what is held of a person, why and how long; handing it out, reducing and erasing it.

Nouns: consent, request, breach, record of processing. What there is to hand out and erase is declared
table by table in each room (`access.personal`); this room asks, decides and tells. Read
`actions/erasing.py` first, then `handout.py`.

Invariants: erasing moves no figure and breaks no seal; nobody but a person herself, her data protection
officer and the operator is handed what is held of her.
"""
