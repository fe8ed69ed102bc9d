"""`groundswell restore`: put a backup into an empty installation."""

import argparse
import sys
from pathlib import Path

from groundswell.cli import typed
from groundswell.cli.errors import CommandError
from groundswell.cli.joined import Joined, joined, refusals, remember_keys
from groundswell.cli.migrate import migrate, prepare_installed_server
from groundswell.ground import environment, keys, restore, sealed
from groundswell.ground.language import gettext as _
from groundswell.ground.language import ngettext


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "file", type=typed.name, metavar="FILE", help=_("the file of the data, groundswell-….backup")
    )
    parser.add_argument("--keys", metavar="FILE", help=_("the file of the persons' keys, groundswell-….keys"))
    parser.add_argument(
        "--without-keys", action="store_true", help=_("restore although what was encrypted stays unreadable")
    )


def run(options: argparse.Namespace) -> int:
    """Restore both files, bring the database up to this release, and say so."""
    _require_one_of(options)
    data, persons = Path(options.file), Path(options.keys) if options.keys else None
    older = _require_fit(data, persons)
    prepare_installed_server()
    # What is refused must leave the home free for other keys: they are remembered once they have fitted.
    applied: list[str] = []
    with joined(make=True, remember=False) as installation:
        restore.restore(
            installation.cluster,
            installation.keys,
            data,
            persons,
            then=lambda: applied.extend(_settle(installation, data)),
        )
    restored = _("The backup %(file)s is restored.")
    if applied:
        restored = ngettext(
            "The backup %(file)s is restored, and one migration of this release was applied.",
            "The backup %(file)s is restored, and %(number)s migrations of this release were applied.",
            len(applied),
        )
    again = _(
        "Whoever was erased after it was written is there again, and a consent withdrawn or an office ended"
        " since then holds again: do it anew before anybody signs in."
    )
    sys.stdout.write(restored % {"file": options.file, "number": len(applied)} + f"\n{again}\n{older}")
    return 0


def _settle(installation: Joined, data: Path) -> list[str]:
    """Do what a restored database lacks to be used by this release and this home; return the migrations."""
    remember_keys(installation.cluster, installation.keys)
    if sealed.read_header(data).get("demo"):
        environment.mark_as_demo(installation.environment)
    return migrate(installation.cluster)


def _require_one_of(options: argparse.Namespace) -> None:
    if options.keys and options.without_keys:
        sentence = _("--keys and --without-keys contradict each other; say one of them.")
    elif not options.keys and not options.without_keys:
        sentence = _("name the file of the keys with --keys, or say --without-keys.")
    else:
        return
    raise CommandError("usage", f"groundswell restore: {sentence}", "--keys")


def _require_fit(data: Path, persons: Path | None) -> str:
    """Refuse files that this home's keys do not open, before anything is made.

    A home without a key file is refused too: a new one could open nothing. Returns what is to be said of
    keys that are older than the data: of whoever came in between they open nothing.
    """
    with refusals():
        settings = environment.load()
        ring = keys.load_if_there(settings)
        if ring is None:
            raise CommandError(
                "key",
                _(
                    "There is no key file %(path)s: copy the keys.json of the installation that wrote "
                    "the backup there first."
                )
                % {"path": keys.path(settings)},
            )
        restore.require_whole(ring, data, persons)
        taken, keys_taken = (sealed.read_header(path)["taken_at"][:16] for path in (data, persons or data))
    if keys_taken >= taken:
        return ""
    return (
        _(
            "Its keys are of %(keys_taken)s and the data of %(taken)s (UTC): what was encrypted of "
            "people who came in between stays unreadable."
        )
        % {"keys_taken": keys_taken, "taken": taken}
        + "\n"
    )
