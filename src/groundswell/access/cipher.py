"""Sealing a short text under a key, bound to its place: AES-256-GCM (NIST SP 800-38D).

Pure: keys and bytes in, bytes out. A sealed text is one byte of version, eight that name the key,
the nonce of twelve, the cipher text with its tag.
"""

import hashlib
import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION: Final = b"\x01"
_NAME, _NONCE = 8, 12
_HEAD: Final = len(VERSION) + _NAME + _NONCE


class Unreadable(Exception):  # noqa: N818 - it says what is so, not who erred
    """A sealed text cannot be opened; the message says why and what to do."""


def new_key() -> bytes:
    """Return 32 bytes of the system's randomness."""
    return secrets.token_bytes(32)


def name_of(key: bytes) -> bytes:
    """Return the eight bytes that name a key and give nothing of it away."""
    return hashlib.sha256(b"groundswell key name\0" + key).digest()[:_NAME]


def sealed_by(sealed: bytes) -> bytes:
    """Return the name of the key with which something was sealed."""
    return sealed[1 : 1 + _NAME]


def seal(key: bytes, content: bytes, place: str) -> bytes:
    """Return `content` sealed under `key` for `place`; it opens nowhere else."""
    nonce = secrets.token_bytes(_NONCE)
    return VERSION + name_of(key) + nonce + AESGCM(key).encrypt(nonce, content, place.encode())


def unseal(key: bytes, sealed: bytes, place: str) -> bytes:
    """Return the content; Unreadable when key, place or bytes are not those it was sealed with."""
    if len(sealed) < _HEAD or sealed[:1] != VERSION:
        raise Unreadable(f"{place} holds something that was not sealed by this program.")
    if sealed_by(sealed) != name_of(key):
        raise Unreadable(
            f"{place} was locked with another key. Put back the key file that belongs to this database."
        )
    try:
        return AESGCM(key).decrypt(sealed[1 + _NAME : _HEAD], sealed[_HEAD:], place.encode())
    except InvalidTag as problem:
        raise Unreadable(
            f"{place} was changed, or moved here from another row: restore it from a backup."
        ) from problem
