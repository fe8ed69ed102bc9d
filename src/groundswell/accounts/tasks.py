"""What the worker does for this room."""

import json

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from groundswell.access import scope
from groundswell.accounts import actions, holding, queries, sealing
from groundswell.accounts.models import Mandate
from groundswell.kernel import clock


@app.task
def send_link(*, email: str, language: str) -> bool:
    """Send a link that signs in once to whoever has an account under this e-mail; say whether one was sent.

    It runs apart from the request, so that the time of an answer tells nobody who has an account. The
    address comes from the settings: what a job carries could have been put there by an injection.
    """
    address = settings.PUBLIC_URL.rstrip("/")
    with scope.worker("send a sign-in link"):
        account = queries.account_of(email)
        token = actions.make_link(account) if account else ""
    if not account:
        return False
    with translation.override(language):
        link = address + reverse("accounts:use-link", args=[token])
        text = render_to_string("accounts/link_mail.txt", {"link": link, "address": address})
        send_mail(_("Your link to sign in"), text, None, [account.email])
    return True


@app.task
def send_code(*, sealed: str) -> bool:
    """Send a code that signs in, to whoever has an account; say whether one was sent.

    The job is made for unknown addresses as well, without a code, so that nobody learns from an answer
    who has an account. It lies in the queue sealed: whoever reads the queue must not read a code there.
    """
    said = json.loads(sealing.unseal(sealed, sealing.MAIL))
    if not said["code"]:
        return False
    address = settings.PUBLIC_URL.rstrip("/")
    with translation.override(said["language"]):
        text = render_to_string("accounts/code_mail.txt", {"code": said["code"], "address": address})
        send_mail(_("Your code to sign in"), text, None, [said["email"]])
    return True


@app.task
def tell_of_rescue(*, code: str) -> int:
    """Tell every secretary that the server's operator gave a unit a secretary; return how many were told."""
    address = settings.PUBLIC_URL.rstrip("/")
    with scope.worker("tell of a rescue"):
        emails = queries.emails_of_secretaries()
    text = render_to_string("accounts/rescue_mail.txt", {"code": code, "address": address})
    for email in emails:
        send_mail(_("A secretary was appointed on the server"), text, None, [email])
    return len(emails)


@app.task
def tell_of_help(*, email: str, lost_factor: bool) -> int:
    """Tell her and every secretary that the server's operator let her in; return how many were told.

    An e-mail that lies in the queue could have been put there: nobody is told of one that has no account.
    """
    address = settings.PUBLIC_URL.rstrip("/")
    with scope.worker("tell of somebody let in"):
        account = queries.account_of(email)
        emails = {account.email, *queries.emails_of_secretaries()} if account else set()
    context = {"email": email, "lost_factor": lost_factor, "address": address}
    text = render_to_string("accounts/help_mail.txt", context)
    for one in sorted(emails):
        send_mail(_("A link to sign in was made on the server"), text, None, [one])
    return len(emails)


@app.task
def tell_of_office(*, mandate: int, language: str) -> bool:
    """Tell whoever took an office over what waits in it, each with its address; say whether she was told.

    The sentences count and name units, nobody: a mail lies about in the open.
    """
    with scope.worker("tell of an office"), translation.override(language):
        held = Mandate.objects.select_related("unit", "person").get(pk=mandate)
        account = queries.account_of_person(held.person)
        open_now = holding.what_is_open(held, clock.today()) if account else []
        words = holding.words_of(held)
    if account is None:
        return False
    with translation.override(language):
        context = words | {"lines": open_now, "address": settings.PUBLIC_URL.rstrip("/")}
        text = render_to_string("accounts/office_mail.txt", context)
        send_mail(_("An office was handed over to you"), text, None, [account.email])
    return True


@app.task
def send_invitation(*, sealed: str, language: str) -> None:
    """Send an invitation; its link lies in the queue sealed."""
    email, token = sealing.unseal(sealed, sealing.MAIL).split(" ")
    address = settings.PUBLIC_URL.rstrip("/")
    with translation.override(language):
        link = address + reverse("accounts:use-link", args=[token])
        text = render_to_string("accounts/invitation_mail.txt", {"link": link, "address": address})
        send_mail(_("Your branch invites you"), text, None, [email])


@app.task
def tell_of_demand(*, offices: list[str]) -> int:
    """Tell whoever holds one of these offices and has no second factor that one is demanded; say how many."""
    address = settings.PUBLIC_URL.rstrip("/")
    known = dict(settings.LANGUAGES)
    with scope.worker("tell of a second factor demanded"):
        told = queries.emails_wanting_a_factor(sorted(set(offices) & queries.demanded()))
    for email, locale in told:
        language = locale.split("-")[0]
        with translation.override(language if language in known else settings.LANGUAGE_CODE):
            text = render_to_string("accounts/demand_mail.txt", {"address": address})
            send_mail(_("Your office needs a second way to show that it is you"), text, None, [email])
    return len(told)
