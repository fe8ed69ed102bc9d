"""Passwords by argon2, a few at a time: one takes 100 MiB and a quarter of a second."""

import contextlib
import threading
from collections.abc import Iterator
from typing import Final

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.utils.translation import gettext as _

from groundswell.kernel.errors import Refusal

AT_A_TIME: Final = 2
PATIENCE: Final = 10.0  # seconds
_places: Final = threading.BoundedSemaphore(AT_A_TIME)


class FewAtATime(Argon2PasswordHasher):
    """Django's argon2; more than two in one process wait, and after ten seconds are asked to come again."""

    def encode(self, password: str, salt: str) -> str:
        """Return the digest of a password."""
        with _place():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        """Return whether it is the password of a digest."""
        with _place():
            return super().verify(password, encoded)


@contextlib.contextmanager
def _place() -> Iterator[None]:
    if not _places.acquire(timeout=PATIENCE):
        raise Refusal(_("Very many people sign in just now. Try again in a minute."), code="crowded")
    try:
        yield
    finally:
        _places.release()
