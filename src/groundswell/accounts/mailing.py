"""One mail to one person on its way to the mail server, and what is said when it is not taken.

The worker sends; no page waits for a mail server. What is not taken now is tried again (decision 0771).
"""

import logging
import smtplib
from collections.abc import Iterable
from datetime import timedelta
from email.utils import make_msgid
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from procrastinate import RetryDecision
from procrastinate.jobs import Job

from groundswell.access.killed import OnceMore

# How long after each attempt the next is made: a server that was restarted takes a mail soon, one that was
# away over a night the next day. Whoever waits for a link has asked for another by then.
WAITS: Final = tuple(timedelta(minutes=one) for one in (1, 5, 15, 60, 240, 720, 1440))
# The first figure of what a mail server answers: it will never take this.
_NEVER: Final = 5
_log = logging.getLogger(__name__)


class NotTaken(Exception):  # noqa: N818 - what has happened to the mail
    """A mail server did not take a mail; `never` where it says that it never will."""

    def __init__(self, sentence: str, *, never: bool) -> None:
        super().__init__(sentence)
        self.never = never


class Again(OnceMore):
    """When a mail that was not taken is tried again; the job itself says whether it is."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Return when, or None for a fault of another kind."""
        if not isinstance(exception, NotTaken):
            return super().get_retry_decision(exception=exception, job=job)
        return RetryDecision(retry_in={"seconds": int(WAITS[job.attempts + 1].total_seconds())})


def is_hopeless(problem: NotTaken, attempts: int) -> bool:
    """Return whether a mail is given up after so many attempts; the log says it, or when it is tried again.

    In one sentence each time, with what to do: nobody needs a traceback to look after a mail server.
    """
    if problem.never:
        _log.error("%s It is given up: ask whoever asked for it whether the address is right.", problem)
        return True
    if attempts > len(WAITS):
        _log.error(
            "%s It is given up after %d attempts: `groundswell doctor` asks the mail server what is wrong; "
            "then let whoever waits for the mail ask for it again.",
            problem,
            attempts,
        )
        return True
    say_when(problem, WAITS[attempts - 1])
    return False


def say_when(problem: NotTaken, wait: timedelta) -> None:
    """Write down why a mail was not taken, and when it is tried again."""
    _log.warning("%s It is tried again in %d min.", problem, wait.total_seconds() // 60)


def letter(template: str, **said: object) -> str:
    """Return the text of a mail, in the language that is on."""
    address = settings.PUBLIC_URL.rstrip("/")
    return render_to_string(f"accounts/{template}_mail.txt", {"address": address, **said}).strip() + "\n"


def post(to: str, subject: str, text: str) -> None:
    """Hand a mail to the mail server, once; raise NotTaken when it does not take it.

    Its headers say that a machine wrote it, so that nobody's absence is answered to it, and name the
    organisation's address and not this machine.
    """
    headers = {
        "Message-ID": make_msgid(domain=urlsplit(settings.PUBLIC_URL).hostname or "localhost"),
        "Auto-Submitted": "auto-generated",
    }
    try:
        EmailMessage(subject, text, None, [to], headers=headers).send()
    except smtplib.SMTPRecipientsRefused as problem:
        codes = [code for code, _answer in problem.recipients.values()]
        raise _not_taken(f"it refuses the recipient with {_listed(codes)}", codes) from problem
    except smtplib.SMTPResponseException as problem:
        # A sender, a password or a text that is refused is mended by whoever runs this installation.
        raise _not_taken(f"it answers with {problem.smtp_code}", ()) from problem
    except (smtplib.SMTPException, OSError) as problem:
        raise _not_taken(f"it does not answer ({type(problem).__name__})", ()) from problem


def _not_taken(why: str, codes: Iterable[int]) -> NotTaken:
    """Return the problem in a sentence; it names no recipient, for a log is read by others than her."""
    server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    found = list(codes)
    never = bool(found) and all(code // 100 == _NEVER for code in found)
    return NotTaken(f"The mail server {server} did not take a mail: {why}.", never=never)


def _listed(codes: Iterable[int]) -> str:
    return ", ".join(str(code) for code in codes)
