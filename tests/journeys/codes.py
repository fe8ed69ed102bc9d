"""The codes of an authenticator app, for the offices of the demo that demand a second factor."""

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page

PERIOD = 30
_used: set[tuple[str, int]] = set()


def code_of(secret: str) -> str:
    """Return a code that was not used yet: each works once, and those beside the newest work too."""
    while True:
        now = int(time.time()) // PERIOD
        for period in (now, now - 1, now + 1):
            if (secret, period) not in _used:
                _used.add((secret, period))
                return str(format_hotp_value(hotp_value(secret, period)))
        time.sleep(1)


def give_code(page: Page, secret: str | None) -> None:
    """Go through the second step where the office demands one."""
    if secret:
        page.wait_for_url("**/accounts/second/**")
        page.get_by_label("Code").fill(code_of(secret))
        page.locator("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/accounts/" not in url)
