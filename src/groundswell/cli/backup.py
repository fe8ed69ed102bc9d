"""`groundswell backup`: write an encrypted backup, and remove those that have expired."""

import argparse
import datetime as dt
import json
import sys
from pathlib import Path

from groundswell.cli import typed
from groundswell.cli.joined import joined
from groundswell.ground import backup


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--to", type=typed.name, metavar="DIRECTORY", help="instead of GROUNDSWELL_BACKUP_DIR"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text (default) or json")


def run(options: argparse.Namespace) -> int:
    """Write both files and print where they are."""
    with joined() as installation:
        folder = Path(options.to).absolute() if options.to else installation.environment.backups
        at = dt.datetime.now(dt.UTC).replace(microsecond=0)
        written = backup.write(installation.cluster, installation.keys, folder, at)
    if options.format == "json":
        content = {
            "data": str(written.data),
            "keys": str(written.keys),
            "expired": [str(path) for path in written.expired],
        }
        sys.stdout.write(json.dumps(content) + "\n")
        return 0
    sys.stdout.write(
        f"Data:  {written.data} ({written.data.stat().st_size:,} bytes; kept {backup.KEEP_DAYS} days)\n"
        f"Keys:  {written.keys} (kept {backup.KEEP_KEY_DAYS} days; store it apart from the data)\n"
    )
    for path in written.expired:
        sys.stdout.write(f"Removed, expired: {path}\n")
    sys.stdout.write("Both are useless without the key file keys.json: keep a copy of it in another place.\n")
    return 0
