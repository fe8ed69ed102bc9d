"""No dead ends on the way in: what is promised is there, and the last thing that lets her in stays."""

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import RequestFactory
from procrastinate.contrib.django.models import ProcrastinateJob
from test_factors import FACTORS, by_password, code_of, codes_on, set_up, text_of, window

from groundswell.access import scope
from groundswell.access.actor import OPERATOR
from groundswell.accounts import actions as accounts
from groundswell.accounts import tasks
from groundswell.accounts.adapters import AccountAdapter
from groundswell.kernel.errors import Refusal
from stage import actor, signed_in, sql

COME_BACK = "/accounts/come-back/"
NEW_PASSWORD = "otters glide under bridges"  # noqa: S105 - of nobody


@pytest.fixture
def without_mail(world, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    return world


@pytest.fixture
def with_mail(world, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return world


def invited(world, who="hana"):
    """Return somebody's window, who has just come by the link of her invitation, and where it led."""
    with scope.operator("an invitation"):
        said = {"email": f"{who}@example.org", "actor": OPERATOR}
        world.account[who], token = accounts.invite(world.person[who], **said)
    client = window(None)
    return client, client.post(f"/accounts/link/{token}/").url


def passkey(world, who, name="phone"):
    with signed_in(world, who):
        return Authenticator.objects.create(
            user=world.account[who], type="webauthn", data={"name": name, "credential": {}}
        )


def kinds_of(world, who):
    return sorted(Authenticator.objects.filter(user=world.account[who]).values_list("type", flat=True))


def demand(office):
    with scope.operator("a demand"):
        accounts.demand_factors((office,), actor=OPERATOR)


def test_where_no_mail_is_set_up_no_page_promises_a_code(without_mail):
    for answer in (
        window(None).get("/accounts/code/"),
        window(None).post("/accounts/code/", {"email": "chidi@example.org"}),
    ):
        assert "This installation sends no mail yet." in text_of(answer)
        assert "Send me a code" not in text_of(answer)
    assert not ProcrastinateJob.objects.filter(task_name__endswith="send_code").exists()
    assert "Send me a code" not in text_of(window(None).get("/accounts/login/"))


def test_a_code_tried_too_often_and_one_nobody_waits_for_say_that_they_open_nothing(with_mail):
    client = window(None)
    client.post("/accounts/code/", {"email": "chidi@example.org"})
    for _ in range(2):
        assert client.post("/accounts/code/use/", {"code": "AAAAAA"}).status_code == 200
    said = text_of(client.post("/accounts/code/use/", {"code": "AAAAAA"}, follow=True))
    assert "The code opens nothing any more" in said
    assert "Send me a code" in said
    assert "The code opens nothing any more" in text_of(window(None).get("/accounts/code/use/", follow=True))


def test_whoever_was_invited_is_asked_first_how_she_will_come_back(without_mail):
    hana, page = invited(without_mail)
    assert page == COME_BACK
    said = text_of(hana.get(page))
    assert "Add a passkey" in said
    assert "you cannot come back by yourself" in said
    # Whoever goes on without is asked again by her next sign-in, and may go on all the same.
    assert hana.get("/first/").url == COME_BACK
    assert hana.get("/units/").status_code == 200
    answer = hana.post("/accounts/password/?next=/first/", {"password": NEW_PASSWORD})
    assert answer.url == "/first/"
    assert hana.get("/first/").url == "/"
    assert hana.get(COME_BACK).url == "/first/"
    signed = window(None).post("/accounts/login/", {"email": "hana@example.org", "password": NEW_PASSWORD})
    assert signed.url == "/first/"


def test_where_links_go_by_mail_she_is_asked_once(with_mail):
    hana, page = invited(with_mail)
    assert page == COME_BACK
    assert "a link or a code by e-mail each time" in text_of(hana.get(page))
    assert hana.get("/first/").url == "/"
    with scope.worker("a link"):
        token = accounts.make_link(with_mail.account["hana"])
    assert window(None).post(f"/accounts/link/{token}/").url == "/first/"


def test_whoever_has_just_set_something_up_is_not_asked_who_she_is(world):
    with scope.operator("an account"):
        world.account["hana"] = accounts.create_account(
            world.person["hana"], email="hana@example.org", actor=OPERATOR
        )
    hana = window(world, "hana")  # of long ago: nothing is known of how she signed in
    _, answer = set_up(hana)
    assert len(codes_on(hana.get(answer.url))) == 10
    assert hana.get("/accounts/password/").status_code == 200
    # Somebody else's session of long ago, with a password, is asked as before.
    assert window(world, "chidi").get("/accounts/password/").url.startswith("/accounts/again/")


def test_the_last_second_factor_that_her_office_demands_stays(world):
    jonas, _ = by_password("jonas")
    set_up(jonas)
    demand("treasurer")
    page = jonas.get(f"{FACTORS}app/drop/")
    assert "Your office demands a second factor, and this is your only one." in text_of(page)
    assert "<button" not in page.content.decode().split("<h1", 1)[1].split('class="foot"', 1)[0]
    assert jonas.post(f"{FACTORS}app/drop/").status_code == 422
    assert kinds_of(world, "jonas") == ["recovery_codes", "totp"]
    # With another one it may go, and then that other stays.
    key = passkey(world, "jonas").pk
    assert jonas.post(f"{FACTORS}app/drop/").url == FACTORS
    assert jonas.post(f"{FACTORS}passkey/{key}/drop/").status_code == 422
    assert kinds_of(world, "jonas") == ["recovery_codes", "webauthn"]
    demand("auditor")
    assert jonas.post(f"{FACTORS}passkey/{key}/drop/").url == FACTORS
    assert kinds_of(world, "jonas") == []


def test_the_only_thing_that_signs_her_in_stays_where_no_link_can_be_sent(without_mail, settings):
    hana, _ = invited(without_mail)
    key = passkey(without_mail, "hana").pk
    drop = f"{FACTORS}passkey/{key}/drop/"
    assert "Nothing else signs you in" in text_of(hana.get(drop))
    assert hana.post(drop).status_code == 422
    hana.post("/accounts/password/", {"password": NEW_PASSWORD})
    assert hana.post(drop).url == FACTORS
    # Where mail is set up a link is another way.
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    gita, _ = invited(without_mail, "gita")
    assert gita.post(f"{FACTORS}passkey/{passkey(without_mail, 'gita').pk}/drop/").url == FACTORS


def test_a_new_phone_takes_the_place_of_the_old_once_it_has_shown_its_code(world):
    demand("treasurer")
    jonas, _ = by_password("jonas")
    old, _ = set_up(jonas)
    page = jonas.get(f"{FACTORS}app/")
    assert "It takes the place of the app you have" in text_of(page)
    assert jonas.post(f"{FACTORS}app/", {"code": "000000"}).status_code == 200
    client, _ = by_password("jonas")
    assert client.post("/accounts/second/", {"code": code_of(old)}).url == "/first/"
    new, answer = set_up(jonas)
    assert answer.url == FACTORS
    client, _ = by_password("jonas")
    assert client.post("/accounts/second/", {"code": code_of(old, 1)}).status_code == 200
    assert client.post("/accounts/second/", {"code": code_of(new)}).url == "/first/"
    assert kinds_of(world, "jonas") == ["recovery_codes", "totp"]


def test_a_passkey_is_called_something_else_by_its_holder_alone(world):
    chidi, _ = by_password("chidi")
    key = passkey(world, "chidi").pk
    name = f"{FACTORS}passkey/{key}/name/"
    assert "This field is required." in text_of(chidi.post(name, {"name": " "}))
    assert chidi.post(name, {"name": "blue <key>"}).url == FACTORS
    assert "blue &lt;key&gt;" in text_of(chidi.get(FACTORS))
    femi, _ = by_password("femi")
    assert femi.post(name, {"name": "mine"}).status_code == 404
    assert femi.post(f"{FACTORS}passkey/{key}/drop/").status_code == 404
    assert Authenticator.objects.get(pk=key).data["name"] == "blue <key>"


def test_a_passkey_that_is_refused_leads_back_with_a_sentence_to_where_she_was(world):
    sentence = "This passkey was not recognised. Try again, or sign in another way."
    client = window(None)
    answer = client.post("/accounts/passkey/", {"credential": "{}", "next": "/units/"})
    assert answer.url == "/accounts/login/?next=%2Funits%2F"
    assert sentence in text_of(client.get(answer.url))
    set_up(by_password("chidi")[0])
    second, _ = by_password("chidi")
    assert sentence in text_of(second.post("/accounts/second/", {"credential": "{}"}))


def counted(peer, said=""):
    """Return what attempts are counted under that come from a peer, who says in whose name it asks."""
    request = RequestFactory().get("/", REMOTE_ADDR=peer, headers={"x-forwarded-for": said})
    return AccountAdapter(request).get_client_ip(request)


def test_behind_a_web_server_each_network_has_attempts_of_its_own_and_nobody_borrows_anothers():
    hall, home = counted("198.51.100.9"), counted("203.0.113.9")
    assert counted("127.0.0.1", "198.51.100.7") == counted("::1", "::ffff:198.51.100.7") == hall != home
    # What a visitor writes herself stands before what the web server adds.
    assert counted("127.0.0.1", "203.0.113.7, 198.51.100.7") == hall
    # Whoever is not on this machine is no web server in front.
    assert counted("203.0.113.7", "198.51.100.7") == home
    for nonsense in ("", "nonsense", "198.51.100.7, ", "198.51.100.7:443"):
        assert counted("127.0.0.1", nonsense) == counted("127.0.0.1"), nonsense
    assert counted("127.0.0.1", "fe80::1%eth0") == counted("fe80::2")


def test_too_many_attempts_in_a_minute_are_answered_with_a_page_of_ours(world, settings):
    settings.MFA_RATE_LIMITS = {"webauthn_login": "1/m/ip"}
    client = window(None)
    assert client.post("/accounts/passkey/", {"credential": "{}"}).status_code == 302
    answer = client.post("/accounts/passkey/", {"credential": "{}"})
    assert (answer.status_code, "Too many attempts." in text_of(answer)) == (429, True)


def test_whoever_is_led_to_set_one_up_sees_the_page_in_her_colours_and_language(world):
    jonas, _ = by_password("jonas")
    demand("treasurer")
    assert jonas.get("/units/").url.startswith(FACTORS)
    assert jonas.get("/theme.css")["Content-Type"].startswith("text/css")
    assert jonas.post("/language/", {"language": "de", "next": FACTORS}).url == FACTORS
    assert "Wie du dich anmeldest" in text_of(jonas.get(FACTORS, headers={"accept-language": ""}))
    assert jonas.post("/appearance/", {"appearance": "dark", "next": FACTORS}).url == FACTORS


def test_whoever_lost_phone_and_codes_is_let_in_from_the_server_and_all_are_told(with_mail):
    jonas, _ = by_password("jonas")
    set_up(jonas)
    said = {"email": "Jonas@example.org", "actor": OPERATOR}
    with scope.operator("a link for her"):
        _, token = accounts.let_in(**said, lost_factor=False)
    assert window(None).post(f"/accounts/link/{token}/").url == "/accounts/second/"
    assert kinds_of(with_mail, "jonas") == ["recovery_codes", "totp"]
    with scope.operator("a lost phone"):
        account, token = accounts.let_in(**said, lost_factor=True)
        with pytest.raises(Refusal, match=r"Nobody signs in with x@example\.org\."):
            accounts.let_in("x@example.org", lost_factor=True, actor=OPERATOR)
    assert (account, kinds_of(with_mail, "jonas")) == (with_mail.account["jonas"], [])
    assert jonas.get("/units/").url.startswith("/accounts/login/")
    assert window(None).post(f"/accounts/link/{token}/").url == "/first/"
    with scope.operator("what the trail says"):
        ops = {op for (op,) in sql("select op from access_trail where op like 'accounts.%%'")}
    assert {"accounts.link.made", "accounts.factors.taken"} <= ops
    assert tasks.tell_of_help.func(account=account.pk, lost_factor=True) == 4
    assert {letter.to[0].partition("@")[0] for letter in mail.outbox} == {"bela", "ines", "jonas", "sven"}
    # In the language of each one's unit: the cast's are German.
    assert "hat den zweiten Faktor von jonas@example.org weggenommen" in mail.outbox[0].body
    assert tasks.tell_of_help.func(account=0, lost_factor=True) == 0
    with scope.operator("who she is"):
        ines = actor(with_mail, "ines")
    with pytest.raises(Refusal):
        accounts.let_in("jonas@example.org", lost_factor=True, actor=ines)
