"""Where the journeys' browser is; as a program: find it, or fetch it, or say loudly that there is none.

Looked for in this order: the environment's CHROMIUM, Playwright's own, /usr/bin/chromium, Google
Chrome. Fetched, if need be, by Playwright, and as root on Debian by apt-get.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path


def find() -> str | None:
    """Return the path of a Chromium, None when there is none."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    own = _playwrights_own()
    if own:
        return own
    return next((path for name in ("chromium", "google-chrome") if (path := shutil.which(name))), None)


def launch_arguments() -> list[str]:
    """Return what the browser must be told: root may only run it without its sandbox."""
    return ["--no-sandbox"] if os.geteuid() == 0 else []


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def _fetch() -> None:
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    if find() is None and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", "chromium"], check=False)


def main() -> int:
    """Print where the browser is; 1 when there is none and none can be fetched."""
    if find() is None:
        _fetch()
    found = find()
    if found is None:
        sys.stderr.write(
            "The journeys need Chromium, and none could be found or fetched: install one and name it, "
            "as in `make journeys CHROMIUM=/path/to/chromium`.\n"
        )
        return 1
    sys.stdout.write(f"Browser: {found}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
