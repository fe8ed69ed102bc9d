"""Signing in by passkey and by authenticator app, with a virtual authenticator in real Chromium."""

import dataclasses
import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect

pytestmark = pytest.mark.journey

PHONE = 390
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
PAGES = ["/accounts/factors/", "/accounts/factors/app/", "/accounts/factors/passkey/", "/accounts/sessions/"]
INSIDE = re.compile(r"^[^?]*//[^/]+/(?!accounts/)")


def at_localhost(window):
    """Let the window see the site as localhost: a browser makes no passkey for a bare address."""
    window.site = dataclasses.replace(
        window.site, address=window.site.address.replace("127.0.0.1", "localhost")
    )
    return window


def with_a_passkey(window):
    """Let the organiser add a passkey of her phone; return what the device is told of it by."""
    page = window.page
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    added = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    window.sign_in("organiser", "GB-LONDON-CENTRAL")
    window.go("/accounts/factors/")
    page.get_by_role("link", name="Add a passkey").click()
    expect(page.get_by_label("What is it called?")).to_have_value(re.compile("^Chrome on "))
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator(".codes li")).to_have_count(10)
    return devtools, {"authenticatorId": added["authenticatorId"]}


def afresh(window):
    """Let nobody be signed in, and the page of signing in be open."""
    window.page.context.clear_cookies()
    return window.go("/accounts/login/")


def removed(window, link, button):
    """Remove a second factor."""
    page = window.go("/accounts/factors/")
    page.get_by_role("link", name=link).click()
    page.get_by_role("button", name=button).click()
    expect(page.get_by_text("It is removed, and opens nothing any more.")).to_be_visible()


def test_a_passkey_is_made_and_renamed_signs_in_and_says_why_it_does_not(visit, axe):
    window = at_localhost(visit(PHONE))
    page = window.page
    devtools, holder = with_a_passkey(window)
    expect(page.get_by_role("button", name="Print them")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("link", name="I have written them down").click()
    page.wait_for_url(INSIDE)

    window.go("/accounts/factors/")
    page.get_by_role("link", name="Rename Chrome on").click()
    page.get_by_label("What is it called?").fill("the phone of the journey")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("This device holds a passkey of yours already")).to_be_visible()

    afresh(window)
    devtools.send("WebAuthn.setUserVerified", {**holder, "isUserVerified": False})
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("The passkey was not used.")).to_be_visible()
    devtools.send("WebAuthn.setUserVerified", {**holder, "isUserVerified": True})
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(INSIDE)

    # Removed from the account it is still on the phone, and says why it opens nothing.
    removed(window, "Remove the phone of the journey", "Remove it")
    afresh(window).get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("This passkey was not recognised.")).to_be_visible()
    window.check()


def test_an_app_is_set_up_by_its_first_code_and_a_passkey_goes_through_the_second_step(visit, axe):
    window = at_localhost(visit(PHONE))
    page = window.page
    with_a_passkey(window)
    window.go("/accounts/factors/app/")
    secret = page.locator(".secret").inner_text().strip()
    page.get_by_label("Code from the app").fill(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    page.get_by_role("button", name="Set up the app").click()
    expect(page.get_by_text("The app is set up.")).to_be_visible()
    account = window.site.sign_ins["organiser", "GB-LONDON-CENTRAL"]
    afresh(window).get_by_label("E-mail").fill(account.email)
    page.get_by_label("Password").fill(account.password)
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The second step")
    assert axe(page) == []
    page.get_by_role("button", name="Use a passkey instead").click()
    page.wait_for_url(INSIDE)
    removed(window, "Remove the app", "Remove the app")
    removed(window, re.compile("Remove Chrome on"), "Remove it")
    window.check()


def test_without_scripts_no_passkey_is_offered(visit):
    page = visit(PHONE, java_script_enabled=False).go("/accounts/login/")
    expect(page.get_by_role("button", name="Use a passkey")).to_be_hidden()
    expect(page.locator("main").get_by_role("button", name="Sign in", exact=True)).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_of_signing_in_breaks_a_rule_of_accessibility(visit, axe, scheme):
    window = at_localhost(visit(PHONE, color_scheme=scheme))
    for path in ("/accounts/login/", "/accounts/code/"):
        assert axe(window.go(path)) == [], f"{path} in {scheme}"
    window.sign_in("secretary", "INT")
    for path in [*PAGES, "/accounts/password/", "/offices/"]:
        assert axe(window.go(path)) == [], f"{path} in {scheme}"
    window.check()
