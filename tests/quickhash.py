"""Argon2 at the price of a test: the same code path, a thousandth of the time."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    """The hasher of the settings with the lowest cost that the algorithm allows."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
