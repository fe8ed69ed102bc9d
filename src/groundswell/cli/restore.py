"""`groundswell restore`: put a backup into an empty installation."""

import argparse
import sys
from pathlib import Path

from groundswell.cli.errors import CommandError
from groundswell.cli.joined import joined, refusals, remember_keys
from groundswell.cli.migrate import migrate, prepare_installed_server
from groundswell.ground import environment, keys, restore


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("file", help="the file of the data, groundswell-….backup")
    parser.add_argument("--keys", metavar="FILE", help="the file of the persons' keys, groundswell-….keys")
    parser.add_argument(
        "--without-keys", action="store_true", help="restore although what was encrypted stays unreadable"
    )


def run(options: argparse.Namespace) -> int:
    """Restore both files, bring the database up to this release, and say so."""
    _require_one_of(options)
    data, persons = Path(options.file), Path(options.keys) if options.keys else None
    _require_fit(data, persons)
    prepare_installed_server()
    # What is refused must leave the home free for other keys: they are remembered once they have fitted.
    with joined(make=True, remember=False) as installation:
        restore.restore(installation.cluster, installation.keys, data, persons)
        remember_keys(installation.cluster, installation.keys)
        applied = migrate(installation.cluster)
    more = f", and {len(applied)} migrations of this release were applied" if applied else ""
    sys.stdout.write(f"The backup {options.file} is restored{more}.\n")
    return 0


def _require_one_of(options: argparse.Namespace) -> None:
    if options.keys and options.without_keys:
        sentence = "--keys and --without-keys contradict each other; say one of them."
    elif not options.keys and not options.without_keys:
        sentence = "name the file of the keys with --keys, or say --without-keys."
    else:
        return
    raise CommandError("usage", f"groundswell restore: {sentence}", "--keys")


def _require_fit(data: Path, persons: Path | None) -> None:
    """Refuse files that this home's keys do not open, before anything is made.

    A home without a key file is refused too: a new one could open nothing.
    """
    with refusals():
        settings = environment.load()
        ring = keys.load_if_there(settings)
        if ring is None:
            raise CommandError(
                "key",
                f"There is no key file {keys.path(settings)}: "
                "copy the keys.json of the installation that wrote the backup there first.",
            )
        restore.require_whole(ring, data, persons)
