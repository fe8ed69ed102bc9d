"""Sessions listed and ended by their holder, and invitations to an account."""

import re

from django.core import mail
from django.test import Client

from groundswell.access import scope, sessions
from groundswell.access.actor import OPERATOR
from groundswell.accounts import actions as accounts
from groundswell.accounts.devices import device_of, in_words
from groundswell.accounts.models import Account, SignInLink
from stage import NOW, newcomer, signed_in, somebody, sql
from world import TODAY

PHONE = "Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) AppleWebKit/605 (KHTML) Version/17.0 Safari/604.1"


def window(world, who, agent=PHONE):
    client = Client(headers={"accept-language": "en", "user-agent": agent})
    client.force_login(world.account[who])
    return client


def test_a_device_is_said_in_few_words():
    assert in_words(device_of(PHONE)) == "Firefox on Android"
    assert in_words(device_of(SAFARI)) == "Safari on iPhone"
    assert in_words(device_of("")) == "a device that did not say what it is"
    assert in_words(device_of("\x00Edg/1 Windows" * 900)) == "Edge on Windows"


def test_her_sessions_are_listed_and_ended_one_by_one_and_nobody_elses(world):
    here, there, third = window(world, "chidi"), window(world, "chidi", SAFARI), window(world, "chidi")
    femi = window(world, "femi")
    for client in (here, there, third, femi):
        assert client.get("/accounts/sessions/").status_code == 200
    page = here.get("/accounts/sessions/").content.decode()
    assert page.count("Firefox on Android") == 3  # twice listed, once named beside its button
    assert "Safari on iPhone" in page
    handle = re.search(r'name="session" value="(\w+)"', there.get("/accounts/sessions/").content.decode())
    other = re.search(r'name="session" value="(\w+)"', page)
    assert handle
    assert other
    # Another's handle ends nothing, nor does what is no handle.
    for handle in (other[1], "a\0", "0" * 63, "\N{SNOWMAN}"):
        assert femi.post("/accounts/sessions/end/", {"session": handle}).status_code == 302
    assert [one.get("/accounts/sessions/").status_code for one in (here, there, third)] == [200, 200, 200]
    here.post("/accounts/sessions/end/", {"session": other[1]})
    left = [one.get("/accounts/sessions/").status_code for one in (here, there, third)]
    assert sorted(left) == [200, 200, 302]
    here.post("/accounts/sessions/end/")
    assert [one.get("/accounts/sessions/").status_code for one in (here, there, third)] == [200, 302, 302]
    assert femi.get("/accounts/sessions/").status_code == 200


def test_the_list_gives_no_secret_away_and_is_seen_by_the_hour(world):
    secret = world.signed_in("chidi")
    with scope.session(secret):
        sessions.seen(secret, "Firefox|Android")
        (one,) = [each for each in sessions.listed() if each.here]
    assert (one.device, one.seen_at.minute, one.seen_at.second) == ("Firefox|Android", 0, 0)
    assert secret not in repr(one)
    with signed_in(world, "femi"):
        assert one.handle not in [each.handle for each in sessions.listed()]
        assert not sessions.end_one(one.handle)
    with scope.nobody():
        assert sessions.listed() == []


def token_on(page) -> str:
    """Return the secret of the link that a page shows."""
    return re.search(r'class="secret">[^<]*/([^/<]+)/?<', page.content.decode())[1]


def test_nobody_learns_by_inviting_whose_e_mails_of_a_long_list_are_accounts(world, settings):
    """A branch's secretary would read off it who is a member of another section."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    other = f"/accounts/invite/{somebody(world, 'PIER').pk}/"
    bela, address = window(world, "bela"), f"/accounts/invite/{world.person['hana'].pk}/"
    tried = [bela.post(address, {"email": "olga@example.org"}).text for _time in range(11)]
    assert ["There already is an account" in answer for answer in tried] == [True] * 10 + [False]
    for email in ("olga@example.org", "nobody@example.org"):
        answer = bela.post(address, {"email": email})
        assert (answer.status_code, "you named today belong to accounts" in answer.text) == (422, True)
    assert not Account.objects.filter(email="nobody@example.org").exists()
    # Another secretary is not kept from her work by it.
    assert window(world, "sven").post(other, {"email": "nobody@example.org"}).status_code == 200


def test_a_branch_invites_a_member_by_a_link_on_screen_that_works_once_and_is_called_off(world, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    bela, ada = window(world, "bela"), window(world, "ada")
    hana = world.person["hana"].pk
    assert ada.get(f"/accounts/invite/{hana}/").status_code == 404
    assert f"/accounts/invite/{hana}/" in bela.get(f"/people/{hana}/").content.decode()
    taken = bela.post(f"/accounts/invite/{hana}/", {"email": "femi@example.org"})
    assert (taken.status_code, "There already is an account" in taken.content.decode()) == (422, True)
    first = bela.post(f"/accounts/invite/{hana}/", {"email": "hana@example.org"})
    token = token_on(first)
    assert 'class="qr"' in first.content.decode()
    asked = bela.get(f"/accounts/invite/{hana}/").content.decode()
    assert 'value="hana@example.org"' in asked
    assert "A new invitation ends the link she has." in asked
    with scope.worker("a link that is too old is swept"):
        SignInLink.objects.filter(account__email="hana@example.org").delete()
    asked = bela.get(f"/accounts/invite/{hana}/").content.decode()
    assert "did not come; her link opens nothing any more." in asked
    assert "ends the link she has" not in asked
    # Invited anew, the first link opens nothing; called off, the second opens nothing either.
    second = bela.post(f"/accounts/invite/{hana}/", {"email": "hana@example.org"})
    assert Client().post(f"/accounts/link/{token}/").status_code == 422
    bela.post(f"/accounts/invite/{hana}/call-off/")
    token = token_on(second)
    assert Client().post(f"/accounts/link/{token}/").status_code == 422
    assert not Account.objects.filter(email="hana@example.org").exists()
    third = bela.post(f"/accounts/invite/{hana}/", {"email": "hana@example.org"})
    token = token_on(third)
    assert Client().post(f"/accounts/link/{token}/").url == "/accounts/come-back/"
    again = bela.post(f"/accounts/invite/{hana}/", {"email": "hana@example.org"})
    asked = bela.get(f"/accounts/invite/{hana}/")
    for page in (again, asked):
        assert "She signs in already." in page.content.decode()
        assert "The e-mail she will sign in with" not in page.content.decode()
    bela.post(f"/accounts/invite/{hana}/call-off/")
    assert Account.objects.filter(email="hana@example.org").exists()


def test_nobody_comes_by_inviting_to_an_office_that_is_not_hers_to_give(world, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with scope.operator("a secretary below, and a treasurer above her who has no account"):
        said = {"day": TODAY, "actor": OPERATOR, "at": NOW}
        accounts.give_mandate(world.person["femi"], unit=world.unit["DEPOT"], office="secretary", **said)
        nia = newcomer(world, "DEPOT", "1 May 2024").person
        accounts.give_mandate(nia, unit=world.unit["TRAM"], office="treasurer", **said)
    address, hers = f"/accounts/invite/{nia.pk}/", {"email": "nia@example.org"}
    refused = window(world, "femi").post(address, hers)
    assert (refused.status_code, "an office that you cannot give" in refused.text) == (422, True)
    assert not Account.objects.filter(email="nia@example.org").exists()
    # Who may give it may; then the letter may go once more to whom she named, and to nobody else.
    assert window(world, "bela").post(address, hers).status_code == 302
    assert window(world, "femi").post(address, {"email": "femi+nia@example.org"}).status_code == 422
    assert window(world, "femi").post(address, hers).status_code == 302
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assert window(world, "femi").post(address, hers).status_code == 422


def test_with_mail_the_link_goes_by_mail_and_lies_in_the_queue_sealed(world, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    from groundswell.accounts import tasks

    bela, hana = window(world, "bela"), world.person["hana"].pk
    answer = bela.post(f"/accounts/invite/{hana}/", {"email": "hana@example.org"})
    assert answer.url == f"/people/{hana}/"
    ((args,),) = sql("select args::text from procrastinate_jobs where task_name like '%%send_invitation'")
    assert "hana" not in args
    import json

    tasks.send_invitation.func(**json.loads(args))
    (letter,) = mail.outbox
    link = re.search(r"/accounts/link/([\w-]+)/", letter.body)
    assert link
    assert link[1] not in args
    assert Client().post(link[0]).url == "/accounts/come-back/"
