"""The machine under the house: where things lie, which server runs, which key fits.

Nouns: *environment* (the settings, from environment variables only), *home* (the directory that
holds everything of one installation), *cluster* (the PostgreSQL server and its roles), *key ring*
(the key file), *backup*.

Invariants: no Django in here, so that a command can start the database before Django asks for it;
nothing outside the home is changed (but for a copy of the server's programs when root must hand
them to an ordinary user); a problem is one sentence that says what to do.

Read `environment` first, then `cluster`.
"""
