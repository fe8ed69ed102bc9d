import json
import re
from urllib.parse import urlencode

import pytest
from django.core import mail

import world as stage
from groundswell.accounts import sealing, tasks
from stage import sql

LOGIN, LINK = "/accounts/login/", "/accounts/link/"


def sign_in(browser, email="ines@example.org", password=stage.PASSWORD, **more):
    return browser.post(LOGIN, {"email": email, "password": password, **more})


def test_the_secretary_of_the_whole_signs_in_and_is_led_on(browser_of):
    answer = sign_in(browser_of(""))
    assert (answer.status_code, answer["Location"]) == (302, "/first/")


def test_a_wrong_password_keeps_the_address_and_says_what_to_do(browser_of):
    answer = sign_in(browser_of(""), password="wrong")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="ines@example.org"' in page
    assert page.count("E-mail and password do not belong together.") == 2  # on top and at the field
    assert "wrong" not in page.split("<main")[1].split("</main>")[0].replace('class="wrong"', "")


def test_an_unknown_address_is_answered_like_a_wrong_password(browser_of):
    unknown = sign_in(browser_of(""), email="nobody@example.org")
    wrong = sign_in(browser_of(""), password="wrong")
    strip = re.compile(r'value="[^"]*"')
    assert strip.sub("", unknown.content.decode()) == strip.sub("", wrong.content.decode())


def test_an_empty_form_says_at_each_field_what_is_missing(browser_of):
    page = browser_of("").post(LOGIN, {}).content.decode()
    assert "Write your e-mail address." in page
    assert "Write your password." in page
    assert page.count('aria-invalid="true"') == 2


@pytest.mark.parametrize(
    ("wanted", "led"),
    [("/units/?q=a", "/units/?q=a"), ("//example.org/", "/first/"), ("https://example.org", "/first/")],
)
def test_signing_in_leads_back_to_a_page_of_this_site_only(browser_of, wanted, led):
    assert sign_in(browser_of(""), next=wanted)["Location"] == led


@pytest.mark.parametrize(
    ("came_from", "led"),
    [
        ("http://testserver/people/1/?tab=notes", "/people/1/?tab=notes"),
        ("http://example.org/people/2/", "/people/1/note/"),
        ("http://testserver//example.org/", "//example.org/"),  # which signing in does not follow
        ("", "/people/1/note/"),
    ],
)
def test_what_is_sent_after_a_session_has_ended_is_said_to_be_lost_and_leads_to_its_form(
    browser_of, came_from, led
):
    browser = browser_of("")
    answer = browser.post("/people/1/note/", {"text": "long"}, headers={"referer": came_from})
    assert answer.url == f"{LOGIN}?{urlencode({'next': led}, safe='/')}"
    assert "what you sent was not kept" in browser.get(answer.url).content.decode()
    assert "what you sent was not kept" not in browser.get(answer.url).content.decode()


def test_whoever_signs_in_by_a_link_or_a_code_comes_to_the_page_she_wanted(world, browser_of, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    asked = browser_of("").get("/people/asked/?q=Ada").url
    page = browser_of("").get(asked).content.decode()
    to_link, to_code = re.findall(r'href="(/accounts/(?:link|code)/\?[^"]*)"', page)
    assert browser_of("").post(to_link, {"email": "ines@example.org"}).status_code == 200
    ((said,),) = sql("select args::text from procrastinate_jobs where task_name like '%%send_link'")
    # Its path alone goes by mail. Whoever comes for the first time is asked how she comes back, and whoever
    # writes another page into the link leads her out of no house.
    led = []
    for wanted in ("/people/asked/", "https://example.com/", "/people/asked/"):
        assert tasks.send_link.func(**json.loads(said)) is True
        (link,) = re.findall(r"http://localhost:8000(/\S+)", mail.outbox.pop().body)
        assert link.endswith("/?next=/people/asked/")
        led.append(browser_of("").post(link.replace("/people/asked/", wanted)).url)
    assert led == ["/accounts/come-back/", "/first/", "/people/asked/"]
    ines = browser_of("")
    to_use = ines.post(to_code, {"email": "ines@example.org"}).url
    ((said,),) = sql("select args::text from procrastinate_jobs where task_name like '%%send_code'")
    assert tasks.send_code.func(**json.loads(said)) is True
    code = mail.outbox.pop().body.split("\n\n")[1].strip()
    assert ines.post(to_use, {"code": code}).url == "/people/asked/?q=Ada"


def sealed(email):
    return sealing.seal(email, sealing.MAIL)


@pytest.fixture
def link(world, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert tasks.send_link(sealed=sealed("INES@example.org "), language="en") is True
    (letter,) = mail.outbox
    assert letter.to == ["ines@example.org"]
    return re.search(r"http://localhost:8000(/accounts/link/\S+/)", letter.body)[1]


def test_a_link_survives_a_scanner_that_opens_it_and_signs_in_once(link, browser_of):
    scanner, ines, thief = browser_of(""), browser_of(""), browser_of("")
    for _ in range(3):
        assert scanner.get(link).status_code == 200
        scanner.head(link)
    assert ines.post(link)["Location"] == "/accounts/come-back/"
    assert ines.get("/accounts/come-back/")["Location"] == "/first/"  # she has a password to come back with
    assert ines.get("/units/").status_code == 200
    spent = thief.post(link)
    assert spent.status_code == 422
    assert "This link has been used, is too old, or did not come whole." in spent.content.decode()
    # What a mail program cut short or added to is answered alike.
    for broken in (f"{link[:-9]}/", f"{link[:-1]}./", "/accounts/link/%00%ff/"):
        assert thief.post(broken).content.count(b"did not come whole") == 1
    assert thief.get("/units/").status_code == 302
    # Who has come by it and opens it once more is in already; nobody else is told who is.
    again = ines.post(link)
    assert "Inés Ivy is signed in here already" in again.content.decode()
    assert "Send me a new link" not in again.content.decode()
    assert "signed in here" not in spent.content.decode()


def test_a_link_opened_where_somebody_else_is_signed_in_says_so_before_it_signs_her_out(link, browser_of):
    shared = browser_of("ada")
    assert (
        "Ada Amber is signed in here. If the link is for somebody else" in shared.get(link).content.decode()
    )
    assert "signed in here" not in browser_of("").get(link).content.decode()
    assert shared.post(link)["Location"] == "/accounts/come-back/"
    assert shared.get("/accounts/factors/").content.decode().count("ines@example.org") == 1


def test_no_link_is_sent_to_a_stranger_and_the_page_does_not_tell(world, browser_of, settings, monkeypatch):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert tasks.send_link(sealed=sealed("nobody@example.org"), language="en") is False
    assert mail.outbox == []
    deferred = []
    monkeypatch.setattr(tasks.send_link, "defer", lambda **more: deferred.append(more))
    pages = [
        browser_of("").post(LINK, {"email": email}).content.decode().replace(email, "")
        for email in ("nobody@example.org", "ines@example.org")
    ]
    token = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
    assert token.sub("", pages[0]) == token.sub("", pages[1])
    # Nor does whoever reads the queue learn who asked.
    assert "example.org" not in str(deferred)
    assert [sealing.unseal(one["sealed"], sealing.MAIL) for one in deferred] == [
        "nobody@example.org",
        "ines@example.org",
    ]


def test_nobody_is_flooded_with_links_and_codes_and_another_address_still_gets_one(
    browser_of, settings, monkeypatch
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    deferred = []
    monkeypatch.setattr(tasks.send_link, "defer", lambda **more: deferred.append(more["sealed"]))
    stranger = browser_of("")
    for email in ("ines@example.org", "INES@example.org"):
        assert stranger.post(LINK, {"email": email}).status_code == 200
    assert stranger.post("/accounts/code/", {"email": "ines@example.org"}).status_code == 302
    refused = stranger.post(LINK, {"email": "ines@example.org"})
    assert refused.status_code == 422
    assert "Too many attempts." in refused.content.decode()
    assert 'value="ines@example.org"' in refused.content.decode()
    assert stranger.post(LINK, {"email": "nobody@example.org"}).status_code == 200
    asked = [sealing.unseal(one, sealing.MAIL) for one in deferred]
    assert asked == ["ines@example.org", "INES@example.org", "nobody@example.org"]


def test_without_mail_the_page_says_whom_to_ask(browser_of, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assert "This installation sends no mail yet" in browser_of("").get(LINK).content.decode()
    assert "This installation sends no mail yet" in browser_of("").get(LOGIN).content.decode()
    wrong = sign_in(browser_of(""), password="wrong").content.decode()
    assert "Check both, or ask whoever runs this installation for a sign-in link." in wrong


def test_a_planted_session_is_not_taken_over(browser_of):
    ines = browser_of("")
    ines.cookies["groundswell"] = "planted-by-somebody-else-0123456789abcdef"
    sign_in(ines)
    assert ines.cookies["groundswell"].value != "planted-by-somebody-else-0123456789abcdef"
    assert ines.get("/units/").status_code == 200
