"""A text as the squares of a QR code, drawn by `accounts/_qr.html`."""

from dataclasses import dataclass

import qrcode


@dataclass(frozen=True, slots=True)
class Squares:
    """`size` modules on each side, quiet zone and all; `path` draws the dark ones (SVG)."""

    size: int
    path: str


def squares(text: str) -> Squares:
    """Return the QR code of a text, with room for the errors of a cracked screen (level M)."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    dark = [f"M{x},{y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark]
    return Squares(len(rows), "".join(dark))
