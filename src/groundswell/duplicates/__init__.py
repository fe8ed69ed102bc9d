"""One person written down twice: found by night, looked at side by side, merged without loss, undone.

Nouns: likeness (two records that may be one person, and what somebody said of it), merge (two records became
one, with all that undoing it needs), term (one membership of either, as the plan of a merge sees it).

Of two records one stays and one goes: whoever holds or held an office stays, then whoever has an account,
then the older. Offices of both are hers then, and nobody's sign-in gains one that the merger may not give.
All that hangs on the one who goes becomes the other's, by what each room declared of its tables
(`access.personal`); her number leads to the other for good (`access_merged`). Memberships are never
rewritten: what overlaps is withdrawn, what moves is withdrawn and made anew, so every figure stays provable.

Start reading at `rules.py`; the database's part is `migrations/0002_merging.py`.
"""
