"""Write docs/rooms.md from the contracts and the code: `python tests/architecture/rooms_page.py`."""

import ast
import sys

import house

PAGE = house.CHECKOUT / "docs" / "rooms.md"
HEAD = """\
# The rooms of the house

Generated from the contracts in `pyproject.toml` and from the code, and held by a test:
`.venv/bin/python tests/architecture/rooms_page.py`.

Imports point down only, and rooms of one level do not know each other: `lint-imports` says so at every
check, and `tests/architecture/` says the same of foreign keys. A lower room reaches up only through the lists
in its `hooks.py` and `slots.py`, which rooms above fill when they are ready. Rooms with a dash do not exist
yet: they are named so that their place is known.

| level | room | what it is for | tables | imports |
|---:|---|---|---|---|
"""
MODEL_BASES = {"Model", "Recorded", "AbstractBaseUser"}


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")
    return 0


def page() -> str:
    """Return the page as it should stand."""
    lines = house.lines_of_rooms()
    rows = [row(room, len(lines) - 1 - place) for place, line in enumerate(lines) for room in sorted(line)]
    return HEAD + "\n".join(rows) + "\n"


def row(room: str, level: int) -> str:
    """Return a room's line; an em dash for one that does not exist yet."""
    if room not in house.rooms():
        return f"| {level} | `{room}` | — | | |"
    said = (ast.get_docstring(house.code()[f"{room}/__init__.py"]) or "").split("\n\n")[0].replace("\n", " ")
    return f"| {level} | `{room}` | {said} | {', '.join(tables(room))} | {', '.join(imported(room))} |"


def tables(room: str) -> list[str]:
    """Return the names of the room's models, as they are read."""
    return [
        node.name
        for path, tree in sorted(house.code().items())
        if path == f"{room}/models.py" or path.startswith(f"{room}/models/")
        for node in tree.body
        if isinstance(node, ast.ClassDef)
        and MODEL_BASES & {ast.unparse(base).rpartition(".")[2] for base in node.bases}
        and "abstract = True" not in ast.unparse(node)
    ]


def imported(room: str) -> list[str]:
    """Return the rooms whose modules this one imports, the highest first."""
    found = {
        f"{module}.{name}".split(".")[1]
        for path, tree in house.code().items()
        if house.room_of(path) == room
        for module, name in house.imports(tree)
        if module.partition(".")[0] == "groundswell"
    }
    return sorted((found & set(house.rooms())) - {room}, key=lambda one: (-house.level(one), one))


if __name__ == "__main__":
    sys.exit(main())
