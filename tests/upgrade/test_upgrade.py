"""What an earlier release left is taken over: the database is as a new one, and says what it said.

`leave.py` writes what a release leaves; it is restored as its backup would be, and migrated.
"""

import datetime as dt
import json
import lzma
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest

import testbase
from groundswell.access import scope
from groundswell.access.actor import OPERATOR
from groundswell.ground import environment, keys, restore, roles, sealed
from groundswell.kernel import clock
from groundswell.people import actions as people
from groundswell.people import queries
from groundswell.people.models import Tag
from groundswell.reports.contract import as_contract
from groundswell.reports.queries import report
from groundswell.structure import actions as structure
from groundswell.structure.models import Preparation, Unit
from groundtools import RIGHTS

LEFT = sorted((testbase.CHECKOUT / "tests" / "data" / "upgrade").glob("*.json"))
# How every table, function, constraint and index is made, in words that two databases share.
MADE = """
select 'column', format('%I.%I', table_name, column_name),
  concat_ws(' ', data_type, is_nullable, column_default)
from information_schema.columns where table_schema in ('public', 'keys')
union all
select 'routine', p.oid::regprocedure::text, pg_get_functiondef(p.oid)
from pg_proc p join pg_namespace n on n.oid = p.pronamespace
where n.nspname in ('public', 'keys') and p.prokind in ('f', 'p')
union all
select 'constraint', format('%s.%I', conrelid::regclass, conname), pg_get_constraintdef(oid)
from pg_constraint where connamespace = 'public'::regnamespace
union all
select 'index', indexname::text, indexdef from pg_indexes where schemaname in ('public', 'keys')
order by 1, 2, 3
"""


class Upgraded(NamedTuple):
    """A database that an earlier release made and this one has migrated, and what that release said."""

    database: str
    reports: list[tuple[list[str], dict[str, Any]]]


@pytest.fixture(scope="module", params=LEFT, ids=lambda path: path.stem)
def upgraded(
    request, cluster, database_name, django_db_setup, django_db_blocker, tmp_path_factory
) -> Iterator[Upgraded]:
    left = json.loads(request.param.read_text("utf-8"))
    if cluster.version < left["header"]["server"] // 10_000 * 10_000:
        pytest.skip("a backup is not restored on a server older than the one it was written on")
    name = f"{testbase.clone_name()}_upgraded"
    with psycopg.connect(**cluster.superuser("postgres"), autocommit=True) as superuser:
        roles.create_database(superuser, name)
    with psycopg.connect(**cluster.superuser(name)) as inside:
        roles.prepare_database(inside)
    ring = keys.load_or_make(environment.load())
    data = _sealed(ring, left["header"], request.param, tmp_path_factory.mktemp("upgrade"))
    with django_db_blocker.unblock():
        restore.restore(cluster, ring, data, None, name)
        testbase.migrate(cluster, name)
        testbase.point_django_at(cluster, database_name)
    yield Upgraded(name, left["reports"])
    testbase.drop(cluster, name)


@pytest.fixture
def inside(upgraded, cluster, database_name, django_db_blocker) -> Iterator[Upgraded]:
    """Let Django mean the upgraded database meanwhile."""
    with django_db_blocker.unblock():
        testbase.point_django_at(cluster, upgraded.database)
        yield upgraded
        testbase.point_django_at(cluster, database_name)


def _sealed(ring: keys.KeyRing, header: dict[str, Any], left: Path, folder: Path) -> Path:
    """Seal a dump as the backup of this installation that it would be."""
    path = folder / "left.backup"
    with path.open("wb") as file:
        sealer = sealed.Sealer(file, ring.backup_key, header | {"kind": "data", "key": ring.fingerprint})
        sealer.write(lzma.decompress(left.with_suffix(".dump.xz").read_bytes()))
        sealer.close()
    return path


def _plain(text: str | None) -> str:
    """Return how something is made without the casts and brackets that a dump writes out."""
    return re.sub(r"::(character varying|text|bpchar)(\[\])?|[()\[\]\s]", "", text or "")


@pytest.mark.parametrize("asked", [RIGHTS, MADE], ids=["rights", "made"])
def test_what_was_migrated_is_made_as_what_is_new(cluster, database_name, upgraded, asked):
    found = []
    for name in (database_name, upgraded.database):
        with psycopg.connect(**cluster.superuser(name)) as superuser:
            found.append({tuple(map(_plain, row)) for row in superuser.execute(asked).fetchall()})
    new, migrated = found
    assert sorted(migrated - new, key=str) == []
    assert sorted(new - migrated, key=str) == []


def test_every_report_says_what_the_earlier_release_said(inside):
    for options, said in inside.reports:
        asked = dict(zip(options[::2], options[1::2], strict=True))
        with scope.operator("a test"):
            answer = report(
                OPERATOR,
                unit_code=asked.get("--unit", "INT"),
                as_of=dt.date.fromisoformat(asked["--as-of"]),
                since=dt.date.fromisoformat(asked["--since"]),
                structure_of=asked.get("--structure", "then"),
            )
            assert as_contract(answer) == said, options


def test_what_was_prepared_waits_and_why_another_was_refused_is_read(inside):
    with scope.operator("a test"):
        found = {one.unit.code: one for one in Preparation.objects.select_related("unit")}
        assert found["AA-GRAZ"].state == "waiting"
        assert list(found["AA-LINZ"].refusal.values()) == ["Linz liegt dort schon."]
        clock.set_today(dt.date(2024, 9, 2))
        assert structure.carry_out_due() == 1
        assert Unit.objects.get(code="AA-GRAZ").path.count("/") == 4


def test_people_go_on_where_they_were(inside):
    with scope.operator("a test"):
        stays = Tag.objects.select_related("person__unit").get(word="choir").person
        other = Unit.objects.get(code="BB-GHENT")
        people.transfer(queries.home_of(stays), to=other, day=clock.today(), actor=OPERATOR, at=clock.now())
        assert Tag.objects.get(word="choir").unit == other
        assert people.lapse_due(at=clock.now()) == 0
