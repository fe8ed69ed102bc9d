"""The catalogues of what people read: gathered from the sources, compiled for the pages, by Babel.

    python -m groundswell.web.catalogues            compile every locale/*/LC_MESSAGES/django.po
    python -m groundswell.web.catalogues gather     bring the .po files up to date with the sources first

No gettext of the system is needed.
"""

import ast
import functools
import os
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PACKAGE: Final = Path(__file__).resolve().parent.parent
LOCALE: Final = PACKAGE / "locale"
_WORDS: Final = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")),
    "ngettext": (1, 2),
    # `calc` knows no gettext: whoever shows one of its refusals translates it.
    **dict.fromkeys(("InputError", "RuleError", "TieError", "Words")),
}
_LITERAL: Final = r"""u?'(?:\\.|[^'\\])*'|u?"(?:\\.|[^"\\])*\""""
# `_("…")` is how a tag hands words on: {% include "…" with label=_("…") %}.
_CALL: Final = re.compile(rf"\b(n?gettext|_)\(({_LITERAL})(?:, ({_LITERAL}))?")

Found = tuple[str, int, str | tuple[str, str]]


def catalogue_paths() -> list[Path]:
    """Return every catalogue there is."""
    return sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))


def read(path: Path) -> Catalog:
    """Return the catalogue of a .po file."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


@functools.cache  # the sources do not change while a process runs, and reading them takes half a second
def gathered() -> Catalog:
    """Return all messages that the sources hold, with the files they stand in."""
    catalogue = Catalog(project="Groundswell", charset="utf-8")
    for name, _line, message in sorted([*_in_python(), *_in_templates()], key=lambda one: one[:2]):
        # Without line numbers: a catalogue changes when a sentence does, not when a line moves.
        catalogue.add(message, locations=[(name, None)])  # type: ignore[list-item]  # Babel writes such a place without a line
    return catalogue


def _in_python() -> Iterable[Found]:
    for name, line, message, _comments, _context in extract_from_dir(
        PACKAGE, method_map=[("**.py", "python")], keywords=_WORDS
    ):
        yield name, line, message if isinstance(message, str) else (message[0], message[1])


def _in_templates() -> Iterable[Found]:
    for path in sorted(PACKAGE.glob("*/templates/**/*.*")):
        for line, message in in_template(path.read_text(encoding="utf-8")):
            yield str(path.relative_to(PACKAGE)), line, message


def in_template(source: str) -> list[tuple[int, str | tuple[str, str]]]:
    """Return the messages of a Django template with their lines, by Django's own reading of it."""
    written = templatize(source)
    found: list[tuple[int, str | tuple[str, str]]] = []
    for match in _CALL.finditer(written):
        one, several = (ast.literal_eval(part) if part else "" for part in match.group(2, 3))
        line = written.count("\n", 0, match.start()) + 1
        found.append((line, (one, several) if match[1] == "ngettext" else one))
    return found


def gather() -> None:
    """Bring every catalogue up to date with the sources: new messages empty, gone ones dropped."""
    template = gathered()
    for path in catalogue_paths():
        catalogue = read(path)
        # Its date stays: a new one tells nobody anything and makes every two branches conflict.
        catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
        catalogue.obsolete.clear()
        with path.open("wb") as file:
            write_po(file, catalogue, width=100, sort_output=True, omit_header=False, include_previous=False)


def compile_all() -> int:
    """Compile every catalogue beside its source; return how many."""
    return compile_some(catalogue_paths())


def compile_some(paths: Sequence[Path]) -> int:
    """Compile catalogues beside their sources, each whole or not at all; return how many."""
    for path in paths:
        partial = path.with_suffix(f".{os.getpid()}.partial")
        with partial.open("wb") as file:
            write_mo(file, read(path))
        partial.replace(path.with_suffix(".mo"))
    return len(paths)


def wanting(path: Path) -> list[str]:
    """Return the messages of a catalogue that are untranslated, fuzzy, gone from the sources or not in it."""
    catalogue, template = read(path), gathered()
    there = {_key(message) for message in catalogue if message.id}
    wanted = {_key(message) for message in template if message.id}
    empty = {_key(message) for message in catalogue if message.id and (message.fuzzy or not _filled(message))}
    return sorted(empty | (wanted ^ there))


def _filled(message: Message) -> bool:
    strings = [message.string] if isinstance(message.string, str) else list(message.string or [""])
    return all(strings)


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else str(message.id[0])


def main(words: Sequence[str]) -> int:
    """Gather when asked to, then compile."""
    if list(words) == ["gather"]:
        gather()
    elif words:
        sys.stderr.write("usage: python -m groundswell.web.catalogues [gather]\n")
        return 2
    compile_all()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
