"""The scenario: an international from January 2023 to summer 2024, made of a few small files.

`reading` reads and judges the files of `data/`, `plan` makes dated facts of them (pure, from a fixed
seed: the same files give the same persons on every machine), `load` writes the facts through the
actions of the rooms, `source` says which page, command and test fulfils which line of the report the
software was drawn from. Read them in this order.

Every person is synthetic: names come from a generator, addresses lie under example.org, phone numbers
in ranges that regulators keep for fiction.
"""
