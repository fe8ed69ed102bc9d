"""Which word starts which command, and how a refusal reaches the user."""

import argparse
import errno
import importlib
import itertools
import json
import logging
import signal
import sys
import textwrap
from collections.abc import Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Final, NoReturn

from groundswell.cli import streams
from groundswell.cli.errors import CommandError
from groundswell.ground import language, unheard
from groundswell.ground.language import gettext as _
from groundswell.ground.language import gettext_noop, of_machine

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

# word -> (module, one line of help). A command module offers `add_arguments(parser)` and
# `run(options) -> int`; it is imported only when its word is used.
COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "demo": (
        "groundswell.cli.demo",
        gettext_noop("the example organisation on this machine, ready to click through"),
    ),
    "found": (
        "groundswell.cli.found",
        gettext_noop("found an organisation of your own on an empty database"),
    ),
    "serve": ("groundswell.cli.serve", gettext_noop("the web server, where PORT and GROUNDSWELL_HOST say")),
    "worker": ("groundswell.cli.worker", gettext_noop("the background jobs, beside the web server")),
    "migrate": ("groundswell.cli.migrate", gettext_noop("make the database, or bring it up to this release")),
    "doctor": ("groundswell.cli.doctor", gettext_noop("check the installation and say what to mend")),
    "rescue": (
        "groundswell.cli.rescue",
        gettext_noop("give a secretary where none is left, or a way in that is lost"),
    ),
    "backup": ("groundswell.cli.backup", gettext_noop("write an encrypted backup")),
    "restore": ("groundswell.cli.restore", gettext_noop("restore a backup into an empty installation")),
    "report": ("groundswell.cli.report", gettext_noop("the organisational report as JSON, values or text")),
    "import": (
        "groundswell.cli.importing",
        gettext_noop("bring in a list of people or an organisation, or undo an import"),
    ),
    "export": (
        "groundswell.cli.leaving",
        gettext_noop("write the whole organisation into an open directory"),
    ),
    "person": ("groundswell.cli.person", gettext_noop("hand out what is held of a person, or erase her")),
    "count": ("groundswell.cli.count", gettext_noop("count the ballots of a file by a named rule")),
    "duplicates": ("groundswell.cli.duplicates", gettext_noop("who stands in a list twice, or in two lists")),
    "apportion": ("groundswell.cli.apportion", gettext_noop("share out seats by a named rule")),
}

_USAGE: Final = gettext_noop("usage: groundswell [-h] COMMAND …")
_FOOT: Final = gettext_noop(
    "`groundswell COMMAND --help` lists the options of a command. Settings come from the environment: "
    "docs/running/configuration.md in the source."
)
_EXITS: Final = gettext_noop(
    "exit status: 0 done; 1 a check failed; 2 usage or input, or the answer cannot be written; "
    "130 or 143 ended by a signal; 141 nobody reads the answer"
)
_COLUMNS: Final = 79
USAGE_EXIT: Final = 2
FAULT_EXIT: Final = 1
INTERRUPTED_EXIT: Final = 130  # as a shell counts: 128 and the number of the signal, here of Ctrl-C
UNHEARD_EXIT: Final = 141  # and here of the one for a pipe that nobody reads any more
SERVERS: Final = ("serve", "worker")
# What argparse says quotes what was typed, however long it is.
_LONGEST_MESSAGE: Final = 300


class _Formatter(argparse.HelpFormatter):
    """Help whose words are broken at spaces alone: the name of a rule is copied whole."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        return textwrap.wrap(text, width, break_on_hyphens=False)


class _Parser(argparse.ArgumentParser):
    """An argument parser whose refusal is a sentence and exit 2; no option is guessed from its beginning."""

    def __init__(self, prog: str, description: str) -> None:
        super().__init__(
            prog=prog,
            description=description,
            epilog=_(_EXITS),
            formatter_class=_Formatter,
            allow_abbrev=False,
            exit_on_error=False,
        )

    def _print_message(self, message: str, file: "SupportsWrite[str] | None" = None) -> None:
        (file or sys.stderr).write(message)  # that it cannot be written is said, as of every answer

    def error(self, message: str) -> NoReturn:
        self.refuse(message, None)

    def refuse(self, message: str, where: str | None) -> NoReturn:
        short = message if len(message) <= _LONGEST_MESSAGE else message[:_LONGEST_MESSAGE] + "…"
        raise CommandError("usage", f"{self.prog}: {short}.", where)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status.

    0 done, 1 a check failed or the program has a fault, 2 usage or input, 130 after Ctrl-C, 141 when nobody
    reads the answer any more.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    streams.prepare()
    language.speak(language.of_environment())
    try:
        try:
            with unheard.heard(KeyboardInterrupt, lambda _: signal.SIGINT):
                return _run(words)
        finally:
            sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED_EXIT
    except BrokenPipeError:
        streams.let_go(sys.stdout, sys.stderr)
        return UNHEARD_EXIT
    except OSError as problem:
        refused = _refusal_of_machine(problem)
        return _refuse_fault(problem, words) if refused is None else _refuse(refused, words)


def _run(words: Sequence[str]) -> int:
    try:
        options, command = _parse(words)
        if words[0] not in SERVERS:
            # A command says in one sentence what went wrong; the driver's log beside it is for servers.
            logging.getLogger("psycopg").setLevel(logging.ERROR)
        return int(command.run(options))
    except CommandError as refusal:
        return _refuse(refusal, words)
    except OSError:
        raise  # of the machine, as `main` says it
    except Exception as fault:  # noqa: BLE001 - whatever it is, it is no traceback at somebody's terminal
        return _refuse_fault(fault, words)


def _parse(words: Sequence[str]) -> tuple[argparse.Namespace, ModuleType]:
    if not words:
        streams.say(_(_USAGE))
        raise CommandError("usage", _("groundswell: name a command; `groundswell --help` lists them."))
    if words[0] in {"-h", "--help"}:
        _print_help()
        raise SystemExit(0)
    word = words[0]
    if word not in COMMANDS:
        raise CommandError(
            "usage",
            _("groundswell: there is no command “%(word)s”; `groundswell --help` lists them.")
            % {"word": word},
        )
    module = importlib.import_module(COMMANDS[word][0])
    parser = _Parser(prog=f"groundswell {word}", description=_(COMMANDS[word][1]))
    module.add_arguments(parser)
    try:
        options = parser.parse_args(list(words[1:]))
    except argparse.ArgumentError as fault:
        parser.refuse(str(fault), fault.argument_name)
    _require_values(parser, options, words[1:])
    return options, module


def _require_values(parser: _Parser, options: argparse.Namespace, words: Sequence[str]) -> None:
    """Refuse an option whose value is empty: a variable of a shell that was not set, and nothing meant."""
    for before, word in itertools.pairwise(["", *words]):
        option = word.removesuffix("=") if word.strip() else before
        value = getattr(options, option.removeprefix("--").replace("-", "_"), None)
        # One without a value is true or false, and what follows it is another word.
        if option.startswith("--") and option != word and not isinstance(value, bool | None):
            said = _("%(option)s is empty; give it a value, or leave it out") % {"option": option}
            parser.refuse(said, option)


def _print_help() -> None:
    width = max(map(len, COMMANDS))
    lines = [f"  {word:<{width}}  {_(meaning)}" for word, (_module, meaning) in COMMANDS.items()]
    foot = ["", *textwrap.wrap(_(_FOOT), _COLUMNS), "", *textwrap.wrap(_(_EXITS), _COLUMNS)]
    sys.stdout.write("\n".join([_(_USAGE), "", *lines, *foot]) + "\n")


def _wants_json(words: Sequence[str]) -> bool:
    """Whether the answer is for a program; asked of the words, since what is refused may be the words."""
    return "--format=json" in words or any(pair == ("--format", "json") for pair in itertools.pairwise(words))


def _refuse(refusal: CommandError, words: Sequence[str], status: int = USAGE_EXIT) -> int:
    streams.say(streams.one_line(refusal.message))
    if _wants_json(words):
        error = {"code": refusal.code, "message": refusal.message, "where": refusal.where}
        sys.stdout.write(json.dumps({"error": error}, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    return status


def _refusal_of_machine(problem: OSError) -> CommandError | None:
    """Return what the machine refused: a file that nobody asked for by name, or to write the answer."""
    if problem.filename is not None:
        said = {"path": problem.filename, "reason": of_machine(problem)}
        return CommandError(
            "machine", _("%(path)s cannot be used: %(reason)s.") % said, str(problem.filename)
        )
    if problem.errno == errno.ENOENT:  # nothing else is looked for without a name
        return CommandError("machine", _("The directory you are in is gone: change into another."))
    if problem.errno not in streams.CANNOT_WRITE:
        return None
    streams.let_go(sys.stdout)
    return CommandError("cannot-write", streams.unwritten(problem))


def _refuse_fault(fault: Exception, words: Sequence[str]) -> int:
    """Say that a command was ended by a fault of the program; show it whole where that is asked for."""
    from groundswell.cli import faults

    if faults.are_shown():
        raise fault
    return _refuse(faults.refusal(fault, words[0] if words else ""), words, FAULT_EXIT)
