"""The database of an installation: `cluster` to use it, `connection` to know where it is.

It is the embedded server of the home (`embedded`), started or joined, and left as it was found; or
an installed PostgreSQL, when the settings say so.
"""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from groundswell.ground import embedded, roles, server
from groundswell.ground.embedded import THROW_AWAY, Parameters
from groundswell.ground.environment import Environment
from groundswell.ground.errors import ClusterProblem, ended
from groundswell.ground.files import reason
from groundswell.ground.language import gettext as _

__all__ = [
    "THROW_AWAY",
    "Cluster",
    "Parameters",
    "cluster",
    "connection",
    "made",
    "require_role",
    "running",
    "stop_now",
    "tables_to_itself",
]

_ROLE_SETTINGS: Final = {
    "gs_app": "database_url",
    "gs_owner": "owner_database_url",
    "gs_backup": "backup_database_url",
    "postgres": "superuser_database_url",
}


@dataclass(frozen=True, slots=True)
class Cluster:
    """A server that runs. `version` is PostgreSQL's number, 180006 for 18.6."""

    environment: Environment
    version: int
    started_here: bool = False

    def parameters(self, role: str, database: str = roles.DATABASE) -> Parameters:
        """Return the connection parameters of a role (gs_app, gs_owner, gs_backup)."""
        return connection(self.environment, role, database)

    def superuser(self, database: str = roles.DATABASE) -> Parameters:
        """Return the connection parameters of the superuser; a ClusterProblem when we have none."""
        return connection(self.environment, "postgres", database)


@contextlib.contextmanager
def cluster(
    environment: Environment,
    *,
    settings: Mapping[str, str] | None = None,
    make: bool = True,
    keep: bool = False,
) -> Iterator[Cluster]:
    """Start or join the server; the last user out stops it. `settings` overrule those of the server.

    Without `make` a database that is not there yet is refused instead of being made. `keep` starts
    the server again, within a second, should it die meanwhile. With
    GROUNDSWELL_DATABASE_URL set, the installed server is asked once and never started or stopped.
    Raises ClusterProblem with one sentence.
    """
    if not environment.embedded:
        yield Cluster(environment, _ask_installed(environment))
        return
    home = embedded.Home(environment, settings or {})
    with embedded.used(home, make=make, keep=keep) as (started, version):
        yield Cluster(environment, version, started)


def connection(environment: Environment, role: str, database: str = roles.DATABASE) -> Parameters:
    """Return a role's connection parameters from the settings and the home; start nothing.

    The keys host, port, user, password and dbname are always there; an address in the environment
    may add others (sslmode). Before the server is made for the first time the password is empty,
    and so it is for a role whose address is not set: see `require_role`.
    """
    if not environment.embedded:
        return _from_url(environment, role, database)
    return embedded.parameters(environment, role, database)


@contextlib.contextmanager
def tables_to_itself(running: Cluster, database: str = roles.DATABASE) -> Iterator[None]:
    """Let nobody else make, change or restore the tables meanwhile; wait for whoever does."""
    import psycopg

    require_role(running.environment, "gs_owner")
    with psycopg.connect(**running.parameters("gs_owner", database), autocommit=True) as owner:
        owner.execute("select pg_advisory_lock(%s)", [roles.TABLES_LOCK])
        yield


def require_role(environment: Environment, role: str) -> None:
    """Refuse when an installed server is used and the address for this role is not set."""
    attribute = _ROLE_SETTINGS[role]
    if not environment.embedded and getattr(environment, attribute) is None:
        raise ClusterProblem(
            _("GROUNDSWELL_%(name)s is not set; this command signs in to the database as %(role)s.")
            % {"name": attribute.upper(), "role": role}
        )


def made(environment: Environment) -> bool:
    """Whether the embedded database of this home has been made."""
    return embedded.Home(environment).places.made()


def running(environment: Environment) -> bool:
    """Whether the embedded server of this home runs now."""
    return server.pid(embedded.Home(environment).places) is not None


def require_running(environment: Environment) -> None:
    """Refuse with what is wrong when the embedded server of this home has ended: the disk, if it is that."""
    if environment.embedded and not running(environment):
        server.require_room(embedded.Home(environment).places.root)
        raise ended()


def stop_now(environment: Environment) -> None:
    """Stop the embedded server whoever uses it: for the end of a demo and for drills."""
    server.stop(embedded.Home(environment).places)


def _from_url(environment: Environment, role: str, database: str) -> Parameters:
    from psycopg.conninfo import conninfo_to_dict

    url = getattr(environment, _ROLE_SETTINGS[role])
    given = conninfo_to_dict(url or environment.database_url or "")
    parameters: Parameters = {"host": "", "port": server.PORT, "user": role, "password": ""}
    parameters.update({key: value for key, value in given.items() if value is not None})
    if url is None:
        parameters.update(user=role, password="")  # nosec B106 - `require_role` says what is missing
    if database != roles.DATABASE or "dbname" not in given:
        parameters["dbname"] = database
    return parameters


def _ask_installed(environment: Environment) -> int:
    import psycopg

    try:
        with psycopg.connect(
            **_from_url(environment, "gs_app", roles.DATABASE), connect_timeout=10
        ) as question:
            version = question.info.server_version
    except psycopg.OperationalError as problem:
        raise ClusterProblem(
            _("The database at GROUNDSWELL_DATABASE_URL does not answer: %(said)s")
            % {"said": reason(problem).splitlines()[0]}
        ) from problem
    if version < 150000:  # noqa: PLR2004 - a release
        raise ClusterProblem(
            _("The database is PostgreSQL %(version)s; 15 or later is needed.")
            % {"version": version // 10000}
        )
    return version
