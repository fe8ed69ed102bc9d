"""Ways in that go wrong and come right again: codes used up, dialogs called off, sessions ended elsewhere."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import override_settings
from playwright.sync_api import expect
from test_passkeys import INSIDE, afresh, at_localhost, removed, with_a_passkey

from conftest import apart

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("changed")]

PHONE = 360
ORGANISER = ("organiser", "GB-LONDON-CENTRAL")


def stored(work):
    """Do something with the database, apart from the browser's loop."""

    def closing():
        from django.db import connections

        try:
            return work()
        finally:
            connections.close_all()

    return apart(closing)


def five_minutes_later():
    """Forget who tried too often."""
    from django.core.cache import cache

    stored(cache.clear)


@pytest.fixture(autouse=True)
def as_it_was(site):
    """Let nobody wait, and the organiser have no second factor."""

    def take_away():
        from allauth.mfa.models import Authenticator

        from groundswell.access import scope

        with scope.operator("a phone that is lost"):
            Authenticator.objects.filter(user__email=site.sign_ins[ORGANISER].email).delete()

    five_minutes_later()
    stored(take_away)


def by_password(window, account):
    page = window.go("/accounts/login/")
    page.get_by_label("E-mail").fill(account.email)
    page.get_by_label("Password").fill(account.password)
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    return page


def second_step(page, code):
    expect(page.get_by_role("heading", level=1)).to_have_text("The second step")
    page.get_by_label("Code").fill(code)
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()


def an_app(window):
    """Set an authenticator app up; return its secret."""
    page = window.go("/accounts/factors/app/")
    secret = page.locator(".secret").inner_text().strip()
    page.get_by_label("Code from the app").fill(code_of(secret))
    page.get_by_role("button", name="Set up the app").click()
    expect(page.get_by_text("The app is set up.")).to_be_visible()
    return secret


def code_of(secret, periods=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + periods))


def test_recovery_codes_sign_in_once_each_until_none_is_left_and_new_ones_are_made(visit):
    window = at_localhost(visit(PHONE, 740))
    page = window.page
    with_a_passkey(window)
    codes = page.locator(".codes li").all_inner_texts()
    account = window.site.sign_ins[ORGANISER]
    for number, code in enumerate(codes):
        window.page.context.clear_cookies()
        by_password(window, account)
        second_step(page, f" {code} " if number else code)
        page.wait_for_url(INSIDE)
        window.go("/accounts/factors/")
        left = len(codes) - 1 - number
        said = f"{left} {'is' if left == 1 else 'are'} left." if left else "None is left:"
        expect(page.locator("main")).to_contain_text(said)
        if number == 0:
            window.page.context.clear_cookies()
            by_password(window, account)
            second_step(page, code)
            expect(page.locator(".field .wrong")).to_contain_text("This code does not fit.")
    page.get_by_role("link", name="Make new codes").click()
    page.get_by_role("button").filter(has_text="Make new codes").click()
    expect(page.locator(".codes li")).to_have_count(10)
    assert not set(codes) & set(page.locator(".codes li").all_inner_texts())
    removed(window, re.compile("Remove Chrome on"), "Remove it")
    window.check()


@pytest.mark.drill
def test_when_the_passkey_goes_the_app_stays_and_no_passkey_is_offered(visit):
    window = at_localhost(visit(PHONE, 740))
    page = window.page
    with_a_passkey(window)
    secret = an_app(window)
    removed(window, re.compile("Remove Chrome on"), "Remove it")
    expect(page.get_by_role("link", name="Remove the app")).to_be_visible()
    window.page.context.clear_cookies()
    by_password(window, window.site.sign_ins[ORGANISER])
    expect(page.get_by_role("button", name="Use a passkey instead")).to_have_count(0)
    second_step(page, code_of(secret, 1))
    page.wait_for_url(INSIDE)
    removed(window, "Remove the app", "Remove the app")
    window.check()


def test_wrong_codes_say_so_then_to_wait_and_the_right_one_goes_in_afterwards(visit):
    window = at_localhost(visit(PHONE, 740))
    page = window.page
    window.sign_in(*ORGANISER)
    secret = an_app(window)
    account = window.site.sign_ins[ORGANISER]
    window.page.context.clear_cookies()
    by_password(window, account)
    for _ in range(9):
        second_step(page, "000000")
        said = page.locator(".field .wrong").inner_text()
        if "Too many attempts" in said:
            break
        assert "This code does not fit." in said
    assert "Wait five minutes" in said
    # Also the right one waits, and it says the same.
    second_step(page, code_of(secret, 1))
    expect(page.locator(".field .wrong")).to_contain_text("Too many attempts")
    five_minutes_later()
    second_step(page, code_of(secret, 1))
    page.wait_for_url(INSIDE)
    removed(window, "Remove the app", "Remove the app")
    window.check(refused={422, 429})


@pytest.mark.drill
def test_a_dialog_that_is_called_off_says_so_and_the_next_try_goes(visit):
    window = at_localhost(visit(PHONE, 740))
    page = window.page
    devtools, holder = with_a_passkey(window)

    def presses(*, cancel):
        devtools.send("WebAuthn.setUserVerified", {**holder, "isUserVerified": not cancel})

    # A second passkey is called off, and no half of it is kept.
    window.go("/accounts/factors/passkey/")
    presses(cancel=True)
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator(".wrong:visible")).to_have_count(1)
    window.go("/accounts/factors/")
    expect(page.get_by_role("link", name="Remove Chrome on")).to_have_count(1)
    # Signing in is called off, and tried again without a new page.
    afresh(window)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("The passkey was not used. Try again, or sign in another way.")).to_be_visible()
    presses(cancel=False)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(INSIDE)
    # So is the second step after a password.
    window.page.context.clear_cookies()
    by_password(window, window.site.sign_ins[ORGANISER])
    presses(cancel=True)
    page.get_by_role("button", name="Use a passkey instead").click()
    expect(page.get_by_text("The passkey was not used.")).to_be_visible()
    presses(cancel=False)
    page.get_by_role("button", name="Use a passkey instead").click()
    page.wait_for_url(INSIDE)
    removed(window, re.compile("Remove Chrome on"), "Remove it")
    window.check()


def invitation(site):
    """Return the token of an invitation for a member of the branch who does not sign in yet."""
    from groundswell.access import scope
    from groundswell.access.actor import OPERATOR
    from groundswell.accounts import actions as accounts
    from groundswell.accounts.models import Account
    from groundswell.people.models import Person

    with scope.operator("an invitation"):
        known = Account.objects.values("person_id")
        person = Person.objects.filter(unit__code=ORGANISER[1], minor=False).exclude(pk__in=known)[0]
        _account, token = accounts.invite(person, email="invited@example.org", actor=OPERATOR)
    return token


@pytest.mark.drill
def test_whoever_has_but_a_passkey_signs_in_by_it_and_keeps_it_where_nothing_else_lets_her_in(visit, site):
    window = at_localhost(visit(PHONE, 740))
    page = window.page
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend"):
        token = stored(lambda: invitation(site))
        window.go(f"/accounts/link/{token}/")
        page.locator("main").get_by_role("button").first.click()
        page.wait_for_url("**/accounts/come-back/")
        page.get_by_role("link", name="Add a passkey").click()
        page.get_by_role("button", name="Add a passkey").click()
        expect(page.locator(".codes li")).to_have_count(10)
        afresh(window)
        page.get_by_role("button", name="Use a passkey").click()
        page.wait_for_url(INSIDE)
        window.go("/accounts/factors/")
        expect(page.get_by_role("link", name="Set a password")).to_be_visible()
        page.get_by_role("link", name="Remove Chrome on").click()
        expect(page.get_by_role("alert")).to_contain_text("Nothing else signs you in")
        expect(page.get_by_role("button", name="Remove it")).to_have_count(0)
    window.check()


def test_a_session_ended_elsewhere_leads_to_signing_in_and_back_to_the_page(visit):
    lost, own = at_localhost(visit(PHONE, 740)), at_localhost(visit(PHONE, 740))
    lost.sign_in(*ORGANISER)
    own.sign_in(*ORGANISER)
    page = own.go("/accounts/sessions/")
    page.get_by_role("button", name=re.compile("^End all others")).click()
    expect(page.get_by_role("status")).to_contain_text(re.compile("other sessions? ha"))
    expect(page.locator("main")).not_to_contain_text("End all others")
    there = lost.page
    there.locator(".thumbs").get_by_role("link", name="People").click()
    expect(there.get_by_role("heading", level=1)).to_have_text("Sign in")
    account = lost.site.sign_ins[ORGANISER]
    there.get_by_label("E-mail").fill(account.email)
    there.get_by_label("Password").fill(account.password)
    there.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    there.wait_for_url("**/people/")
    own.check()
    lost.check()


@pytest.mark.drill
def test_a_figure_that_opens_in_place_leads_to_signing_in_when_the_session_has_ended(visit):
    window = visit(PHONE, 740)
    page = window.sign_in("secretary", "IT")
    window.go("/units/IT/")
    window.page.context.clear_cookies()
    page.locator("main a.opens").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(page.locator("dialog#opened")).to_be_hidden()


@pytest.mark.drill
def test_a_code_by_mail_signs_in_where_mail_is_sent_and_is_not_offered_where_none_is(visit, mailbox):
    window = at_localhost(visit(PHONE, 740))
    account = window.site.sign_ins[ORGANISER]
    page = window.go("/accounts/login/")
    page.get_by_role("link", name="Send me a code").click()
    page.get_by_label("E-mail").fill(account.email)
    page.locator("main").get_by_role("button").first.click()
    expect(page.get_by_label("Code from the e-mail")).to_be_visible()
    (text,) = mailbox()
    (code,) = re.findall(r"^([A-Z0-9-]{6,12})$", text, re.MULTILINE)
    page.get_by_label("Code from the e-mail").fill("WRONG1")
    page.locator("main").get_by_role("button").first.click()
    expect(page.locator(".field .wrong")).to_contain_text("This is not the code that was sent.")
    page.get_by_label("Code from the e-mail").fill(code.lower())
    page.locator("main").get_by_role("button").first.click()
    page.wait_for_url(INSIDE)
    window.page.context.clear_cookies()
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend"):
        page = window.go("/accounts/login/")
        expect(page.get_by_role("link", name="Send me a code")).to_have_count(0)
        expect(page.locator("main")).to_contain_text("This installation sends no mail yet")
        page = window.go("/accounts/code/")
        expect(page.locator("main")).to_contain_text("This installation sends no mail yet")
        expect(page.locator("main").get_by_role("button", name="Send me a code")).to_have_count(0)
    window.check(refused={422})


@pytest.fixture
def mailbox():
    """Return a function that sends what pages have ordered, and returns the texts that arrived."""
    import sys
    from pathlib import Path

    sys.path.insert(0, str(Path(__file__).parent.parent / "accounts"))
    from mailserver import running, settings_for

    def arrived(kept):
        from procrastinate.contrib.django.models import ProcrastinateJob

        from groundswell.accounts import tasks

        for job in ProcrastinateJob.objects.filter(task_name__endswith="send_code", status="todo"):
            tasks.send_code.func(**job.args)
        return [one.get_content().replace("\r\n", "\n") for one in kept.taken]

    with running() as kept, override_settings(**settings_for(kept) | {"PUBLIC_URL": "http://localhost"}):
        yield lambda: stored(lambda: arrived(kept))
