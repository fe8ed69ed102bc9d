"""The `groundswell` command in a home of its own, its processes, and its health."""

import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import testbase
from groundswell.ground import cluster, environment, files

# For a server whose data nobody misses.
QUICK = {"fsync": "off", "full_page_writes": "off"}
READY = "Groundswell runs at"

# Who may do what with every table, function, policy and trigger, as two databases compare it.
RIGHTS = """
select 'table', c.oid::regclass::text, c.relowner::regrole::text, c.relacl::text,
       c.relrowsecurity::text, c.relforcerowsecurity::text
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname in ('public', 'keys') and c.relkind in ('r', 'p', 'S', 'v')
union all
select 'routine', p.oid::regprocedure::text, p.proowner::regrole::text, p.proacl::text,
       p.prosecdef::text, p.proconfig::text
from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname in ('public', 'keys')
union all
select 'policy', p.polrelid::regclass::text || '.' || p.polname, p.polcmd::text, p.polroles::text,
       pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)
from pg_policy p
union all
select 'trigger', t.tgrelid::regclass::text || '.' || t.tgname, pg_get_triggerdef(t.oid), null,
       t.tgenabled::text, null
from pg_trigger t where not t.tgisinternal
union all
select 'default', d.defaclrole::regrole::text, d.defaclobjtype::text, d.defaclacl::text, null, null
from pg_default_acl d
order by 1, 2, 3
"""


@dataclass
class Machine:
    """A home, a free port, and the `groundswell` command in it."""

    home: Path
    port: int
    demo: "subprocess.Popen[str] | None" = None

    def environ(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        plain = {name: value for name, value in os.environ.items() if not name.startswith("GROUNDSWELL_")}
        return {**plain, "GROUNDSWELL_HOME": str(self.home), "PORT": str(self.port), **(extra or {})}

    def run(
        self, *words: str, program: tuple[str, str] = ("-m", "groundswell.cli"), **extra: str
    ) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, *program, *words]
        return subprocess.run(
            command, env=self.environ(extra), capture_output=True, text=True, check=False, timeout=120
        )

    def running(self) -> "subprocess.Popen[str]":
        """Return the demo that runs in this home, started if need be, ready."""
        if self.demo is None or self.demo.poll() is not None:
            if self.demo is not None:
                self.demo.communicate()
            command = [sys.executable, "-m", "groundswell.cli", "demo"]
            with self.messages.open("w") as messages:
                self.demo = subprocess.Popen(
                    command, env=self.environ(), stdout=subprocess.PIPE, stderr=messages, text=True
                )
            assert self.demo.stdout is not None
            if not any(READY in line for line in self.demo.stdout):
                ended = f"The demo ended with {self.demo.wait()} before it was ready"
                raise AssertionError(f"{ended}: {self.messages.read_text()}")
        return self.demo

    @property
    def messages(self) -> Path:
        """Return the file of what the running demo writes to its standard error."""
        return self.home.with_suffix(".messages")

    def idle(self) -> None:
        """See to it that nothing runs in this home."""
        if self.demo is not None and self.demo.poll() is None:
            self.demo.terminate()
            self.demo.communicate(timeout=20)
        assert wait_until(lambda: not self.processes(), 20)

    def health(self) -> tuple[int, dict[str, Any]]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as problem:
            with problem:
                return problem.code, json.load(problem)
        except OSError as problem:
            return 0, {"reason": str(problem)}

    def fronts(self, times: int) -> set[int]:
        """Return with which statuses the front page answers to so many who ask at once."""

        def status(_: int) -> int:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=30) as answer:
                    return int(answer.status)
            except urllib.error.HTTPError as problem:
                with problem:
                    return problem.code

        with ThreadPoolExecutor(times) as all_of_them:
            return set(all_of_them.map(status, range(times)))

    def processes(self) -> set[int]:
        """Return our processes that live: by their environment, and the database by its directory."""
        found = set()
        for process in Path("/proc").iterdir():
            if process.name.isdecimal() and int(process.name) != os.getpid() and self._is_ours(process):
                found.add(int(process.name))
        return found

    def worker(self) -> int:
        """Return the process of the demo's worker."""
        (found,) = (
            one for one in self.processes() if b"\0worker\0" in Path(f"/proc/{one}/cmdline").read_bytes()
        )
        return found

    def _is_ours(self, process: Path) -> bool:
        try:
            if process.joinpath("stat").read_text().rpartition(")")[2].split()[0] in {"Z", "X"}:
                return False
            if os.fsencode(f"GROUNDSWELL_HOME={self.home}\0") in process.joinpath("environ").read_bytes():
                return True
            return process.joinpath("cwd").readlink().is_relative_to(self.home)
        except OSError:
            return False


def wait_until(true: Callable[[], bool], seconds: float) -> bool:
    """Ask again and again until it is true or the time is over."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def reachable_python() -> str:
    """Return a Python that every user of this machine may run."""
    return shutil.which("python3", path="/usr/bin:/bin") or sys.executable


def reachable_path() -> dict[str, str]:
    """Return the environment in which that Python finds what this one does."""
    return {"PYTHONPATH": ":".join(path for path in sys.path if path), "PATH": "/usr/bin:/bin"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# The passwords of a demo stand in a file beside it: here they are digested as cheaply as those of the cast.
QUICKLY = """
import sys
from django.contrib.auth.hashers import Argon2PasswordHasher as Hasher
from groundswell.cli import main
Hasher.time_cost, Hasher.memory_cost, Hasher.parallelism = 1, 8, 1
sys.exit(main(sys.argv[1:]))
"""


def made_home() -> Path:
    """Return a home whose server has been made, and nothing more, to be copied: kept as the next."""
    return _kept_home("made", (testbase.CHECKOUT / "src/groundswell/ground").glob("*.py"), _make)


def migrated_home() -> Path:
    """Return a home that `groundswell migrate` has made on a bare machine, to be copied: kept as the next."""
    return _kept_home("migrated", _bare_machine(), _migrate)


def loaded_home() -> Path:
    """Return a home with the demo loaded, to be copied: made once for each state of the code."""
    return _kept_home("loaded", (testbase.CHECKOUT / "src").rglob("*"), _load)


def _bare_machine() -> Iterator[Path]:
    """Yield what decides how a machine is made ready: the ground, and all that migrations need."""
    package = testbase.CHECKOUT / "src" / "groundswell"
    for pattern in ("ground/*.py", "access/*.py", "kernel/*.py", "*/migrations/*.*", "*/personal.py"):
        yield from package.glob(pattern)
    for name in ("errors", "joined", "main", "migrate"):
        yield package / "cli" / f"{name}.py"
    yield package / "site" / "settings.py"


def _make(machine: Machine) -> None:
    settings = environment.load({"GROUNDSWELL_HOME": str(machine.home)})
    with cluster.cluster(settings, settings=QUICK):
        pass


def _migrate(machine: Machine) -> None:
    made = machine.run("migrate")
    assert (made.returncode, made.stderr) == (0, "")
    assert re.fullmatch(r"\d+ migrations applied\.\n", made.stdout)


def _load(machine: Machine) -> None:
    subprocess.run(["cp", "-a", migrated_home(), machine.home], check=True)
    loaded = machine.run("demo", "--no-serve", program=("-c", QUICKLY))
    wanted = f"The demo is loaded in {machine.home}.\n"
    assert (loaded.returncode, loaded.stdout) == (0, wanted), loaded.stderr


def _kept_home(kind: str, decided_by: Iterable[Path], make: Callable[[Machine], None]) -> Path:
    digest = hashlib.sha256()
    for path in sorted(decided_by):
        if path.is_file() and path.suffix not in {".pyc", ".mo"}:
            stat = path.stat()
            digest.update(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    shelf = files.private_directory(testbase.home() / "homes")
    home = shelf / f"{kind}-{digest.hexdigest()[:16]}"
    with files.locked(testbase.home() / f"{kind}-homes.lock"):
        if not home.exists():
            for old in shelf.glob(f"{kind}-*"):
                shutil.rmtree(old)
            machine = Machine(shelf / f"{kind}-making", free_port())
            make(machine)
            assert machine.processes() == set()
            machine.home.rename(home)
    return home
