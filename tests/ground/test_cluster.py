"""The embedded server: started or joined, left as found, and what stands in its way said in a sentence."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

import testbase
from groundswell.ground import cluster, environment, programs, server
from groundswell.ground.environment import Environment
from groundswell.ground.errors import ClusterProblem, EnvironmentProblem
from groundtools import QUICK, made_home, reachable_path, reachable_python


@contextlib.contextmanager
def _copied() -> Iterator[Path]:
    """Yield a copy of a home whose server has been made, beneath a directory that is its owner's alone."""
    with tempfile.TemporaryDirectory(prefix="gs-", dir=testbase.shelf()) as place:
        copy = Path(place) / "home"
        subprocess.run(["cp", "-a", made_home(), copy], check=True)
        yield copy
        server.stop(server.Places(copy / "postgres"))


@pytest.fixture
def home() -> Iterator[Path]:
    with _copied() as copy:
        yield copy


@pytest.fixture(scope="module")
def running() -> Iterator[cluster.Cluster]:
    """A server that runs, for those who only look at it."""
    with _copied() as copy, cluster.cluster(_environment(copy), settings=QUICK) as started:
        yield started


def _environment(home: Path) -> environment.Environment:
    return environment.load({"GROUNDSWELL_HOME": str(home)})


USE = f"""
import psycopg
from groundswell.ground import cluster, environment
with cluster.cluster(environment.load(), settings={QUICK!r}) as running:
    with psycopg.connect(**running.parameters("gs_app")) as connection:
        (began,) = connection.execute("SELECT pg_postmaster_start_time()::text").fetchone()
    print(running.started_here, began, sep="|", flush=True)
    input()
"""


def _uses(home: Path) -> "subprocess.Popen[str]":
    """Let somebody enter the server in a process of her own; she says so, and leaves on a line."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("GROUNDSWELL_")}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    return subprocess.Popen(
        [sys.executable, "-c", USE], env={**environ, "GROUNDSWELL_HOME": str(home)}, **pipes
    )


def test_three_starts_at_once_give_one_server_and_the_last_user_out_stops_it(home):
    users = [_uses(home) for _ in range(3)]
    given = [user.stdout.readline().strip().split("|") for user in users]
    for user in users:
        user.communicate("\n", timeout=60)
    assert [user.returncode for user in users] == [0] * 3
    assert len({started_at for _, started_at in given}) == 1
    assert sorted(started for started, _ in given) == ["False", "False", "True"]
    assert not cluster.running(_environment(home))


def test_a_user_who_joins_leaves_the_server_to_the_one_who_started_it(home):
    settings = _environment(home)
    with cluster.cluster(settings, settings=QUICK) as first:
        with cluster.cluster(settings) as second:
            assert (first.started_here, second.started_here) == (True, False)
        assert cluster.running(settings)
    assert not cluster.running(settings)


def test_the_roles_are_what_they_must_be(running):
    with psycopg.connect(**running.superuser()) as connection:
        rows = connection.execute(
            "SELECT rolname, rolcanlogin, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole "
            "FROM pg_roles WHERE rolname LIKE 'gs%' ORDER BY 1"
        ).fetchall()
        owner = connection.execute(
            "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'groundswell'"
        ).fetchone()
    assert rows == [
        ("gs_app", True, False, False, False, False),
        ("gs_backup", True, False, True, False, False),
        ("gs_owner", True, False, False, False, False),
        ("gs_search", False, False, True, False, False),
    ]
    assert owner == ("gs_owner",)


def test_the_application_may_write_rows_but_neither_truncate_nor_change_tables(running):
    with psycopg.connect(**running.parameters("gs_owner")) as owner:
        owner.execute("CREATE TABLE leaflet (id bigint PRIMARY KEY)")
    with psycopg.connect(**running.parameters("gs_app"), autocommit=True) as app:
        app.execute("INSERT INTO leaflet VALUES (1)")
        assert app.execute("SELECT id FROM leaflet").fetchall() == [(1,)]
        for forbidden in ("TRUNCATE leaflet", "DROP TABLE leaflet", "CREATE TABLE mine (id int)"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(forbidden)
    with psycopg.connect(**running.parameters("gs_backup"), autocommit=True) as backup:
        assert backup.execute("SELECT id FROM leaflet").fetchall() == [(1,)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            backup.execute("INSERT INTO leaflet VALUES (2)")


def test_nobody_signs_in_without_the_password(running):
    for role in ("gs_app", "gs_owner", "postgres"):
        parameters = {**running.parameters(role), "password": "guess"}
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(**parameters)


def test_the_server_listens_on_no_network_address(running):
    home = running.environment.home
    with psycopg.connect(**running.superuser()) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.execute("SHOW data_checksums").fetchone() == ("on",)
    places = server.Places(home / "postgres")
    assert {oct(path.stat().st_mode & 0o777) for path in (home, places.root, places.run)} == {"0o700"}
    assert oct((home / "database.json").stat().st_mode & 0o777) == "0o600"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can hand the server to another user")
def test_root_runs_the_server_as_another_user_beneath_a_directory_that_user_cannot_enter(running):
    home = running.environment.home
    number = server.pid(server.Places(home / "postgres"))
    assert number is not None
    assert Path(f"/proc/{number}").stat().st_uid != 0
    psycopg.connect(**running.parameters("gs_app")).close()
    assert (home.parent.stat().st_uid, oct(home.parent.stat().st_mode & 0o777)) == (0, "0o700")
    assert home.stat().st_uid == 0


def test_a_server_that_was_killed_starts_again(home):
    settings = _environment(home)
    places = server.Places(home / "postgres")
    with cluster.cluster(settings, settings=QUICK) as running:
        with psycopg.connect(**running.superuser()) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS figure")
        number = server.pid(places)
        assert number is not None
        os.kill(number, signal.SIGKILL)
    assert (places.data / "postmaster.pid").exists()
    with (
        cluster.cluster(settings, settings=QUICK) as running,
        psycopg.connect(**running.superuser()) as again,
    ):
        assert running.started_here
        assert again.execute("SELECT figure FROM kept").fetchone() == (7,)


def test_a_stale_claim_whose_number_now_belongs_to_a_stranger_is_cleared(home):
    places = server.Places(home / "postgres")
    claim = places.data / "postmaster.pid"
    claim.write_text(f"{os.getpid()}\n{places.data}\n1700000000\n5432\n../run\n\n\nready\n")
    shutil.chown(claim, places.data.stat().st_uid, places.data.stat().st_gid)
    with cluster.cluster(_environment(home), settings=QUICK) as running:
        assert running.started_here


def test_a_user_that_is_killed_leaves_no_lock_behind(home):
    with _uses(home) as user:
        assert user.stdout.readline()
        user.kill()
    settings = _environment(home)
    assert cluster.running(settings)
    with cluster.cluster(settings, settings=QUICK) as running:
        assert not running.started_here
    assert not cluster.running(settings)


def test_data_of_another_major_version_are_refused_in_a_sentence(home):
    (home / "postgres" / "data" / "PG_VERSION").write_text("13\n")
    with pytest.raises(ClusterProblem, match=r"are of PostgreSQL 13, but the programs are of PostgreSQL \d+"):
        _enter(home)


def test_lost_passwords_are_never_made_anew(home):
    (home / "database.json").unlink()
    with pytest.raises(ClusterProblem, match="with the passwords of the database is missing"):
        _enter(home)
    assert not (home / "database.json").exists()


def test_a_database_that_was_there_and_is_gone_is_never_made_anew(home):
    (home / "postgres" / "data").rename(home / "postgres" / "elsewhere")
    with pytest.raises(ClusterProblem, match=r"is gone: .* is missing"):
        _enter(home)
    assert not (home / "postgres" / "data").exists()


def test_a_database_is_made_only_for_whoever_may_make_it(tmp_path):
    refused = pytest.raises(ClusterProblem, match="There is no database in")
    with refused, cluster.cluster(_environment(tmp_path / "home"), make=False):
        pass
    assert not (tmp_path / "home").exists()


def test_passwords_of_another_database_are_refused_and_the_server_is_stopped(home):
    content = (home / "database.json").read_text()
    (home / "database.json").write_text(content.replace('"postgres": "', '"postgres": "x'))
    with pytest.raises(ClusterProblem, match="are not those of the database beside it"):
        _enter(home)
    assert not cluster.running(_environment(home))


def test_a_full_disk_is_said_before_anything_is_made(tmp_path, monkeypatch):
    real = os.statvfs(tmp_path)
    full = os.statvfs_result([*real[:4], 100, *real[5:]])
    monkeypatch.setattr(os, "statvfs", lambda _: full)
    with pytest.raises(ClusterProblem, match=r"The disk of .* is full"):
        _enter(tmp_path / "home")
    monkeypatch.undo()
    assert not (tmp_path / "home" / "postgres" / "data").exists()


def test_a_server_that_dies_of_a_full_disk_is_explained(home):
    places = server.Places(home / "postgres")
    places.log.write_text("old news\n")
    since = places.log.stat().st_size
    with places.log.open("a") as log:
        log.write('FATAL:  could not write to file "pg_wal/xlogtemp.29": No space left on device\n')
    assert server.failure(places, since).sentence == (
        "The database server does not start: the disk is full; make room and start again."
    )


def test_a_home_too_deep_for_a_socket_is_reached_through_a_short_way(home):
    deep = home.parent / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    moved = deep / "home"
    home.rename(moved)
    try:
        with cluster.cluster(_environment(moved), settings=QUICK) as running:
            assert len(str(running.parameters("gs_app")["host"])) < 107
            psycopg.connect(**running.parameters("gs_app")).close()
    finally:
        moved.rename(home)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_an_ordinary_user_runs_the_server_herself():
    with tempfile.TemporaryDirectory(prefix="gs-", dir=testbase.shelf()) as place:
        os.chown(place, 65534, 65534)
        program = (
            "import sys; from groundswell.ground import cluster, environment\n"
            f"e = environment.load({{'GROUNDSWELL_HOME': {str(Path(place) / 'home')!r}}})\n"
            f"with cluster.cluster(e, settings={QUICK!r}) as c: sys.stdout.write(str(c.version // 10000))"
        )
        answer = subprocess.run(
            [reachable_python(), "-c", program],
            user=65534, group=65534, extra_groups=[], cwd=place, env=reachable_path(),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert (answer.stderr, answer.stdout) == ("", "18")


def test_another_program_directory_without_a_server_is_refused(tmp_path):
    with pytest.raises(EnvironmentProblem, match="there is no program `postgres`"):
        environment.load({"GROUNDSWELL_POSTGRES_BIN": str(tmp_path)})


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands programs to another user")
def test_programs_that_the_server_user_cannot_reach_are_copied_once_for_everybody(home, monkeypatch):
    original = programs.directory(_environment(home)).parent
    with (
        tempfile.TemporaryDirectory(prefix="gs-", dir=testbase.shelf()) as closed,
        tempfile.TemporaryDirectory(prefix="gs-", dir=testbase.shelf()) as place,
    ):
        Path(place).chmod(0o755)
        monkeypatch.setattr(programs, "_SHARED_PLACE", Path(place) / "groundswell")
        subprocess.run(["cp", "-a", original, closed], check=True)
        settings = environment.load(
            {"GROUNDSWELL_HOME": str(home), "GROUNDSWELL_POSTGRES_BIN": f"{closed}/{original.name}/bin"}
        )
        for _ in range(2):
            with cluster.cluster(settings, settings=QUICK) as running:
                psycopg.connect(**running.parameters("gs_app")).close()
        copies = list((Path(place) / "groundswell").iterdir())
        assert [copy.name.split("-")[0] for copy in copies] == ["postgresql"]
        assert (copies[0].stat().st_uid, copies[0].stat().st_mode & 0o777) == (0, 0o755)
        assert oct(Path(closed).stat().st_mode & 0o777) == "0o700"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands data to another user")
def test_the_server_runs_as_the_user_who_is_set_and_whose_data_they_are(tmp_path):
    def user(name: str | None) -> str:
        return programs._server_user(Environment(tmp_path, server_user=name), tmp_path).pw_name

    assert user("nobody") == "nobody"  # there are no data yet
    os.chown(tmp_path, pwd.getpwnam("nobody").pw_uid, -1)
    assert (user(None), user("nobody")) == ("nobody", "nobody")
    for wrong, said in (
        ("nobody-of-this-name", "no ordinary user has this name"),
        ("root", "no ordinary user"),
    ):
        with pytest.raises(EnvironmentProblem, match=said):
            user(wrong)
    with pytest.raises(EnvironmentProblem, match="belongs to “nobody”: name that one, or unset it"):
        user("daemon")


def test_nothing_is_left_in_shared_memory(home):
    with cluster.cluster(_environment(home), settings=QUICK):
        claim = (home / "postgres" / "data" / "postmaster.pid").read_text().splitlines()
        segment = claim[6].split()[1]
        assert segment in _segments()
    assert segment not in _segments()


def _segments() -> set[str]:
    listing = subprocess.run(["ipcs", "-m"], capture_output=True, text=True, check=True).stdout
    return {line.split()[1] for line in listing.splitlines() if line.startswith("0x")}


def _enter(home: Path) -> None:
    with cluster.cluster(_environment(home), settings=QUICK):
        pass


def test_a_user_who_has_a_number_and_no_name_is_told_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 2_000_000_011)
    with pytest.raises(ClusterProblem, match="`useradd --uid 2000000011 groundswell`"):
        server.make(server.Places(tmp_path), programs.Programs(tmp_path, "18.6", None), "x", durable=False)
    assert list(tmp_path.iterdir()) == []
