"""Make the vendored files of the pages anew: fonts, icons, htmx, axe-core.

Run at development time only; what it writes is committed. It needs a folder of npm packages
(htmx.org, lucide-static, @fontsource-variable/inter, @fontsource-variable/newsreader, axe-core)
and, for the fonts, `fonttools` and `brotli` in an environment of its own:

    python bench/vendor.py path/to/node_modules
"""

import json
import re
import shutil
import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter  # type: ignore[import-not-found]  # not of this environment
from fontTools.ttLib import TTFont  # type: ignore[import-not-found]  # the same
from fontTools.varLib.instancer import instantiateVariableFont  # type: ignore[import-not-found]  # the same

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "src/groundswell/web/static"
TEST_DATA = ROOT / "tests/data"

# What a page in a Latin script needs at once, and the letters of the other European Latin scripts.
LATIN = [
    *range(0x20, 0x7F), *range(0xA0, 0x100), 0x131, 0x152, 0x153, 0x178, 0x2009, 0x2013, 0x2014, 0x2018,
    0x2019, 0x201A, 0x201C, 0x201D, 0x201E, 0x2022, 0x2026, 0x2039, 0x203A, 0x20AC, 0x2122, 0x2191,
    0x2193, 0x2212,
]  # fmt: skip
EUROPEAN = [*range(0x100, 0x131), *range(0x132, 0x152), *range(0x154, 0x178), *range(0x179, 0x180),
            *range(0x218, 0x21C), 0x1E9E, 0x2020, 0x2021]  # fmt: skip

# file written, package, file read, letters, weights kept, optical size kept
FONTS = (
    ("inter-latin", "inter", "inter-latin-wght-normal", LATIN, (400, 700), None),
    ("inter-european", "inter", "inter-latin-ext-wght-normal", EUROPEAN, (400, 700), None),
    ("newsreader-latin", "newsreader", "newsreader-latin-opsz-normal", LATIN, (400, 600), 28),
    ("newsreader-european", "newsreader", "newsreader-latin-ext-opsz-normal", EUROPEAN, (400, 600), 28),
)

# name in the sprite -> name in Lucide: only those that a page uses (a test compares).
ICONS = {
    "today": "sun", "units": "network", "map": "map", "report": "chart-line",
    "calendar": "calendar", "known": "history", "structure": "git-compare", "chevron": "chevron-right",
    "sign-in": "log-in", "sign-out": "log-out", "more": "menu", "sheet": "download",
    "search": "search", "mail": "mail", "alert": "triangle-alert", "check": "check", "info": "info",
    "close": "x", "theme": "moon", "language": "languages",
    "mark": "waves",
}  # fmt: skip


def fonts(modules: Path) -> None:
    """Cut the fonts down to the letters and weights that pages use."""
    target = STATIC / "fonts"
    for name, family, source, letters, weights, optical in FONTS:
        package = modules / "@fontsource-variable" / family
        font = TTFont(package / "files" / f"{source}.woff2")
        limits = {"wght": weights} | ({"opsz": optical} if optical else {})
        options = Options(flavor="woff2", layout_features=["*"], hinting=False, notdef_outline=True)
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=letters)
        subsetter.subset(font)
        font = instantiateVariableFont(font, limits)
        font.flavor = "woff2"
        font.save(target / f"{name}.woff2")
        shutil.copy(package / "LICENSE", target / f"LICENSE-{family}.txt")
        print(f"{name}: {(target / f'{name}.woff2').stat().st_size:,} bytes")


def icons(modules: Path) -> None:
    """Write the sprite: one symbol for each icon in use."""
    package = modules / "lucide-static"
    symbols = []
    for name, lucide in sorted(ICONS.items()):
        drawing = (package / "icons" / f"{lucide}.svg").read_text(encoding="utf-8")
        body = re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", drawing, flags=re.DOTALL)
        inner = "".join(line.strip() for line in body.splitlines())
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{inner}</symbol>')
    sprite = '<svg xmlns="http://www.w3.org/2000/svg">' + "\n".join(symbols) + "</svg>\n"
    (STATIC / "icons/sprite.svg").write_text(sprite, encoding="utf-8")
    shutil.copy(package / "LICENSE", STATIC / "icons/LICENSE-lucide.txt")
    print(f"sprite: {len(sprite):,} bytes, {len(symbols)} icons")


def scripts(modules: Path) -> None:
    """Copy htmx for the pages and axe-core for the tests, each with its licence."""
    shutil.copy(modules / "htmx.org/dist/htmx.min.js", STATIC / "script/htmx.js")
    shutil.copy(modules / "htmx.org/LICENSE", STATIC / "script/LICENSE-htmx.txt")
    TEST_DATA.mkdir(exist_ok=True)
    shutil.copy(modules / "axe-core/axe.min.js", TEST_DATA / "axe.min.js")
    shutil.copy(modules / "axe-core/LICENSE", TEST_DATA / "LICENSE-axe-core.txt")


def versions(modules: Path) -> None:
    """Record which version each file was made from."""
    names = (
        "htmx.org", "lucide-static", "@fontsource-variable/inter", "@fontsource-variable/newsreader",
        "axe-core", "world-atlas",
    )  # fmt: skip
    found = {
        name: {"version": package["version"], "licence": package["license"]}
        for name in names
        for package in [json.loads((modules / name / "package.json").read_text(encoding="utf-8"))]
    }
    (ROOT / "src/groundswell/web/data/vendored.json").write_text(
        json.dumps(found, indent=2) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    fonts(folder)
    icons(folder)
    scripts(folder)
    versions(folder)
