"""`groundswell restore`: put a backup into an empty installation."""

import argparse
import sys
from pathlib import Path

from groundswell.cli.errors import CommandError
from groundswell.cli.joined import joined, pending
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
    if bool(options.keys) == options.without_keys:
        raise CommandError(
            "usage",
            "groundswell restore: name the file of the keys with --keys, or say --without-keys.",
            "--keys",
        )
    _require_key_file()
    prepare_installed_server()
    with joined(make=True) as installation:
        restore.restore(
            installation.cluster,
            installation.keys,
            Path(options.file),
            Path(options.keys) if options.keys else None,
        )
        due = pending()
        migrate(installation.cluster)
    more = f", and {len(due)} migrations of this release were applied" if due else ""
    sys.stdout.write(f"The backup {options.file} is restored{more}.\n")
    return 0


def _require_key_file() -> None:
    """Refuse a home without a key file: a new one could open nothing."""
    from groundswell.cli.joined import refusals

    with refusals():
        settings = environment.load()
        if not keys.path(settings).exists():
            raise CommandError(
                "key",
                f"There is no key file {keys.path(settings)}: "
                "copy the keys.json of the installation that wrote the backup there first.",
            )
