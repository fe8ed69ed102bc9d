# ruff: noqa: INP001 - programs of the Makefile, not a package
"""Fail when a model differs from what its migrations make. No database is asked."""

import os
import sys
import tempfile
import warnings


def main() -> int:
    """Return 0 when no migration is missing, 1 with their outline otherwise."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "groundswell.site.settings"
    with tempfile.TemporaryDirectory() as home:
        os.environ["GROUNDSWELL_HOME"] = home
        import django
        from django.conf import settings
        from django.core.management import call_command

        settings.DATABASES["default"]["OPTIONS"] = {}  # no pool, which would try again and again
        django.setup()
        # Django would like to compare with a database's history; there is none here.
        warnings.filterwarnings("ignore", message="Got an error checking a consistent migration history")
        try:
            call_command("makemigrations", check_changes=True, dry_run=True, verbosity=1)
        except SystemExit as refused:
            return int(refused.code or 0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
