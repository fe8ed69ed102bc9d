"""What the worker does for this room: its mails.

A mail whose worker was killed is sent once more (`access.killed`): twice is better than never.
"""

import json
import logging
import time
from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate import JobContext
from procrastinate.contrib.django import app

from groundswell.access import scope
from groundswell.access.killed import OnceMore
from groundswell.accounts import actions, holding, mailing, queries, sealing
from groundswell.accounts.models import Mandate
from groundswell.kernel import clock
from groundswell.kernel.saying import spoken
from groundswell.structure import queries as structure

_log = logging.getLogger(__name__)
# How long a code of allauth signs in, in seconds: afterwards its mail would only mislead.
SIGN_IN_CODE_LASTS: Final = settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT


def _send(to: str, subject: str, text: str, *, until: float = 0.0) -> bool:
    """Send a mail now, or let it be tried again; return False when its recipient is refused for good.

    `until` is the moment, in seconds of the machine's clock, from which on it is no use to her; 0: none.
    """
    try:
        mailing.post(to, subject, text)
    except mailing.NotTaken as problem:
        if mailing.is_hopeless(problem, attempts=1):
            return False
        said = json.dumps({"to": to, "subject": subject, "text": text, "until": until})
        later = deliver.configure(schedule_in={"seconds": int(mailing.WAITS[0].total_seconds())})
        account = queries.account_of(to)
        # By her number an erasure finds what waits for her; what is sealed it cannot read.
        person = (account.person_id if account else None) or 0
        later.defer(sealed=sealing.seal(said, sealing.MAIL), person=person)
    return True


@app.task(retry=mailing.Again(), pass_context=True)
def deliver(context: JobContext, *, sealed: str, person: int = 0) -> bool:
    """Try a mail again that was not taken; say whether it went. NotTaken when it is to be tried once more.

    It lies in the queue sealed, for it may hold a link. One that is given up leaves the queue, and so does
    one to a `person` who is erased.
    """
    del person
    said = json.loads(sealing.unseal(sealed, sealing.MAIL))
    if _is_late(said["until"]):
        return False
    try:
        mailing.post(said["to"], said["subject"], said["text"])
    except mailing.NotTaken as problem:
        # The first attempt was made before there was this job, and this one is not counted yet.
        if mailing.is_hopeless(problem, attempts=context.job.attempts + 2):
            return False
        raise
    return True


@app.task(retry=OnceMore())
def send_link(*, sealed: str, language: str) -> bool:
    """Send a link that signs in once to whoever has an account under this e-mail; say whether one was sent.

    It runs apart from the request, so that the time of an answer tells nobody who has an account. The
    address of the link comes from the settings: what a job carries could have been put there by an injection.
    """
    email, _space, wanted = sealing.unseal(sealed, sealing.MAIL).partition(" ")
    with scope.worker("send a sign-in link"):
        account = queries.account_of(email)
        token = actions.make_link(account) if account else ""
    if not account:
        return False
    with translation.override(language):
        text = mailing.letter("link", link=_link(token, wanted))
        return _send(account.email, _("Your link to sign in"), text)


@app.task(retry=OnceMore())
def send_code(*, sealed: str) -> bool:
    """Send a code that signs in, to whoever has an account; say whether one was sent.

    The job is made for unknown addresses as well, without a code, so that nobody learns from an answer
    who has an account. It lies in the queue sealed: whoever reads the queue must not read a code there.
    """
    said = json.loads(sealing.unseal(sealed, sealing.MAIL))
    if not said["code"] or _is_late(said["until"]):
        return False
    with translation.override(said["language"]):
        text = mailing.letter("code", code=said["code"])
        return _send(said["email"], _("Your code to sign in"), text, until=said["until"])


@app.task(retry=OnceMore())
def tell_of_rescue(*, code: str) -> int:
    """Tell every secretary that the server's operator gave a unit a secretary; return how many were told."""
    with scope.worker("tell of a rescue"):
        told = queries.emails_of_secretaries()
    for email, locale in told:
        with translation.override(spoken(locale)):
            text = mailing.letter("rescue", code=code)
            _send(email, _("A secretary was appointed on the server"), text)
    return len(told)


@app.task(retry=OnceMore())
def tell_of_help(*, account: int, lost_factor: bool) -> int:
    """Tell her and every secretary that the server's operator let her in; return how many were told.

    A number that lies in the queue could have been put there: nobody is told of one that has no account.
    """
    with scope.worker("tell of somebody let in"):
        helped = queries.account_if_there(account)
        if helped is None:
            return 0
        told = dict(queries.emails_of_secretaries())
        told.setdefault(helped.email, queries.locale_of(helped))
    for one, locale in sorted(told.items()):
        with translation.override(spoken(locale)):
            text = mailing.letter("help", email=helped.email, lost_factor=lost_factor)
            _send(one, _("A link to sign in was made on the server"), text)
    return len(told)


@app.task(retry=OnceMore())
def tell_of_office(*, mandate: int, language: str) -> bool:
    """Tell whoever was given an office what waits in it, each with its address; say whether she was told.

    In her language, else in `language`. The sentences count and name units, nobody: a mail lies about in the
    open. One that was taken back meanwhile is not told of.
    """
    with scope.worker("tell of an office"):
        believed = Mandate.objects.select_related("unit", "person").filter(recorded__upper_inf=True)
        held = believed.filter(pk=mandate).first()
        account = queries.account_of_person(held.person) if held else None
        if held is None or account is None:
            return False
        with translation.override(spoken(queries.locale_of(account) or language)):
            text = mailing.letter(
                "office",
                lines=holding.what_is_open(held, clock.today()),
                wants_factor=queries.wants_factor(account.pk, held.office),
                **holding.words_of(held),
            )
            subject = _("An office was given to you")
    return _send(account.email, subject, text)


@app.task(retry=OnceMore())
def send_invitation(*, sealed: str, language: str) -> bool:
    """Send an invitation, whose link lies in the queue sealed; say whether it was sent."""
    email, token = sealing.unseal(sealed, sealing.MAIL).split(" ")
    with translation.override(language):
        with scope.worker("name the organisation in an invitation"):
            whole = structure.root()
            name = "" if whole.protected else structure.called([whole.pk], clock.today())[whole.pk].name
        text = mailing.letter("invitation", link=_link(token), organisation=name)
        return _send(email, _("You are invited"), text)


@app.task(retry=OnceMore())
def send_new_email(*, sealed: str, language: str) -> bool:
    """Send the link that shows a new e-mail to be hers; to one that somebody signs in with nothing is sent.

    It runs apart from the request, so that no answer tells who has an account.
    """
    email, token = sealing.unseal(sealed, sealing.MAIL).split(" ")
    with scope.worker("send a link to a new e-mail"):
        if queries.is_taken(email):
            return False
    with translation.override(language):
        link = settings.PUBLIC_URL.rstrip("/") + reverse("accounts:take-email", args=[token])
        return _send(email, _("Is this e-mail yours?"), mailing.letter("email", link=link))


@app.task(retry=OnceMore())
def tell_old_email(*, sealed: str, language: str) -> bool:
    """Tell the e-mail that signed in until now that another one does, without saying which."""
    with translation.override(language):
        text = mailing.letter("email_changed")
        return _send(sealing.unseal(sealed, sealing.MAIL), _("This e-mail signs in no longer"), text)


@app.task(retry=OnceMore())
def tell_of_demand(*, offices: list[str]) -> int:
    """Tell whoever holds one of these offices and has no second factor that one is demanded; say how many."""
    with scope.worker("tell of a second factor demanded"):
        told = queries.emails_wanting_a_factor(sorted(set(offices) & queries.demanded()))
    for email, locale in told:
        with translation.override(spoken(locale)):
            text = mailing.letter("demand")
            _send(email, _("Your office needs a second way to show that it is you"), text)
    return len(told)


def _is_late(until: float) -> bool:
    """Whether a mail with a code has become of no use while it waited; the log says so."""
    late = bool(until) and time.time() > until
    if late:
        _log.error(
            "A mail with a code was not taken in time, and is not sent any more: whoever waits can ask anew."
        )
    return late


def _link(token: str, wanted: str = "") -> str:
    address = settings.PUBLIC_URL.rstrip("/") + reverse("accounts:use-link", args=[token])
    return f"{address}?{urlencode({'next': wanted}, safe='/')}" if wanted else address
