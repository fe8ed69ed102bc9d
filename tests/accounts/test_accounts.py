"""Accounts and signing in, by password and by a link that works once."""

import contextlib
import datetime as dt

import pytest
from allauth.core.context import request_context
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.test import Client, RequestFactory
from django.utils import timezone

from groundswell.access.actor import ANONYMOUS, OPERATOR
from groundswell.access.sessions import SessionStore
from groundswell.accounts import actions as accounts
from groundswell.accounts.models import Account, SignInLink
from groundswell.accounts.queries import account_of, actor_of
from groundswell.kernel.errors import Refusal
from quickhash import QuickArgon2
from stage import signed_in, sql
from world import PASSWORD


@contextlib.contextmanager
def visit():
    request = RequestFactory().post("/accounts/login/")
    request.session, request.user = SessionStore(), AnonymousUser()
    with request_context(request):
        yield request


def sign_in(email, password):
    """Return who is signed in by this password, the memory of attempts emptied before."""
    cache.clear()
    with visit() as request:
        accounts.sign_in(request, email=email, password=password)
        return request.user


def use_link(token):
    with visit() as request:
        accounts.use_link(request, token=token)
        return request.user


def refusal_of(act):
    with pytest.raises(Refusal) as refused:
        act()
    return refused.value


def test_the_right_password_signs_in_however_the_e_mail_is_written(world):
    for email in ("bela@example.org", " BELA@Example.ORG "):
        assert sign_in(email, PASSWORD) == world.account["bela"]


def test_a_wrong_password_and_an_unknown_e_mail_and_a_closed_account_give_one_and_the_same_sentence(world):
    sql("update accounts_account set is_active = false where email = 'femi@example.org'")
    said = {
        refusal_of(lambda email=email, password=password: sign_in(email, password)).sentence
        for email, password in (
            ("bela@example.org", PASSWORD + "x"),
            ("bela@example.org", ""),
            ("nobody@example.org", PASSWORD),
            ("femi@example.org", PASSWORD),
            ("bela@example.org\x00", PASSWORD),
            ("x" * 5000, PASSWORD),
            ("\ud800", PASSWORD),
        )
    }
    assert len(said) == 1


def test_a_link_signs_in_once(world):
    token = accounts.make_link(world.account["chidi"])
    assert use_link(token) == world.account["chidi"]
    assert refusal_of(lambda: use_link(token)).code == "link-spent"


def test_a_link_a_day_old_or_unknown_or_of_a_closed_account_signs_nobody_in(world):
    token = accounts.make_link(world.account["chidi"])
    SignInLink.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    said = {refusal_of(lambda: use_link(token)).sentence}
    said |= {refusal_of(lambda one=one: use_link(one)).sentence for one in ("", "x", "\x00", "\ud800")}
    closed = accounts.make_link(world.account["femi"])
    sql("update accounts_account set is_active = false where email = 'femi@example.org'")
    said.add(refusal_of(lambda: use_link(closed)).sentence)
    assert len(said) == 1


def test_a_link_lasts_a_day_by_the_machines_clock_and_old_ones_are_swept(world):
    accounts.make_link(world.account["chidi"])
    (link,) = SignInLink.objects.all()
    assert abs(link.expires_at - timezone.now() - dt.timedelta(hours=24)) < dt.timedelta(minutes=5)
    SignInLink.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    accounts.make_link(world.account["femi"])
    assert SignInLink.objects.count() == 1


def test_only_the_digest_of_a_link_is_kept(world):
    token = accounts.make_link(world.account["chidi"])
    ((kept,),) = sql("select encode(digest, 'escape') from accounts_signinlink")
    assert token not in kept
    assert len(token) >= 43


@pytest.mark.parametrize(
    "email", ["", "x", "a@", "@b", "a b@c.org", "x" * 250 + "@c.org", "a\x00@c.org", "\ud800@c.org"]
)
def test_an_e_mail_that_is_none_makes_no_account(world, email):
    refusal = refusal_of(lambda: accounts.create_account(world.person["hana"], email=email, actor=OPERATOR))
    assert refusal.code == "bad-email"


def test_an_e_mail_is_taken_once_whatever_its_case(world):
    refusal = refusal_of(
        lambda: accounts.create_account(world.person["hana"], email="BELA@example.org", actor=OPERATOR)
    )
    assert refusal.code == "email-taken"
    with pytest.raises(DatabaseError, match="unique"), transaction.atomic():
        sql("update accounts_account set email = 'bela@example.org' where email = 'femi@example.org'")


def test_a_secretary_makes_accounts_for_her_members_and_for_nobody_elses(world):
    with signed_in(world, "bela") as bela:
        accounts.create_account(world.person["hana"], email="hana@example.org", actor=bela)
        assert (
            refusal_of(
                lambda: accounts.create_account(world.person["olga"], email="olga@example.net", actor=bela)
            ).code
            == "not-found"
        )
    with signed_in(world, "ada") as ada:
        assert (
            refusal_of(
                lambda: accounts.create_account(world.person["femi"], email="f@example.net", actor=ada)
            ).code
            == "not-allowed"
        )


def test_a_password_digested_at_another_cost_signs_in_and_is_digested_at_todays(world, monkeypatch):
    """As after a Django that raises the cost: nobody is shut out, and a wrong one changes nothing."""

    def posted(password):
        cache.clear()
        words = {"email": "bela@example.org", "password": password}
        return Client().post("/accounts/login/", words).status_code, kept()

    def kept():
        return sql("select password from accounts_account where email = 'bela@example.org'")

    before = kept()
    monkeypatch.setattr(QuickArgon2, "memory_cost", 16)
    assert posted("another-word-entirely") == (422, before)
    status, after = posted(PASSWORD)
    assert (status, after == before) == (302, False)
    assert posted(PASSWORD) == (302, after)


def test_an_account_without_a_password_opens_to_no_password(world):
    accounts.create_account(world.person["hana"], email="hana@example.org", actor=OPERATOR)
    for password in ("", "!", "None"):
        assert refusal_of(lambda password=password: sign_in("hana@example.org", password)).code == "sign-in"


def test_an_actor_is_a_person_with_the_offices_of_today_and_the_units_she_knows(world):
    chidi = actor_of(world.account["chidi"])
    assert (chidi.name, chidi.mandates) == ("Chidi Cove", ())
    assert chidi.own_units == {world.unit[code].pk for code in ("DEPOT", "TRAM", "FED")}
    assert actor_of(AnonymousUser()) == ANONYMOUS
    assert actor_of(Account(is_active=False)) == ANONYMOUS
    assert account_of(" CHIDI@example.org") == world.account["chidi"]
    assert account_of("nobody@example.org") is None
