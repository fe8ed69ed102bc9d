# ruff: noqa: INP001 - programs of the Makefile, not a package
"""Ask the advisory service about every package of the lock files, with nothing skipped.

A vulnerability fails; so does anything else but an advisory service that cannot be reached, which
is said loudly: the check has then not been made.
"""

import json
import subprocess
import sys
import tempfile

AUDIT = [sys.executable, "-m", "pip_audit", "--disable-pip"]
# A release whose vulnerabilities are long known: a service that lists none of them is not the real one.
KNOWN_BAD = "django==4.2\n"
PATIENCE_SECONDS = 60
NOT_MADE = (
    "\n*** THE AUDIT WAS NOT MADE: the advisory service cannot be reached ***\n*** ({reason})\n"
    "*** Run `make check` on a machine with a network before a release.           ***\n\n"
)


def _service_problem() -> str | None:
    """Return why the service cannot be used, None when it knows what is long known."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as list_of_one:
        list_of_one.write(KNOWN_BAD)
        list_of_one.flush()
        command = [*AUDIT, "--no-deps", "--progress-spinner", "off", "-f", "json", "-r", list_of_one.name]
        try:
            done = subprocess.run(command, capture_output=True, check=False, timeout=PATIENCE_SECONDS)
            (package,) = json.loads(done.stdout)["dependencies"]
        except (OSError, ValueError, LookupError, subprocess.TimeoutExpired) as problem:
            return str(problem)
    return None if package.get("vulns") else "it lists none of the vulnerabilities that are long known"


def main() -> int:
    """Return pip-audit's answer, or 0 with a loud line when the service cannot be reached."""
    problem = _service_problem()
    if problem is not None:
        sys.stderr.write(NOT_MADE.format(reason=problem))
        return 0
    strictly = [*AUDIT, "--strict", "--require-hashes", "-r", "requirements-dev.lock"]
    return subprocess.run(strictly, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
