"""`groundswell backup`: write an encrypted backup, and remove those that have expired."""

import argparse
import datetime as dt
import json
import sys
from pathlib import Path

from groundswell.cli import typed
from groundswell.cli.joined import joined
from groundswell.ground import backup
from groundswell.ground.language import gettext as _


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--to", type=typed.name, metavar="DIRECTORY", help=_("instead of GROUNDSWELL_BACKUP_DIR")
    )
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help=_("text (default) or json")
    )


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
        _("Data:  %(path)s (%(size)s bytes; kept %(days)s days)")
        % {"path": written.data, "size": written.data.stat().st_size, "days": backup.KEEP_DAYS}
        + "\n"
        + _("Keys:  %(path)s (kept %(days)s days; store it apart from the data)")
        % {"path": written.keys, "days": backup.KEEP_KEY_DAYS}
        + "\n"
    )
    for path in written.expired:
        sys.stdout.write(_("Removed, expired: %(path)s") % {"path": path} + "\n")
    sys.stdout.write(
        _("Both are useless without the key file keys.json: keep a copy of it in another place.") + "\n"
    )
    return 0
