"""Pictures of the chief pages, into shots/: a desk, a phone, dark, right-to-left, and print.

    make shots

A demo of its own is made in a folder that is gone afterwards; look at the pictures with your own eyes
before you call a change of the pages done.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import socket
from typing import Any

from codes import give_code
from furnishing import PAGES as ROOMS
from furnishing import furnish, preview_a_split
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))
import chromium  # noqa: E402 - stands beside the tests

SHOTS = ROOT / "shots"
READY_SECONDS = 180
YEAR = "/report/?as_of=2024-01-31&since=2023-01-31"
PAGES = {
    "front": "/",
    "sign-in": "/accounts/login/",
    "today": "/",
    "tree": "/units/",
    "unit": "/units/GB/",
    "map": "/map/",
    "report": YEAR,
    "report-simulated": "/report/?as_of=2024-06-10&since=2023-06-10",
    "figure": "/report/drill/?as_of=2024-01-31&since=2023-01-31&row=IT&figure=joined",
    "source": "/source/",
    "missing": "/nowhere/",
}
OPEN = ("front", "sign-in", "missing")
# The pages of rooms that are shown, each as the office whose page it is.
SHOWN = (
    *("people", "person", "person-new", "gathering", "import", "import-columns", "import-preview"),
    *(
        "import-done",
        "export",
        "sessions",
        "me",
        "branch",
        "today-secretary",
        "asked",
        "unit",
        "people-section",
    ),
    *("split", "offices", "office-give", "protection", "request", "trail"),
)
Account = dict[str, str]
FAR = ("report", "front", "tree")  # also in German, turned round, and printed


@contextmanager
def demo() -> Iterator[tuple[str, dict[tuple[str, str], Account]]]:
    """Run a demo; yield its address and the sign-ins by office and unit."""
    with tempfile.TemporaryDirectory(prefix="gs-") as place, socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        home = Path(place) / "home"
        environment = {**os.environ, "GROUNDSWELL_HOME": str(home), "PORT": str(port)}
        command = [sys.executable, "-m", "groundswell.cli", "demo"]
        running = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL)
        try:
            address = f"http://localhost:{port}"
            wait_for(address, running)
            accounts = json.loads((home / "demo-accounts.json").read_text(encoding="utf-8"))
            yield address, {(one["office"], one["unit"]): one for one in accounts}
        finally:
            running.send_signal(signal.SIGTERM)
            running.wait(timeout=30)


def wait_for(address: str, running: subprocess.Popen[bytes]) -> None:
    """Wait until the demo answers that it works."""
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        if running.poll() is not None:
            raise SystemExit(f"The demo ended by itself with {running.returncode}.")
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):  # noqa: S310 - our own address
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.3)
    raise SystemExit("The demo did not become ready.")


def window(browser: Browser, **options: object) -> BrowserContext:
    """Open a window of a desk or of a phone."""
    return browser.new_context(**{"locale": "en-GB", "reduced_motion": "reduce"} | options)  # type: ignore[arg-type]  # Playwright's many options


def take(page: Page, address: str, name: str, *, full: bool = True) -> None:
    """Go to a page and take its picture."""
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=SHOTS / f"{name}.png", full_page=full)


def sign_in(browser: Browser, address: str, account: Account) -> Page:
    """Sign in in a window of a desk."""
    page = window(browser, **DESK).new_page()
    page.goto(f"{address}/accounts/login/")
    page.get_by_label("E-mail").fill(account["email"])
    page.get_by_label("Password").fill(account["password"])
    page.locator("main").get_by_role("button", name="Sign in").click()
    give_code(page, account["totp_secret"])
    return page


def signed_in(browser: Browser, address: str, account: Account) -> Any:
    """Sign in once; return the session for the other windows."""
    page = sign_in(browser, address, account)
    state = page.context.storage_state()
    page.context.close()
    return state


DESK = {"viewport": {"width": 1360, "height": 900}}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
KINDS = {
    "desk": DESK,
    "dark": DESK | {"color_scheme": "dark"},
    "phone": PHONE,
    "phone-dark": PHONE | {"color_scheme": "dark"},
}


def main() -> None:
    """Take all pictures."""
    SHOTS.mkdir(exist_ok=True)
    found = chromium.find()
    with demo() as (address, accounts), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found,
            args=["--disable-background-networking", *chromium.launch_arguments()],
        )
        state = signed_in(browser, address, accounts["secretary", "INT"])
        for kind, options in KINDS.items():
            for name, path in PAGES.items():
                context = window(browser, **options, **({} if name in OPEN else {"storage_state": state}))
                take(context.new_page(), address + path, f"{name}-{kind}", full=kind in {"desk", "dark"})
                context.close()
        for name in FAR:
            far(browser, address + PAGES[name], name, {} if name in OPEN else {"storage_state": state})
        rooms(browser, address, accounts)
        browser.close()
    print(f"{len(list(SHOTS.glob('*.png')))} pictures in {SHOTS}")  # noqa: T201 - says where to look


def rooms(browser: Browser, address: str, accounts: dict[tuple[str, str], Account]) -> None:
    """Take the pages of rooms, lived in, each as the office whose page it is."""
    with tempfile.TemporaryDirectory(prefix="gs-") as folder:
        numbers = furnish(
            address,
            lambda office, unit: sign_in(browser, address, accounts[office, unit]),
            Path(folder),
            lambda: None,  # the demo's own worker does it
        )
    for who, pages in ROOMS.items():
        state = signed_in(browser, address, accounts[who])
        for kind, options in KINDS.items():
            context = window(browser, **options, storage_state=state)
            page = context.new_page()
            for name in (name for name in SHOWN if name in pages):
                take(page, address + pages[name].format(**numbers), f"{name}-{kind}")
                if name == "split":
                    preview_a_split(address, page)
                    page.screenshot(path=SHOTS / f"split-preview-{kind}.png", full_page=True)
            context.close()


def far(browser: Browser, address: str, name: str, more: dict[str, str]) -> None:
    """Take a page in German, turned round, and as it is printed."""
    context = window(browser, **DESK, **more | {"locale": "de-DE"})
    take(context.new_page(), address, f"{name}-german", full=False)
    context.close()
    context = window(browser, **DESK, **more)
    page = context.new_page()
    take(page, address, f"{name}-desk")
    page.evaluate("document.documentElement.dir = 'rtl'")
    page.screenshot(path=SHOTS / f"{name}-rtl.png")
    page.evaluate("document.documentElement.dir = 'ltr'")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 794, "height": 1123})
    page.screenshot(path=SHOTS / f"{name}-print.png", full_page=True)
    page.pdf(path=SHOTS / f"{name}-print.pdf", prefer_css_page_size=True)
    context.close()


if __name__ == "__main__":
    main()
