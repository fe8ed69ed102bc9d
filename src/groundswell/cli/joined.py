"""What most commands begin with: the settings read, the key ring fitting, the database up, Django ready."""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass

from groundswell.cli.errors import CommandError
from groundswell.ground import cluster, collector, environment, errors, keys, language, processes
from groundswell.ground.errors import GroundProblem
from groundswell.ground.language import gettext as _
from groundswell.ground.language import ngettext


@dataclass(frozen=True, slots=True)
class Joined:
    """An installation in use by a command."""

    environment: environment.Environment
    cluster: cluster.Cluster
    keys: keys.KeyRing


@contextlib.contextmanager
def refusals() -> Iterator[None]:
    """Turn a problem of the machine into the refusal of a command: one sentence, exit 2."""
    try:
        yield
    except GroundProblem as problem:
        raise CommandError(problem.code, problem.sentence) from problem
    except Exception as fault:
        known = errors.of_exception(fault)
        if known is None or isinstance(fault, CommandError):
            raise
        raise CommandError(known.code, known.sentence) from fault


@contextlib.contextmanager
def joined(*, make: bool = False, keep: bool = False, remember: bool = True) -> Iterator[Joined]:
    """Start or join the database and set Django up; leave the server as it was found.

    `make` lets a home that holds nothing yet be made (keys, server, roles); without it such a home
    is refused, and so is a database whose migrations are not those of this release. What was made
    remembers its key ring, unless `remember` leaves that to whoever restores, who alone may also find a
    restore unfinished. `keep` starts the server
    again should it die meanwhile. A signal unwinds the block. Raises CommandError.
    """
    with refusals(), processes.ending_on_signals():
        settings = environment.load()
        ring = _existing_or_new(settings) if make else _existing(settings)
        with cluster.cluster(settings, make=make, keep=keep) as running, _asked_why(running):
            set_django_up()
            if make:
                require_keys(running, ring)
                if remember:
                    _require_usable(running)
                    remember_keys(running, ring)
            else:
                _require_ready(running, ring)
            yield Joined(settings, running, ring)


@contextlib.contextmanager
def _asked_why(running: cluster.Cluster) -> Iterator[None]:
    """Say why the pool got no connection: the server has ended, or says itself what is wrong, a full disk."""
    try:
        yield
    except Exception as fault:
        if errors.gives_no_reason(fault):
            import psycopg

            cluster.require_running(running.environment)
            psycopg.connect(**running.parameters("gs_app"), connect_timeout=10).close()
        raise


def require_begun(settings: environment.Environment) -> None:
    """Refuse a home in which nothing has been made."""
    known = (keys.path(settings), settings.home / "key-fingerprint.json")
    if cluster.made(settings) or any(path.exists() for path in known):
        return
    raise CommandError(
        "not-set-up",
        _(
            "There is no installation in %(home)s: `groundswell found` makes your own, `groundswell "
            "demo` an example, and GROUNDSWELL_HOME names another place."
        )
        % {"home": settings.home},
    )


def require_demo_kept_here(settings: environment.Environment) -> None:
    """Let nobody else reach a demo: people are invented, and its passwords stand in a file to be read."""
    if settings.public_url is not None or not settings.embedded:
        raise CommandError(
            "demo", _("The demo runs in a home of its own: unset GROUNDSWELL_PUBLIC_URL and …_DATABASE_URL.")
        )
    if not settings.local:
        raise CommandError(
            "demo",
            _(
                "The demo listens on localhost only, not on %(host)s: unset GROUNDSWELL_HOST. For an "
                "organisation of your own `groundswell found` and `groundswell serve` heed it."
            )
            % {"host": settings.host},
            "GROUNDSWELL_HOST",
        )


def pending() -> list[str]:
    """Return the migrations of this release that the database has not had; Django must be set up."""
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections["owner"])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    connections["owner"].close()
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def expected_migrations() -> frozenset[tuple[str, str]]:
    """Return the migrations of this release; Django must be set up."""
    from django.db.migrations.loader import MigrationLoader

    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def _existing(settings: environment.Environment) -> keys.KeyRing:
    """Return the key ring of a home that has been made."""
    require_begun(settings)
    return keys.load_or_make(settings)


def _existing_or_new(settings: environment.Environment) -> keys.KeyRing:
    """Return the key ring, made for a home and a database that have none."""
    if not settings.embedded and not keys.path(settings).exists():
        import psycopg

        # An installed server's database may be in use although this home is a new one.
        with (
            cluster.cluster(settings) as running,
            psycopg.connect(**running.parameters("gs_app"), autocommit=True) as app,
        ):
            keys.require_unclaimed(app, settings)
    return keys.load_or_make(settings)


def set_django_up() -> None:
    """Load every room's models and settings; a GroundProblem when the key file is damaged.

    The rooms speak the language of the command from then on.
    """
    os.environ["DJANGO_SETTINGS_MODULE"] = "groundswell.site.settings"
    with collector.resting(for_good=True):
        import django

        django.setup()
    if language.spoken() != language.ENGLISH:
        from django.utils import translation

        translation.activate(language.spoken())


def remember_keys(running: cluster.Cluster, ring: keys.KeyRing) -> None:
    """Let database and home remember this key ring; raises a GroundProblem when they know another."""
    import psycopg

    cluster.require_role(running.environment, "gs_owner")
    with psycopg.connect(**running.parameters("gs_owner")) as owner:
        keys.remember(owner, running.environment, ring)


def require_keys(running: cluster.Cluster, ring: keys.KeyRing) -> None:
    """Refuse a key ring that is not the one of this database; raises a GroundProblem."""
    import psycopg

    with psycopg.connect(**running.parameters("gs_app"), autocommit=True) as app:
        keys.require_fit(app, running.environment, ring)


def _require_usable(running: cluster.Cluster) -> None:
    """Refuse a database whose restore has not come to its end, and one that a newer release has changed."""
    import psycopg

    from groundswell.ground import checks

    with psycopg.connect(**running.parameters("gs_app"), autocommit=True) as app:
        unfinished = checks.unfinished_restore(app)
        newer = checks.newer_release(app, expected_migrations())
    if unfinished:
        raise CommandError("unfinished-restore", unfinished)
    if newer:
        raise CommandError("newer-release", newer)


def _require_ready(running: cluster.Cluster, ring: keys.KeyRing) -> None:
    import psycopg

    from groundswell.ground import checks

    require_keys(running, ring)
    _require_usable(running)
    with psycopg.connect(**running.parameters("gs_app"), autocommit=True) as app:
        missing = checks.missing_migrations(app, expected_migrations())
    if missing:
        raise CommandError(
            "migrations",
            ngettext(
                "The database lacks one migration of this release (%(first)s): run `groundswell migrate`.",
                "The database lacks %(number)s migrations of this release (%(first)s, …): run "
                "`groundswell migrate`.",
                len(missing),
            )
            % {"number": len(missing), "first": missing[0]},
        )
