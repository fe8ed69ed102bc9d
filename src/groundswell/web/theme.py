"""The organisation's accent, in light and in dark, from the one colour that it chose.

Pure. Contrast is WCAG 2.2's relative luminance; whatever the colour, the accents made from it reach
4.5 on paper, on card, on its own tint and under the mark (a test tries them all).
"""

import colorsys
import hashlib
import re
from dataclasses import dataclass
from typing import Final

DEFAULT_ACCENT: Final = "#a8201a"
ENOUGH: Final = 4.5
_HEX: Final = re.compile(r"#[0-9a-f]{6}")
_LIGHT_GROUNDS: Final = ("#f7f4ee", "#fffdf9")
_DARK_GROUNDS: Final = ("#171613", "#1f1e1a")
_STEPS: Final = 200
_LINEAR_UP_TO: Final = 0.04045  # IEC 61966-2-1 (sRGB)


@dataclass(frozen=True, slots=True)
class Theme:
    """Accent, tint and the ink on the accent, each for light and dark, as #rrggbb."""

    light: str
    light_tint: str
    light_on: str
    dark: str
    dark_tint: str
    dark_on: str

    def css(self) -> str:
        """Return the style sheet that /theme.css serves."""
        return (
            "@layer tokens{:root{"
            f"--accent:light-dark({self.light},{self.dark});"
            f"--tint:light-dark({self.light_tint},{self.dark_tint});"
            f"--on-accent:light-dark({self.light_on},{self.dark_on})"
            "}}\n"
        )

    def digest(self) -> str:
        """Return the name of this version of the sheet, for its address."""
        return hashlib.sha256(self.css().encode()).hexdigest()[:12]


def theme(accent: str = DEFAULT_ACCENT) -> Theme:
    """Return the theme of an accent '#rrggbb'; ValueError with a sentence for anything else."""
    colour = accent.strip().lower()
    if not _HEX.fullmatch(colour):
        raise ValueError(f"An accent is written like {DEFAULT_ACCENT}: “{accent}” is not.")
    light_tint, dark_tint = _mixed(colour, "#fbf3ec", 0.12), _mixed(colour, "#1f1e1a", 0.32)
    light = _readable(colour, (*_LIGHT_GROUNDS, light_tint), step=-1)
    dark = _readable(_lighter(colour), (*_DARK_GROUNDS, dark_tint), step=1)
    return Theme(light, light_tint, _ink_on(light), dark, dark_tint, _ink_on(dark))


def contrast(one: str, other: str) -> float:
    """Return WCAG's contrast of two colours, 1 to 21."""
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= _LINEAR_UP_TO else float(((part + 0.055) / 1.055) ** 2.4)


def _parts(colour: str) -> tuple[float, float, float]:
    return int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255


def _hex(parts: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(max(0.0, min(1.0, part)) * 255):02x}" for part in parts)


def _mixed(colour: str, ground: str, share: float) -> str:
    red, green, blue = (
        share * a + (1 - share) * b for a, b in zip(_parts(colour), _parts(ground), strict=True)
    )
    return _hex((red, green, blue))


def _lighter(colour: str) -> str:
    hue, _, saturation = colorsys.rgb_to_hls(*_parts(colour))
    return _hex(colorsys.hls_to_rgb(hue, 0.7, min(saturation, 0.82)))


def _readable(colour: str, grounds: tuple[str, ...], *, step: int) -> str:
    hue, lightness, saturation = colorsys.rgb_to_hls(*_parts(colour))
    for number in range(_STEPS):
        tried = _hex(
            colorsys.hls_to_rgb(hue, max(0.0, min(1.0, lightness + step * number / _STEPS)), saturation)
        )
        if all(contrast(tried, ground) >= ENOUGH for ground in grounds):
            return tried
    return "#000000" if step < 0 else "#ffffff"


def _ink_on(colour: str) -> str:
    return max(("#fffdf9", "#171613"), key=lambda ink: contrast(ink, colour))
