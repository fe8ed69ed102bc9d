"""`GET /healthz`: whether everything works, for whoever watches the server."""

import functools

import psycopg
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from groundswell.access.doors import PUBLIC, door
from groundswell.ground import checks

_CONNECT_SECONDS = 3
_MORE = "`groundswell doctor` says more."
_DISK = f"The disk is nearly full; {_MORE}"
_KEY_FILE = f"The key file is missing, damaged or not the one of this database; {_MORE}"
_DATABASE = f"The database does not answer; {_MORE}"
_HOME = f"The home of this installation cannot be read; {_MORE}"


@door(PUBLIC)
@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 and `ok`, or 503 and what is wrong (which names no person and no secret)."""
    del request
    problem = problem_found()
    if problem is None:
        return JsonResponse({"status": "ok"})
    return JsonResponse({"status": "failing", "reason": problem}, status=503)


def problem_found() -> str | None:
    """Return the first thing that does not work, as a sentence; None when everything does.

    Anybody may ask: neither a place on this machine nor what the database said is repeated, `doctor` does.
    A connection of its own is used: the pool may be exhausted, and it waits longer than a watcher.
    """
    environment = settings.ENVIRONMENT
    parameters = connection.get_connection_params()
    for name in ("cursor_factory", "context"):
        parameters.pop(name, None)
    try:
        if checks.disk(environment):  # first: without room the database may take no connection
            return _DISK
        with psycopg.connect(**{**parameters, "connect_timeout": _CONNECT_SECONDS}, autocommit=True) as app:
            return (
                (checks.key_file(app, environment) and _KEY_FILE)
                or checks.unfinished_restore(app)
                or checks.migrations(app, _expected_migrations())
                or checks.newer_release(app, _expected_migrations())
                or checks.worker(app)
            )
    except psycopg.Error:
        return _DATABASE
    except OSError:
        return _HOME


@functools.cache
def _expected_migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
