"""What is committed: nothing of anybody's machine, nothing from elsewhere, no promise without an issue."""

import ast
import re

import house

BINARY = {".woff2", ".png", ".ico", ".gz", ".xz", ".pdf"}
# Pieces, so that this file does not hold what it forbids.
PACKAGE_HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("crates", "io"),
        ("proxy.golang", "org"),
        ("rubygems", "org"),
        ("jsdelivr", "net"),
        ("unpkg", "com"),
    )
]
# Settings that send an installer to a host of somebody's choosing.
INDEXES = re.compile(
    r"--(extra-)?index-url|--find-links|--trusted-host|^\s*registry\s*=|\"resolved\":", re.MULTILINE
)
MACHINE_PATH = re.compile(r"(?<![\w.$}/])/(work|root|home|Users)/[A-Za-z]\w*")
PROMISE = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")
SILENCED = re.compile(r"#\s*(noqa|type:\s*ignore|nosec|pragma:\s*no\s*cover|pylint:|fmt:\s*off)(?P<rest>.*)")
WITH_REASON = re.compile(r"(:? [A-Z]+\d+(, ?[A-Z]+\d+)*|\[[\w, -]+\])\s+([-–] |# )\S+.*\w{3}")
FOREIGN = re.compile(r"(?:https?:)?//[\w-]+(?:\.[\w-]+)+[^\s\"'<>)]*")
# Names of formats, never fetched.
NAMESPACES = ("http://www.w3.org/", "https://www.w3.org/")


def committed() -> list[tuple[str, str]]:
    """Return (path, text) of everything that is text."""
    return [
        (path.as_posix(), (house.CHECKOUT / path).read_text(encoding="utf-8"))
        for path in house.files()
        if path.suffix not in BINARY
    ]


def is_vendored(path: str) -> bool:
    """Licences and code of others, taken as they are (web/data/vendored.json says whence)."""
    return "LICENSE" in path or path.endswith(("htmx.js", "axe.min.js", "sprite.svg"))


def test_no_file_names_a_package_host():
    naming = [(path, host) for path, text in committed() for host in PACKAGE_HOSTS if host in text.lower()]
    assert naming == []


def test_lock_files_hold_names_versions_and_hashes_and_no_address():
    locks = {path: text for path, text in committed() if re.search(r"requirements.*\.(lock|txt)$", path)}
    assert {"requirements.lock", "requirements-dev.lock"} <= set(locks)
    for path, text in locks.items():
        pinned = re.findall(r"^[a-zA-Z0-9._-]+==\S+", text, re.MULTILINE)
        assert len(pinned) > 20, path
        assert text.count("--hash=sha256:") >= len(pinned), path
        assert "://" not in text, path
        assert not INDEXES.search(text), path


def test_no_installer_is_sent_to_a_host_of_somebodys_choosing():
    configuring = [
        path
        for path, text in committed()
        if re.search(
            r"(^|/)(pyproject\.toml|Makefile|\.npmrc|package(-lock)?\.json|pip\.conf|uv\.toml)$", path
        )
        and INDEXES.search(text)
    ]
    assert configuring == []


def test_no_file_holds_a_path_of_somebodys_machine():
    assert [
        (path, found.group()) for path, text in committed() for found in MACHINE_PATH.finditer(text)
    ] == []


def test_nothing_is_promised_in_a_comment():
    promises = [
        (path, found.group())
        for path, text in committed()
        if not is_vendored(path) and "/data/" not in path
        for found in PROMISE.finditer(text)
    ]
    assert promises == []


def test_whoever_silences_a_check_says_why_on_the_line():
    silent = [
        f"{path}:{number}: {line.strip()}"
        for path, text in house.texts(".py")
        if path != "tests/architecture/test_repository.py"
        for number, line in enumerate(text.splitlines(), start=1)
        for found in SILENCED.finditer(line)
        if not line.lstrip().startswith("# ruff:") and not WITH_REASON.match(found["rest"])
    ]
    assert silent == []


def test_a_silenced_check_without_a_reason_would_be_found():
    for reason in (
        ": S608 - a constant",
        "[attr-defined]  # read by doors",
        " B608 - a constant",
        ": ARG001, ARG002 - Django's",
    ):
        assert WITH_REASON.match(reason), reason
    for none in ("", ": S608", "[attr-defined]", ": S608 - ", "[misc] # x"):
        assert not WITH_REASON.match(none), none


def test_pages_fetch_nothing_from_elsewhere():
    fetched = [
        (path, address)
        for path, text in house.texts(".html", ".css", ".js", ".svg", ".json", under="src/groundswell/")
        if "/templates/" in path or "/static/" in path
        for address in FOREIGN.findall(text)
        if not is_vendored(path) and not address.startswith(NAMESPACES)
    ]
    assert fetched == []


def test_pages_carry_no_inline_script_and_no_inline_style():
    inline = re.compile(r"<style\b|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
    found = [
        (path, hit.group())
        for path, text in house.texts(".html", under="src/groundswell/")
        for hit in inline.finditer(text)
    ]
    assert found == []


def test_no_page_mutes_the_escaping():
    loud = re.compile(r"\|\s*safe\b|autoescape\s+off|mark_safe")
    assert [path for path, text in house.texts(".html", under="src/") if loud.search(text)] == []


def test_code_calls_safe_only_nothing_and_what_a_template_made():
    loud = [
        f"{path}: {ast.unparse(call)[:80]}"
        for path, tree in house.code().items()
        for call in house.calls(tree)
        if house.last_name(call.func) in {"mark_safe", "SafeString"}
        and ast.unparse(call.args[0]) != "''"
        and not ast.unparse(call.args[0]).startswith("render_to_string(")
    ]
    assert loud == []


def test_every_module_of_the_tests_has_a_name_of_its_own():
    """Tests are no package, so two files of one name shadow each other and pytest stops."""
    names = [path.name for path in house.files() if path.parts[0] == "tests" and path.suffix == ".py"]
    assert sorted({name for name in names if names.count(name) > 1} - {"conftest.py"}) == []
