"""The codes of an authenticator app, for the offices of the demo that demand a second factor."""

import base64
import hashlib
import hmac
import time

from playwright.sync_api import Page

PERIOD = 30
_used: set[tuple[str, int]] = set()


def code_of(secret: str) -> str:
    """Return a code (RFC 6238) that was not used yet: each works once, and its neighbours do."""
    while True:
        now = int(time.time()) // PERIOD
        for period in (now, now - 1, now + 1):
            if (secret, period) not in _used:
                _used.add((secret, period))
                return _at(secret, period)
        time.sleep(1)


def _at(secret: str, period: int) -> str:
    digest = hmac.new(base64.b32decode(secret), period.to_bytes(8, "big"), hashlib.sha1).digest()
    place = digest[-1] & 15
    return f"{(int.from_bytes(digest[place : place + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


def give_code(page: Page, secret: str | None) -> None:
    """Go through the second step where the office demands one."""
    if secret:
        page.wait_for_url("**/accounts/second/**")
        page.get_by_label("Code").fill(code_of(secret))
        page.locator("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/accounts/" not in url)
