"""Accounts, sign-in, and the mandates (offices held) that carry rights.

Invariants: a right lasts as long as its mandate; the e-mail of an account is the declared exception
to encryption (it is needed to sign in). Read `actions/` first.
"""
