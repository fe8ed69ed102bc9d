# ruff: noqa: INP001 - programs of the Makefile, not a package
"""Run a command beside a server of Debian's PostgreSQL 15, whose address the tests find in the environment.

Usage: installed_postgres.py COMMAND … . The programs are looked for in /usr/lib/postgresql/15/bin;
root on Debian installs them when they are not there. The server is a throw-away; one that Debian may
have started is not touched.
"""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

PROGRAMS = Path("/usr/lib/postgresql/15/bin")
READY_SECONDS = 30


def main() -> int:
    """Start a throw-away server, run the command, stop the server; return the command's answer."""
    if not (PROGRAMS / "postgres").exists() and not _install():
        sys.stderr.write("PostgreSQL 15 is not installed: run `apt-get install postgresql-15` as root.\n")
        return 2
    with tempfile.TemporaryDirectory(prefix="groundswell-installed-") as place:
        user = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
        as_user: dict[str, Any] = {"cwd": "/"}
        if user is not None:
            os.chown(place, user.pw_uid, user.pw_gid)
            as_user |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        password = secrets.token_hex(16)
        server = _start(Path(place), password, as_user)
        try:
            address = f"postgresql://postgres:{password}@/postgres?host={place}"
            _await(address)
            sys.stdout.write(f"Tests on the PostgreSQL of {PROGRAMS}\n")
            sys.stdout.flush()
            environ = {
                **os.environ,
                "GROUNDSWELL_TEST_SUPERUSER_URL": address,
                "GROUNDSWELL_TEST_HOME": tempfile.mkdtemp(dir=place, prefix="tests-"),
            }
            return subprocess.run(sys.argv[1:], env=environ, check=False).returncode
        finally:
            server.send_signal(signal.SIGINT)
            server.wait()


def _start(place: Path, password: str, as_user: dict[str, Any]) -> subprocess.Popen[bytes]:
    data, secret = place / "data", place / "secret"
    secret.write_text(password + "\n")
    secret.chmod(0o644)  # inside a directory of mode 0700
    initdb = [PROGRAMS / "initdb", "-D", data, "-U", "postgres", "-A", "scram-sha-256", "--pwfile", secret]
    locale = ["--locale=C.UTF-8", "--encoding=UTF8", "--no-sync"]
    subprocess.run([*initdb, *locale], check=True, stdout=subprocess.DEVNULL, **as_user)
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": place,
        "fsync": "off",
        "full_page_writes": "off",
        "log_min_messages": "fatal",
    }
    options = [f"--{name}={value}" for name, value in settings.items()]
    return subprocess.Popen([PROGRAMS / "postgres", "-D", data, *options], **as_user)


def _await(address: str) -> None:
    import psycopg

    end = time.monotonic() + READY_SECONDS
    while True:
        try:
            psycopg.connect(address).close()
        except psycopg.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
        else:
            return


def _install() -> bool:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    command = ["apt-get", "install", "-y", "--no-install-recommends", "postgresql-15"]
    return subprocess.run(command, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
