"""Files that only the key ring opens: AES-256-GCM in chunks, authenticated in order and to the end.

The STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015): every file has a key of its own,
derived (HKDF-SHA-256) from the ring's backup key, a random salt and the header; a chunk's nonce is
its number and whether it is the last. So no chunk can be left out, moved, or the end cut off, and the
header cannot be changed.

    magic · length of header (4 bytes) · header (JSON, in clear) · chunks
    chunk = length of what follows (4 bytes) · ciphertext of at most 1 MiB · tag (16 bytes)
"""

import json
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

from groundswell.ground.errors import BackupProblem
from groundswell.ground.files import reason
from groundswell.ground.language import gettext as _

MAGIC: Final = b"GROUNDSWELL SEALED 1\n"
_CHUNK: Final = 1 << 20
_TAG: Final = 16
_LONGEST_HEADER: Final = 1 << 16


class Sealer:
    """Writes a sealed file: `write` as often as needed, then `close` exactly once."""

    def __init__(self, file: IO[bytes], key: bytes, header: dict[str, Any]) -> None:
        text = json.dumps({**header, "salt": secrets.token_hex(32)}).encode()
        file.write(MAGIC + len(text).to_bytes(4) + text)
        self._file = file
        self._cipher = _cipher(key, text)
        self._number = 0
        self._waiting = bytearray()

    def write(self, data: bytes) -> None:
        """Add data."""
        self._waiting += data
        while len(self._waiting) > _CHUNK:  # the last chunk, which may be full, waits for `close`
            self._seal(bytes(self._waiting[:_CHUNK]), last=False)
            del self._waiting[:_CHUNK]

    def close(self) -> None:
        """Write the last chunk; without it the file cannot be opened."""
        self._seal(bytes(self._waiting), last=True)

    def _seal(self, data: bytes, *, last: bool) -> None:
        sealed = self._cipher.encrypt(_nonce(self._number, last=last), data, None)
        self._file.write(len(sealed).to_bytes(4) + sealed)
        self._number += 1


def read_header(path: Path) -> dict[str, Any]:
    """Return the header of a sealed file: unauthenticated until the file has been opened."""
    with _open(path) as file:
        return _header(file, path)[0]


def opened(path: Path, key: bytes) -> Iterator[bytes]:
    """Yield the data of a sealed file; a BackupProblem when a bit of it is not what was sealed.

    The last piece comes only after the end has been authenticated, so whoever acts on the stream
    must wait for the iterator to finish before taking it for whole.
    """
    with _open(path) as file:
        text = _header(file, path)[1]
        cipher = _cipher(key, text)
        number, last = 0, False
        length = file.read(4)
        while not last:
            size = int.from_bytes(length)
            sealed = file.read(size) if size <= _CHUNK + _TAG else b""  # a length can be damaged too
            length = file.read(4)
            last = not length
            yield _unseal(cipher, sealed, _nonce(number, last=last), path)
            number += 1


def _unseal(cipher: Any, sealed: bytes, nonce: bytes, path: Path) -> bytes:
    from cryptography.exceptions import InvalidTag

    try:
        return bytes(cipher.decrypt(nonce, sealed, None))
    except (InvalidTag, ValueError) as problem:
        raise BackupProblem(
            _("%(path)s is damaged, cut off, or was sealed with other keys: take another copy of it.")
            % {"path": path}
        ) from problem


def _cipher(key: bytes, header: bytes) -> Any:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return AESGCM(HKDF(SHA256(), 32, salt=None, info=MAGIC + header).derive(key))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11) + bytes([last])


def _open(path: Path) -> IO[bytes]:
    try:
        if stat.S_ISFIFO(path.stat().st_mode):  # nothing may ever come, and it can be read once
            raise BackupProblem(
                _("%(path)s is a pipe, which can be read only once: copy it into a file first.")
                % {"path": path}
            )
        return path.open("rb")
    except OSError as problem:
        raise BackupProblem(
            _("%(path)s cannot be read: %(reason)s.") % {"path": path, "reason": reason(problem)}
        ) from problem


def _header(file: IO[bytes], path: Path) -> tuple[dict[str, Any], bytes]:
    refusal = BackupProblem(_("%(path)s is not a backup of Groundswell.") % {"path": path})
    if file.read(len(MAGIC)) != MAGIC:
        raise refusal
    length = int.from_bytes(file.read(4))
    text = file.read(length) if length <= _LONGEST_HEADER else b""
    try:
        header = json.loads(text)
    except ValueError as problem:
        raise refusal from problem
    if not isinstance(header, dict):
        raise refusal
    return header, text
