"""`groundswell migrate`: make the installation if need be, and bring the database up to this release."""

import argparse
import sys

from groundswell.cli import streams
from groundswell.cli.errors import CommandError
from groundswell.cli.joined import joined, pending
from groundswell.cli.mending import put_back
from groundswell.ground import cluster, collector
from groundswell.ground.cluster import Cluster
from groundswell.ground.language import gettext as _
from groundswell.ground.language import ngettext


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--check", action="store_true", help=_("change nothing; exit 1 when migrations are due")
    )


def run(options: argparse.Namespace) -> int:
    """Bring the database up to this release; print what was done."""
    prepare_installed_server()
    with joined(make=True) as installation:
        if options.check:
            due = pending()
            streams.answer("".join(f"{name}\n" for name in due))
            return 1 if due else 0
        applied = migrate(installation.cluster)
        again = put_back(installation.cluster)
    for one in again:
        streams.say(_("Was not as it must be, and is now: %(what)s") % {"what": one})
    sys.stdout.write(
        ngettext("One migration applied.", "%(number)s migrations applied.", len(applied))
        % {"number": len(applied)}
        + "\n"
        if applied
        else _("Nothing to do.") + "\n"
    )
    return 0


def migrate(running: Cluster) -> list[str]:
    """Apply every migration as gs_owner and put the gate's key in place; return what was applied.

    Django must be set up. Whoever migrates meanwhile is waited for, and has then applied them all.
    """
    from django.core.management import call_command
    from django.db import connections

    from groundswell.access import gate
    from groundswell.cli.migrating import whole

    with cluster.tables_to_itself(running):
        due = pending()
        # Also when no migration is due: a restored database has no operator until its keys are put in place.
        gate.prepare_migrations(connections["owner"])
        with collector.resting(), whole():
            call_command("migrate", database="owner", verbosity=0, interactive=False)
        connections["owner"].close()
    return due


def prepare_installed_server() -> None:
    """Make the roles and the database on an installed server, when a superuser's address is set."""
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    from groundswell.cli.joined import refusals
    from groundswell.ground import environment, roles

    with refusals():
        settings = environment.load()
    if settings.embedded or settings.superuser_database_url is None:
        return
    urls = {
        "gs_app": settings.database_url,
        "gs_owner": settings.owner_database_url,
        "gs_backup": settings.backup_database_url,
    }
    given = {role: conninfo_to_dict(url) for role, url in urls.items() if url}
    for role, parameters in given.items():
        if parameters.get("user") != role or not parameters.get("password"):
            raise CommandError(
                "environment",
                _("The address for %(role)s must sign in as %(role)s with a password.") % {"role": role},
            )
    name = str(given["gs_app"].get("dbname", roles.DATABASE))
    try:
        with psycopg.connect(settings.superuser_database_url, autocommit=True) as superuser:
            superuser.execute("select pg_advisory_lock(%s)", [roles.TABLES_LOCK])
            roles.prepare_roles(superuser, {role: str(p["password"]) for role, p in given.items()})
            if not superuser.execute("select from pg_database where datname = %s", [name]).fetchall():
                roles.create_database(superuser, name)
            with psycopg.connect(settings.superuser_database_url, dbname=name) as inside:
                roles.prepare_database(inside)
    except psycopg.Error as problem:
        raise CommandError(
            "database",
            _("The roles cannot be made on the installed server: %(said)s")
            % {"said": str(problem).splitlines()[0]},
        ) from problem
