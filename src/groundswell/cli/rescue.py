"""`groundswell rescue`: give a unit a secretary when none is left who can sign in."""

import argparse
import sys

from groundswell.cli.errors import CommandError
from groundswell.cli.joined import joined


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--email", required=True, help="the e-mail by which she signs in")
    parser.add_argument("--name", default="", help="her name, if nobody signs in with this e-mail yet")
    parser.add_argument("--unit", default="", metavar="CODE", help="the unit; the highest without it")


def run(options: argparse.Namespace) -> int:
    """Give the mandate, print a link that signs her in once, and tell every secretary."""
    with joined():
        email, link, told = _rescued(options)
    sys.stdout.write(
        f"{email} is secretary from today on. It stands in the trail.\n"
        f"Sign in once, within a day:\n  {link}\n"
        + (
            "Every secretary is told by e-mail, once the worker runs.\n"
            if told
            else "No mail is set up: tell the other secretaries yourself.\n"
        )
    )
    return 0


def _rescued(options: argparse.Namespace) -> tuple[str, str, bool]:
    from django.conf import settings

    from groundswell.access import scope
    from groundswell.access.actor import OPERATOR
    from groundswell.accounts import actions, tasks
    from groundswell.kernel import clock
    from groundswell.kernel.errors import Refusal
    from groundswell.structure import queries as structure

    mail = not settings.EMAIL_BACKEND.endswith("dummy.EmailBackend")
    try:
        with scope.operator("rescue"):
            unit = structure.unit_by_code(OPERATOR, options.unit) if options.unit else structure.root()
            account, token = actions.rescue(
                unit,
                email=options.email,
                name=options.name,
                actor=OPERATOR,
                day=clock.today(),
                at=clock.now(),
            )
            if mail:
                tasks.tell_of_rescue.defer(code=unit.code)
    except Refusal as refusal:
        where = f"--{refusal.field}" if refusal.field else None
        raise CommandError(refusal.code, refusal.sentence, where) from refusal
    return account.email, f"{settings.PUBLIC_URL.rstrip('/')}/accounts/link/{token}/", mail
