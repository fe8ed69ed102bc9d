import gzip
import json
import re
from pathlib import Path

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.test import override_settings

from groundswell.web import assets

PACKAGE = Path(assets.__file__).parent
STATIC = PACKAGE / "static"
ROOMS = PACKAGE.parent


def sources(ending: str) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in ROOMS.rglob(f"*.{ending}"))


def test_every_icon_of_the_sprite_is_used_and_every_one_used_is_there():
    there = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons/sprite.svg").read_text()))
    named = set(re.findall(r'icon(?:=| )"([\w-]+)"', sources("html"))) | set(
        re.findall(r'reverse\("[\w:-]+"\), "([\w-]+)"\)', sources("py"))
    )
    assert named - {"icon"} == there


def test_the_fonts_of_a_page_weigh_less_than_130_kilobytes():
    fonts = list((STATIC / "fonts").glob("*.woff2"))
    assert len(fonts) == 4
    assert sum(font.stat().st_size for font in fonts) <= 130_000


def test_every_vendored_file_has_its_licence_beside_it_and_its_version_on_record():
    record = json.loads((PACKAGE / "data/vendored.json").read_text())
    assert record["htmx.org"]["version"] in (STATIC / "script/htmx.js").read_text()
    for licence in (
        "fonts/LICENSE-inter.txt",
        "fonts/LICENSE-newsreader.txt",
        "icons/LICENSE-lucide.txt",
        "script/LICENSE-htmx.txt",
    ):
        assert len((STATIC / licence).read_text()) > 200
    assert {entry["licence"] for entry in record.values()} == {"BSD-0-Clause", "ISC", "OFL-1.1", "MPL-2.0"}


def test_the_first_view_of_a_page_weighs_less_than_100_kilobytes_and_the_next_less_than_30(browser_of):
    common = sum(
        len(gzip.compress((STATIC / name).read_bytes()))
        for name in (
            "groundswell.css",
            "script/htmx.js",
            "script/groundswell.js",
            "icons/sprite.svg",
            "icons/favicon.svg",
        )
    )
    ines = browser_of("ines")
    for address in ("/", "/units/", "/units/FERRY/", "/map/", "/report/"):
        page = len(ines.get(address, headers={"accept-encoding": "gzip"}).content)
        assert page <= 30_000, address
        assert page + common <= 100_000, address


def test_collected_files_carry_their_hash_and_are_collected_once(tmp_path):
    storages = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    with override_settings(STATIC_ROOT=tmp_path / "static", STORAGES=storages):
        root = assets.collect()
        names = ManifestStaticFilesStorage(location=root).load_manifest()[0]
        assert re.fullmatch(r"groundswell\.[0-9a-f]{12}\.css", names["groundswell.css"])
        made = (root / names["groundswell.css"]).stat().st_mtime_ns
        assert (root / f"{names['groundswell.css']}.gz").exists()
        assets.collect()
        assert (root / names["groundswell.css"]).stat().st_mtime_ns == made
        (root / "sources.sha256").write_text("of an older version")
        assets.collect()
        assert (root / "sources.sha256").read_text() != "of an older version"


def test_no_style_sheet_or_script_fetches_from_elsewhere():
    for name in ("groundswell.css", "script/groundswell.js"):
        assert "//" not in re.sub(r"^\s*//.*$", "", (STATIC / name).read_text(), flags=re.MULTILINE)
    assert not re.search(r'(?:src|href)="https?:', sources("html"))
