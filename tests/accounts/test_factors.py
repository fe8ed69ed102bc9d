"""Second factors: demanded by office, set up, used once, sealed, and hung onto nobody else's account."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from groundswell.access import scope
from groundswell.access.actor import OPERATOR
from groundswell.accounts import actions as accounts
from groundswell.accounts import tasks
from pageforms import send
from stage import signed_in, sql
from world import PASSWORD

FACTORS = "/accounts/factors/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - of nobody's phone


@pytest.fixture
def demanding(world):
    with scope.operator("the offices that demand a second factor"):
        accounts.demand_factors(("secretary", "treasurer", "dpo"), actor=OPERATOR)
    cache.clear()
    return world


def code_of(secret, periods=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + periods))


def window(world, who="", **more):
    client = Client(headers={"accept-language": "en"})
    if who:
        client.force_login(world.account[who])
    return client


def by_password(who):
    client = window(None)
    answer = client.post("/accounts/login/", {"email": f"{who}@example.org", "password": PASSWORD})
    return client, answer


def codes_on(page) -> list[str]:
    """Return the recovery codes that a page shows."""
    (shown,) = re.findall(r'<ul class="codes">(.*?)</ul>', page.content.decode(), re.DOTALL)
    return re.findall(r"<code>([^<]+)</code>", shown)


def without_token(page) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page.content.decode())


def set_up(client, address=f"{FACTORS}app/"):
    page = client.get(address)
    secret = re.search(r'class="secret">([A-Z2-7 ]+)<', page.content.decode())[1].replace(" ", "")
    return secret, client.post(address, {"code": code_of(secret)})


def way_to(page, step):
    """Return the address under which a page leads to a step of setting one up."""
    return re.findall(rf'href="({FACTORS}{step}[^"]*)"', page)


def test_an_office_that_demands_a_second_factor_leads_there_before_anything_else(demanding):
    bela, answer = by_password("bela")
    assert answer.url == "/first/"
    for page in ("/", "/units/", "/people/", "/report/", "/accounts/link/"):
        assert bela.get(page).url.startswith(FACTORS), page
    page = bela.get(FACTORS)
    assert page.status_code == 200
    assert "Your office opens other people’s data" in page.content.decode()
    # An organiser's office demands none, and whoever has none goes out as always.
    ada, _ = by_password("ada")
    assert ada.get("/units/").status_code == 200
    assert bela.post("/accounts/logout/").url == "/"
    # Set up, it is asked for no more, and she goes on to where she was going.
    bela, _ = by_password("bela")
    page = bela.get(bela.get("/people/?q=a&unit=TRAM").url).content.decode()
    assert "next=%2Fpeople%2F%3Fq%3Da%26unit%3DTRAM" in way_to(page, "passkey/")[0]
    _, answer = set_up(bela, *way_to(page, "app/"))
    codes, _, wanted = answer.url.partition("?")
    assert (codes, wanted) == (reverse("mfa_view_recovery_codes"), "next=%2Fpeople%2F%3Fq%3Da%26unit%3DTRAM")
    page = bela.get(answer.url)
    assert len(codes_on(page)) == 10
    assert 'href="/people/?q=a&amp;unit=TRAM"' in page.content.decode()
    assert "not shown again" in bela.get(answer.url).content.decode()
    assert "<code>" not in bela.get(answer.url).content.decode()
    assert bela.get("/people/?q=a&unit=TRAM").status_code == 200
    # Where there are codes already it goes there at once; never to a page of somebody else's.
    _, answer = set_up(bela, f"{FACTORS}app/?next=/units/")
    assert answer.url == "/units/"
    assert set_up(bela, f"{FACTORS}app/?next=https://evil.example/")[1].url == FACTORS


def test_a_second_factor_is_asked_after_the_password_and_each_code_works_once(demanding):
    first, _ = by_password("chidi")
    secret, answer = set_up(first)
    recovery = codes_on(first.get(answer.url))[0]
    client, answer = by_password("chidi")
    assert answer.url == "/accounts/second/"
    assert client.get("/people/1/").url.startswith("/accounts/login/")
    wrong = client.post("/accounts/second/", {"code": "000000"})
    assert "This code does not fit" in wrong.content.decode()
    code = code_of(secret)
    assert client.post("/accounts/second/", {"code": code}).url == "/first/"
    again, _ = by_password("chidi")
    assert again.post("/accounts/second/", {"code": code}).status_code == 200
    assert again.post("/accounts/second/", {"code": recovery}).url == "/first/"
    assert "You used a recovery code; 9 are left." in text_of(again.get("/"))
    assert "recovery code" not in text_of(client.get("/"))
    third, _ = by_password("chidi")
    assert third.post("/accounts/second/", {"code": recovery}).status_code == 200
    # A link is a first step too, and no way around the second.
    with scope.worker("a link"):
        token = accounts.make_link(demanding.account["chidi"])
    assert window(None).post(f"/accounts/link/{token}/").url == "/accounts/second/"


def test_what_a_second_factor_holds_is_sealed_and_written_by_its_holder_alone(demanding):
    with scope.operator("an app"):
        accounts.give_authenticator_app(demanding.account["chidi"], secret=SECRET, actor=OPERATOR)
    assert [kept for (kept,) in sql("select data::text from mfa_authenticator") if SECRET in kept] == []
    with signed_in(demanding, "chidi"):
        # An injection under her session: another's account, and her own row changed without a voucher.
        factor = "insert into mfa_authenticator (user_id, type, data, created_at) values"
        address = 'insert into account_emailaddress (user_id, email, verified, "primary") values'
        for statement in (
            f"{factor} ({demanding.account['bela'].pk}, 'webauthn', '{{}}', now())",
            f"{factor} ({demanding.account['chidi'].pk}, 'webauthn', '{{}}', now())",
            "update mfa_authenticator set data = '{}'",
            f"{address} ({demanding.account['chidi'].pk}, 'x@example.org', true, true)",
            "insert into accounts_factordemand values ('organiser')",
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                sql(statement)
        Authenticator(user=demanding.account["chidi"], type="webauthn", data={"name": "phone"}).save()
    with signed_in(demanding, "femi"):
        sql("delete from mfa_authenticator")
    assert Authenticator.objects.filter(user=demanding.account["chidi"]).count() == 2


def test_after_five_wrong_passwords_even_the_right_one_waits_and_nobody_else_does(demanding):
    client = window(None)

    def attempt(who, password):
        return client.post("/accounts/login/", {"email": f"{who}@example.org", "password": password})

    for who in ("femi", "nobody"):
        said = {without_token(attempt(who, "wrong")) for _ in range(5)}
        assert len(said) == 1
        assert "Too many attempts" in attempt(who, PASSWORD).content.decode()
    assert attempt("ada", PASSWORD).status_code == 302
    assert [
        key for (key,) in sql("select key from accounts_memory") if "127.0.0.1" in key or "femi" in key
    ] == []


def test_a_code_by_mail_signs_in_and_nobody_learns_who_has_an_account(demanding, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    answers = set()
    for who in ("chidi", "nobody"):
        client = window(None)
        answer = client.post("/accounts/code/", {"email": f"{who}@example.org"}, follow=True)
        answers.add(answer.content.decode().split("<main", 1)[1].split("csrfmiddlewaretoken", 1)[0])
        if who == "chidi":
            chidi = client
    assert len(answers) == 1
    jobs = ProcrastinateJob.objects.filter(task_name__endswith="send_code").order_by("id")
    sent = [tasks.send_code.func(**job.args) for job in jobs]
    assert sent == [True, False]
    (letter,) = mail.outbox
    code = letter.body.split("\n\n")[1].strip()
    assert all(code not in str(job.args) for job in jobs)
    assert chidi.post("/accounts/code/use/", {"code": "AAAAAA"}).status_code == 200
    assert chidi.post("/accounts/code/use/", {"code": code}).url == "/first/"


def test_what_is_no_passkey_is_refused_with_a_sentence_whatever_it_is(demanding):
    client = window(None)
    assert client.get("/accounts/passkey/", headers={"accept": "application/json"}).json()["request_options"]
    for nonsense in (
        "",
        "null",
        "[]",
        "{}",
        "7",
        '"x"',
        '{"response": []}',
        '{"id": 1, "rawId": "_", "response": {}}',
    ):
        assert client.post("/accounts/passkey/", {"credential": nonsense}).url == "/accounts/login/", nonsense
    chidi, _ = by_password("chidi")
    page = chidi.get(f"{FACTORS}passkey/").content.decode()
    assert re.search(r'"residentKey": ?"required"', page.replace("&quot;", '"'))
    for nonsense in ("{}", "[1]", '{"response": 3}'):
        answer = chidi.post(f"{FACTORS}passkey/", {"credential": nonsense, "passwordless": "on"})
        assert answer.status_code == 200, nonsense
        assert "Something is not right yet" in answer.content.decode()


def test_a_password_is_set_by_whoever_has_just_signed_in_and_a_weak_one_is_refused(demanding):
    chidi, _ = by_password("chidi")
    weak = chidi.post("/accounts/password/", {"password": "password12"})
    assert (weak.status_code, "too common" in weak.content.decode()) == (422, True)
    assert chidi.post("/accounts/password/", {"password": "otters glide under bridges"}).url == FACTORS
    assert chidi.get(FACTORS).status_code == 200
    assert (
        window(None)
        .post("/accounts/login/", {"email": "chidi@example.org", "password": "otters glide under bridges"})
        .url
        == "/first/"
    )


DEMANDS = "/offices/factors/"


def text_of(answer):
    return " ".join(answer.content.decode().split())


def test_the_secretary_of_the_top_unit_chooses_which_offices_demand_a_second_factor(world, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with scope.operator("one who has an app"):
        accounts.give_authenticator_app(world.account["olga"], secret=SECRET, actor=OPERATOR)
    ines = window(world, "ines")
    page = text_of(ines.get(DEMANDS))
    assert "No office demands a second factor." in page
    # What follows stands beside each office before anything is chosen.
    for said in (
        "Secretary: 3 of 3 holders have none yet.",
        "Treasurer: 1 of 1 holders has none yet.",
        "Data protection officer: its 1 holder has one.",
    ):
        assert said in page, said
    assert send(ines, DEMANDS, {"offices": ["treasurer", "dpo"]}).url == DEMANDS
    page = text_of(ines.get(DEMANDS))
    assert "demand a second factor: treasurer and data protection officer." in page
    assert "told by e-mail" in page
    (job,) = ProcrastinateJob.objects.filter(task_name__endswith="tell_of_demand")
    assert tasks.tell_of_demand.func(**job.args) == 1
    assert [letter.to for letter in mail.outbox] == [["jonas@example.org"]]
    # What lies in the queue could have been put there: only what is demanded is told of.
    assert tasks.tell_of_demand.func(offices=["secretary", "nonsense"]) == 0
    event = "accounts.factors.demanded"
    with scope.operator("what the trail says"):
        said = sql("select unit_id from access_trail where op = %s order by id desc limit 1", event)
    assert said == [(world.unit["FED"].pk,)]
    assert send(ines, DEMANDS, {"offices": None}).url == DEMANDS
    assert sql("select * from accounts_factordemand") == []


def test_whoever_has_no_second_factor_is_led_to_set_one_up_and_goes_on(world):
    jonas, _ = by_password("jonas")
    assert jonas.get("/units/").status_code == 200
    window(world, "ines").post(DEMANDS, {"offices": ["treasurer"]})
    assert jonas.get("/units/").url.startswith(FACTORS)
    # What she was just sending is lost, and she is told so.
    sent = jonas.post(f"/people/{world.person['jonas'].pk}/edit/", {"name": "Jo Juniper"})
    assert sent.url.startswith(FACTORS)
    assert "so what you sent was not kept." in text_of(jonas.get(sent.url))
    # A session that a password alone opened ends when the factor is there: it was opened without it.
    elsewhere, _ = by_password("jonas")
    set_up(jonas)
    assert "The app is set up. Your other sessions have ended." in text_of(jonas.get(FACTORS))
    assert jonas.get("/units/").status_code == 200
    assert elsewhere.get("/units/").url.startswith("/accounts/login/")
    # A session of an hour ago, of somebody without a password, is asked who she is, and has a way out.
    chidi = window(world, "chidi")
    page = chidi.get(f"{FACTORS}app/", follow=True)
    assert "sign in again by a link" in text_of(page)
    assert chidi.post("/accounts/logout/").url == "/"


@pytest.mark.parametrize("who", ["bela", "ada", "olga", "quinn", "sven"])
def test_no_other_office_chooses_them_and_each_may_read_which_they_are(world, who):
    client = window(world, who)
    page = text_of(client.get(DEMANDS))
    assert "The secretary of the top unit chooses them." in page
    assert "holders" not in page
    refused = client.post(DEMANDS, {"offices": ["organiser"]})
    assert refused.status_code == 422
    assert sql("select * from accounts_factordemand") == []


def test_an_injection_under_her_session_changes_no_demand(demanding):
    with signed_in(demanding, "ines"):
        for statement in (
            "select accounts_demand_factors('{}')",
            "select accounts_demand_factors('{organiser}')",
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                sql(statement)
        # Row security hides what may not be deleted: nothing is, and nothing is said.
        sql("delete from accounts_factordemand")
    assert len(sql("select * from accounts_factordemand")) == 3


def test_a_member_finds_no_page_of_offices(world):
    assert window(world, "chidi").get(DEMANDS).status_code == 404
    assert window(world).get(DEMANDS).url.startswith("/accounts/login/")
