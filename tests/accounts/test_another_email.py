"""She signs in with another e-mail: shown to be hers where mail is sent, and told to the old one."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from procrastinate.contrib.django.models import ProcrastinateJob
from test_factors import by_password, text_of, window, without_token

from groundswell.access import scope
from groundswell.access.actor import OPERATOR
from groundswell.accounts import actions as accounts
from groundswell.accounts import tasks
from groundswell.accounts.models import Account
from stage import sql

EMAIL = "/accounts/email/"
NEW = "chidi.new@example.org"


@pytest.fixture
def with_mail(world, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    cache.clear()
    return world


@pytest.fixture
def without_mail(world, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    cache.clear()
    return world


def work():
    """Do what pages have ordered of the worker; return what was answered."""
    jobs = list(ProcrastinateJob.objects.order_by("id").values_list("task_name", "args"))
    sql("delete from procrastinate_jobs")
    return [getattr(tasks, name.rpartition(".")[2])(**args) for name, args in jobs]


def link_of(letter):
    return re.search(r"http://localhost:8000(/accounts/email/\S+/)", letter.body)[1]


def email_of(world, who):
    return Account.objects.get(pk=world.account[who].pk).email


def test_a_link_to_the_new_e_mail_changes_it_once_and_the_old_one_is_told(with_mail):
    (chidi, _), elsewhere = by_password("chidi"), window(with_mail, "chidi")
    # Who signed in long ago shows first that it is still she.
    assert elsewhere.post(EMAIL, {"email": NEW}).url.startswith("/accounts/again/")
    with scope.worker("a link"):
        old = accounts.make_link(with_mail.account["chidi"])
    assert "You sign in with <strong>chidi@example.org</strong>" in text_of(chidi.get("/accounts/factors/"))
    assert "You sign in with this e-mail already." in text_of(
        chidi.post(EMAIL, {"email": "CHIDI@example.org"})
    )
    assert chidi.post(EMAIL, {"email": NEW.upper()}).status_code == 200
    assert work() == [True]
    assert mail.outbox[0].to == [NEW]
    link = link_of(mail.outbox[0])
    # Opening it changes nothing; nor does whoever is signed out, or signs in by another account.
    assert window(None).get(link).url.startswith("/accounts/login/?next=/accounts/email/")
    femi = window(with_mail, "femi")
    assert femi.post(link).status_code == 422
    assert chidi.get(link).status_code == 200
    assert (email_of(with_mail, "chidi"), email_of(with_mail, "femi")) == (
        "chidi@example.org",
        "femi@example.org",
    )

    assert chidi.post(link).url == "/accounts/factors/"
    assert email_of(with_mail, "chidi") == NEW
    assert work() == [True]
    assert mail.outbox[1].to == ["chidi@example.org"]
    assert NEW not in mail.outbox[1].body
    # What lay in the old mailbox opens nothing any more, and her other sessions have ended.
    assert window(None).post(f"/accounts/link/{old}/").status_code == 422
    assert elsewhere.get("/units/").status_code == 302
    assert chidi.get("/units/").status_code == 200
    assert chidi.post(link).status_code == 422


def test_nobody_learns_by_it_who_has_an_account(with_mail):
    chidi, _ = by_password("chidi")
    taken = chidi.post(EMAIL, {"email": "femi@example.org"})
    free = chidi.post(EMAIL, {"email": "nobody@example.org"})
    assert without_token(taken).replace("femi@", "nobody@") == without_token(free)
    assert work() == [False, True]
    # Whoever was given the e-mail meanwhile keeps it.
    link = link_of(mail.outbox[0])
    with scope.operator("an account"):
        accounts.create_account(with_mail.person["hana"], email="nobody@example.org", actor=OPERATOR)
    assert "There already is an account for nobody@example.org." in text_of(chidi.post(link))
    assert email_of(with_mail, "chidi") == "chidi@example.org"
    assert chidi.get(f"{link[:-3]}xx/").status_code == 422
    asked = [text_of(chidi.post(EMAIL, {"email": "nobody@example.org"})) for _ in range(3)]
    assert "Too many attempts" in asked[-1]


def test_where_no_mail_is_sent_it_changes_at_once_and_a_taken_one_is_counted(without_mail):
    chidi, _ = by_password("chidi")
    for _ in range(10):
        assert "There already is an account" in text_of(chidi.post(EMAIL, {"email": "femi@example.org"}))
    assert "Too many e-mails" in text_of(chidi.post(EMAIL, {"email": NEW}))
    cache.clear()
    said = text_of(chidi.post(EMAIL, {"email": NEW}, follow=True))
    assert f"You sign in with {NEW} from now on." in said
    assert email_of(without_mail, "chidi") == NEW
    assert ProcrastinateJob.objects.count() == 0
