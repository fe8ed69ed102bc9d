"""Whether the mail server takes mail from here, asked without sending any: for `groundswell doctor`."""

import contextlib
import smtplib
import socket
import ssl
import threading
from typing import Final

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend
from django.utils.translation import gettext as _

from groundswell.ground.language import of_machine

# For one answer, and for all of them: a server that answers drop by drop keeps nobody.
ANSWER_SECONDS: Final = 5
ALL_SECONDS: Final = 15


def wrong() -> str | None:
    """Connect, greet, and sign in as for a mail; return what is wrong in a sentence, None when nothing is."""
    found: list[Exception | None] = []
    asking = threading.Thread(target=lambda: found.append(_asked()), name="ask-the-mail-server", daemon=True)
    asking.start()
    asking.join(ALL_SECONDS)
    if not found:
        return _silent()
    return None if found[0] is None else _said(found[0])


def _asked() -> Exception | None:
    connection = EmailBackend(timeout=ANSWER_SECONDS)
    try:
        connection.open()
        if connection.connection is not None:
            connection.connection.ehlo_or_helo_if_needed()
    except (OSError, smtplib.SMTPException) as problem:
        return problem
    finally:
        with contextlib.suppress(OSError, smtplib.SMTPException):  # it has answered, whatever its farewell
            connection.close()
    return None


def _said(problem: Exception) -> str:
    """Return what went wrong; what the server itself says may be of any length, and is left out."""
    host, server = settings.EMAIL_HOST, _server()
    if isinstance(problem, socket.gaierror):
        return _("There is no host %(host)s.") % {"host": host}
    if isinstance(problem, ConnectionRefusedError):
        return _("Nothing listens at %(server)s.") % {"server": server}
    if isinstance(problem, TimeoutError):
        return _silent()
    if isinstance(problem, ssl.SSLCertVerificationError):
        return _("The certificate of %(server)s cannot be trusted: %(reason)s.") % {
            "server": server,
            "reason": problem.verify_message,
        }
    if isinstance(problem, ssl.SSLError):
        return _("%(server)s speaks no TLS from the beginning: smtps:// belongs to port 465.") % {
            "server": server
        }
    return _of_smtp(problem, server)


def _of_smtp(problem: Exception, server: str) -> str:
    if isinstance(problem, smtplib.SMTPAuthenticationError):
        return _("%(server)s does not let us sign in (%(code)s): check user and password.") % {
            "server": server,
            "code": problem.smtp_code,
        }
    if isinstance(problem, smtplib.SMTPNotSupportedError) and not settings.EMAIL_USE_TLS:
        return _(
            "%(server)s lets nobody sign in without STARTTLS, and localhost is spoken to in clear: name "
            "the server as its certificate does."
        ) % {"server": server}
    if isinstance(problem, smtplib.SMTPNotSupportedError):
        return _("%(server)s knows no STARTTLS, or no way to sign in.") % {"server": server}
    if isinstance(problem, smtplib.SMTPServerDisconnected):
        return _("%(server)s hangs up without an answer.") % {"server": server}
    if isinstance(problem, smtplib.SMTPResponseException):
        return _("%(server)s answers with %(code)s.") % {"server": server, "code": problem.smtp_code}
    reason = of_machine(problem) if isinstance(problem, OSError) else type(problem).__name__
    return _("%(server)s cannot be reached: %(reason)s.") % {"server": server, "reason": reason}


def _silent() -> str:
    return _("%(server)s does not answer.") % {"server": _server()}


def _server() -> str:
    return f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
