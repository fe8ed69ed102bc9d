"""Which word starts which command, and how a refusal reaches the user."""

import argparse
import importlib
import itertools
import json
import logging
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Final, NoReturn

from groundswell.cli.errors import CommandError

# word -> (module, one line of help). A command module offers `add_arguments(parser)` and
# `run(options) -> int`; it is imported only when its word is used.
COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "demo": ("groundswell.cli.demo", "the example organisation on this machine, ready to click through"),
    "found": ("groundswell.cli.found", "found an organisation of your own on an empty database"),
    "serve": ("groundswell.cli.serve", "the web server"),
    "worker": ("groundswell.cli.worker", "the background jobs"),
    "migrate": ("groundswell.cli.migrate", "make the database, or bring it up to this release"),
    "doctor": ("groundswell.cli.doctor", "check the installation and say what to mend"),
    "rescue": (
        "groundswell.cli.rescue",
        "give a secretary where none is left, or a way in that is lost",
    ),
    "backup": ("groundswell.cli.backup", "write an encrypted backup"),
    "restore": ("groundswell.cli.restore", "restore a backup into an empty installation"),
    "report": ("groundswell.cli.report", "the organisational report as JSON, values or text"),
    "import": (
        "groundswell.cli.importing",
        "bring in a list of people or an organisation, or undo an import",
    ),
    "export": ("groundswell.cli.leaving", "write the whole organisation into an open directory"),
    "person": ("groundswell.cli.person", "hand out what is held of a person, or erase her"),
    "count": ("groundswell.cli.count", "count the ballots of a file by a named rule"),
    "duplicates": ("groundswell.cli.duplicates", "who stands in a list twice, or in two lists"),
    "apportion": ("groundswell.cli.apportion", "share out seats by a named rule"),
}

USAGE_EXIT: Final = 2
SERVERS: Final = ("serve", "worker")


class _Parser(argparse.ArgumentParser):
    """An argument parser whose refusal is one sentence and exit 2."""

    def error(self, message: str) -> NoReturn:
        raise CommandError("usage", f"{self.prog}: {message}.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status (0 done, 1 a check failed, 2 usage or input)."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        options, command = _parse(words)
        if words[0] not in SERVERS:
            # A command says in one sentence what went wrong; the pool's log beside it is for servers.
            logging.getLogger("psycopg.pool").setLevel(logging.ERROR)
        return int(command.run(options))
    except CommandError as refusal:
        return _refuse(refusal, as_json=_wants_json(words))


def _parse(words: Sequence[str]) -> tuple[argparse.Namespace, ModuleType]:
    if not words or words[0] in {"-h", "--help"}:
        _print_help()
        raise SystemExit(0 if words else USAGE_EXIT)
    word = words[0]
    if word not in COMMANDS:
        raise CommandError(
            "usage", f"groundswell: there is no command “{word}”; `groundswell --help` lists them."
        )
    module = importlib.import_module(COMMANDS[word][0])
    parser = _Parser(prog=f"groundswell {word}", description=COMMANDS[word][1])
    module.add_arguments(parser)
    return parser.parse_args(list(words[1:])), module


def _print_help() -> None:
    width = max(map(len, COMMANDS))
    lines = [f"  {word:<{width}}  {help_line}" for word, (_, help_line) in COMMANDS.items()]
    sys.stdout.write("usage: groundswell COMMAND …\n\n" + "\n".join(lines) + "\n")


def _wants_json(words: Sequence[str]) -> bool:
    return "--format=json" in words or any(pair == ("--format", "json") for pair in itertools.pairwise(words))


def _refuse(refusal: CommandError, *, as_json: bool) -> int:
    sys.stderr.write(f"{refusal.message}\n")
    if as_json:
        error = {"code": refusal.code, "message": refusal.message, "where": refusal.where}
        sys.stdout.write(json.dumps({"error": error}, ensure_ascii=False) + "\n")
    return USAGE_EXIT
