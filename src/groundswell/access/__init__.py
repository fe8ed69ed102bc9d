"""Who may see and do what, and the proof of what was done.

Nouns: session (its secret is the scope), scope (what the database shows to a session), row security,
actor, capability, door, trail, seal, checkpoint, person key.

Invariants:
- The database decides what a session sees; the code's own checks come on top.
- Nothing that `gs_app` can read opens a session, widens a scope or unlocks a cell.
- Every change of a trailed table is in the trail, whatever path it took.

Read `migrations/0001_sessions_and_scope.py` first (what the database knows), then `middleware.py`
(how a request carries its scope), `rights.py` (the table of rights), `sealing.py` (the proof).
"""
