# ruff: noqa: INP001 - programs of the Makefile, not a package
"""Ask the advisory service about every package of the lock files, with nothing skipped.

A vulnerability fails; so does anything else but an advisory service that cannot be reached, which
is said loudly: the check has then not been made.
"""

import json
import subprocess
import sys
import urllib.request

# A release whose vulnerabilities are long known: a service that lists none of them is not the real one.
KNOWN_BAD = "https://pypi.org/pypi/django/4.2/json"
NOT_MADE = (
    "\n*** THE AUDIT WAS NOT MADE: the advisory service cannot be reached ***\n*** ({reason})\n"
    "*** Run `make check` on a machine with a network before a release.           ***\n\n"
)


def _service_problem() -> str | None:
    try:
        with urllib.request.urlopen(KNOWN_BAD, timeout=8) as answer:
            known = json.load(answer).get("vulnerabilities")
    except (OSError, ValueError) as problem:
        return str(problem)
    return None if known else "it lists none of the vulnerabilities that are long known"


def main() -> int:
    """Return pip-audit's answer, or 0 with a loud line when the service cannot be reached."""
    problem = _service_problem()
    if problem is not None:
        sys.stderr.write(NOT_MADE.format(reason=problem))
        return 0
    audit = [sys.executable, "-m", "pip_audit", "--strict", "--disable-pip", "--require-hashes"]
    return subprocess.run([*audit, "-r", "requirements-dev.lock"], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
