"""What the house's own tests look at: its files, its rooms, their code as a syntax tree."""

import ast
import functools
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

from groundswell.ground import collector

CHECKOUT = Path(__file__).resolve().parent.parent.parent
PACKAGE = CHECKOUT / "src" / "groundswell"
# Not Django apps: they have neither tables nor pages.
PLAIN_ROOMS = {"calc", "ground", "cli"}


@functools.cache
def files() -> tuple[Path, ...]:
    """Return what is committed, or would be by `git add .`, relative to the checkout."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=CHECKOUT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return tuple(path for path in map(Path, listed.rstrip("\0").split("\0")) if (CHECKOUT / path).is_file())


def texts(*suffixes: str, under: str = "") -> Iterator[tuple[str, str]]:
    """Yield (path, text) of the files that end so, below a folder of the checkout."""
    for path in files():
        if path.suffix in suffixes and path.as_posix().startswith(under):
            yield path.as_posix(), (CHECKOUT / path).read_text(encoding="utf-8")


@functools.cache
def code() -> dict[str, ast.Module]:
    """Return the syntax tree of every module of the house, by its path below the package."""
    with collector.resting():
        return {
            path.removeprefix("src/groundswell/"): ast.parse(text)
            for path, text in texts(".py", under="src/groundswell/")
        }


def tree(path: str, text: str) -> ast.Module:
    """Return the syntax tree of a committed file of Python; those of the house are kept."""
    return code().get(path.removeprefix("src/groundswell/")) or ast.parse(text)


def room_of(path: str) -> str:
    """Return the room of a path below the package ('' for the package's own files)."""
    return path.partition("/")[0] if "/" in path else ""


def rooms() -> list[str]:
    """Return the rooms that exist."""
    return sorted({room_of(path) for path in code()} - {""})


@functools.cache
def contracts() -> dict[str, dict[str, object]]:
    """Return import-linter's contracts, by their id."""
    content = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    return {one["id"]: one for one in content["tool"]["importlinter"]["contracts"]}


def lines_of_rooms() -> list[list[str]]:
    """Return the rooms line by line, from the top down, with those that do not exist yet."""
    return [[room.strip(" ()") for room in line.split("|")] for line in contracts()["rooms"]["layers"]]


@functools.cache
def level(room: str) -> int:
    """Return the level of a room, 0 at the bottom."""
    lines = lines_of_rooms()
    return next(len(lines) - 1 - place for place, line in enumerate(lines) if room in line)


def imports(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield (module, name) of everything imported anywhere in a module; the name is '' for a module."""
    for node in statements(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name) for alias in node.names)


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """Yield every call in a module."""
    return (node for node in nodes(tree) if isinstance(node, ast.Call))


def last_name(called: ast.expr) -> str:
    """Return the last name of what is called: `c` of `a.b.c()`."""
    return str(getattr(called, "attr", getattr(called, "id", "")))


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function and method in a module."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return (node for node in statements(tree) if isinstance(node, kinds))


def statements(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield what a module is made of down to its statements, without what stands in them."""
    found = [tree]
    for node in found:
        yield node
        for part in ("body", "orelse", "finalbody", "handlers", "cases"):
            within = getattr(node, part, ())
            if isinstance(within, list):  # and no expression, as after `lambda`
                found.extend(within)


@functools.cache
def nodes(tree: ast.AST) -> tuple[ast.AST, ...]:
    """Return all nodes of a tree in the order of `ast.walk`, which is four times as slow, and only once."""
    found = [tree]
    for node in found:
        for part in vars(node).values():
            if isinstance(part, list):
                found.extend([one for one in part if isinstance(one, ast.AST)])
            elif isinstance(part, ast.AST):
                found.append(part)
    return tuple(found)
