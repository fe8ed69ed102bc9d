"""Switching on again what guards the rows, where somebody switched it off: for `groundswell migrate`."""

from typing import TYPE_CHECKING, Any

from groundswell.ground import checks, cluster, roles
from groundswell.ground.cluster import Cluster

if TYPE_CHECKING:
    import psycopg


def put_back(running: Cluster) -> list[str]:
    """Put roles, row security and triggers back; return of which tables and roles something was wrong.

    Of an installed server the owner puts back what she may; its roles are made with a superuser's address.
    """
    import psycopg

    embedded = running.environment.embedded
    as_whom = running.superuser() if embedded else running.parameters("gs_owner")
    with cluster.tables_to_itself(running), psycopg.connect(**as_whom) as connection:
        wrong = roles.wrong_in(connection) if embedded else []
        if wrong:
            roles.prepare_roles(connection, {})
        return [*wrong, *switch_on(connection, superuser=embedded)]


def switch_on(connection: "psycopg.Connection[Any]", *, superuser: bool) -> list[str]:
    """Enable row security and triggers wherever they are not, hang the trail on again; return the tables.

    A trigger that is gone and is not the trail's stays so: `checks.silenced` goes on to name its function.
    """
    from psycopg import sql

    from groundswell.access.trailsql import trail_triggers

    unguarded, silenced = checks.unguarded_tables(connection), checks.silenced(connection)
    for table in unguarded:
        for what in ("enable", "force"):
            statement = sql.SQL(f"alter table {{}} {what} row level security")
            connection.execute(statement.format(sql.Identifier(table)))
    found = connection.execute("select tablename from pg_tables where schemaname = 'public'")
    tables = {row[0] for row in found}
    for table in sorted(tables.intersection(silenced)):
        # Those of foreign keys belong to the server, and only a superuser switches them.
        statement = sql.SQL(f"alter table {{}} enable trigger {'all' if superuser else 'user'}")
        connection.execute(statement.format(sql.Identifier(table)))
        function = f"trail_{table}"
        if connection.execute("select to_regproc(%s) is not null", [function]).fetchone() == (True,):
            for op in ("insert", "update", "delete"):
                statement = sql.SQL(f"drop trigger if exists gs_trail_{op} on {{}}")
                connection.execute(statement.format(sql.Identifier(table)))
            for hung in trail_triggers(function, table):
                connection.execute(hung.encode())
    return sorted({*unguarded, *silenced})
