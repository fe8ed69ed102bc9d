"""`groundswell rescue`: a secretary where none is left who can sign in, or a way in for one who lost hers."""

import argparse
import sys

from groundswell.cli import typed
from groundswell.cli.errors import CommandError
from groundswell.cli.joined import joined
from groundswell.ground import environment
from groundswell.ground.language import gettext as _
from groundswell.ground.language import gettext_noop

OTHER_WAYS = gettext_noop(
    "The secretary of the highest unit is followed by another with --instead-of, or gets one at her side with"
    " --beside. To let in somebody who lost her password or her phone, add --link or --lost-factor."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--email", required=True, help=_("the e-mail by which she signs in"))
    parser.add_argument("--name", default="", help=_("her name, if nobody signs in with this e-mail yet"))
    parser.add_argument("--unit", default="", metavar="CODE", help=_("the unit; the highest without it"))
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument(
        "--link", action="store_true", help=_("give no office: only print a link for her account")
    )
    ways.add_argument(
        "--lost-factor",
        action="store_true",
        help=_("give no office: take her second factors away, end her sessions, and print a link"),
    )
    ways.add_argument("--beside", action="store_true", help=_("though a secretary is left, who stays it"))
    ways.add_argument(
        "--instead-of",
        default="",
        metavar="OLD",
        help=_("the e-mail of the secretary whom she follows today"),
    )


def run(options: argparse.Namespace) -> int:
    """Give the mandate or the way in, print a link that signs her in once, and tell every secretary."""
    lets_in = options.link or options.lost_factor
    typed.line(options.name, "--name")
    with joined() as installation:
        email, token, told = _rescued(options, lets_in=lets_in)
    address = environment.public_address(installation.environment).rstrip("/")
    if options.lost_factor:
        done = _("The second factors of %(email)s are gone.") % {"email": email}
    else:
        done = (
            _("A link for %(email)s is made.") % {"email": email}
            if lets_in
            else _("%(email)s is secretary from today on.") % {"email": email}
        )
    sys.stdout.write(
        done
        + " "
        + _("It stands in the trail.")
        + "\n"
        + _("Sign in once, within a day:")
        + f"\n  {address}/accounts/link/{token}/\n"
        + (
            _("Every secretary is told by e-mail, once the worker runs.")
            if told
            else _("No mail is set up: tell the other secretaries yourself.")
        )
        + "\n"
    )
    return 0


def _rescued(options: argparse.Namespace, *, lets_in: bool) -> tuple[str, str, bool]:
    from django.conf import settings

    from groundswell.access import scope
    from groundswell.access.actor import OPERATOR
    from groundswell.accounts import actions, rules, tasks
    from groundswell.kernel import clock
    from groundswell.kernel.errors import Refusal
    from groundswell.structure import queries as structure

    mail = rules.mail_is_set_up(settings.EMAIL_BACKEND)
    try:
        with scope.operator("rescue"):
            if lets_in:
                lost = {"lost_factor": options.lost_factor}
                account, token = actions.let_in(options.email, actor=OPERATOR, **lost)
                if mail:
                    tasks.tell_of_help.defer(account=account.pk, **lost)
            else:
                unit = structure.unit_by_code(OPERATOR, options.unit) if options.unit else structure.root()
                account, token = actions.rescue(
                    unit,
                    email=options.email,
                    name=options.name,
                    actor=OPERATOR,
                    day=clock.today_in(unit.time_zone),
                    at=clock.now(),
                    left=actions.Left(beside=options.beside, instead_of=options.instead_of),
                )
                if mail:
                    tasks.tell_of_rescue.defer(code=unit.code)
    except Refusal as refusal:
        where = f"--{refusal.field}" if refusal.field else None
        ways = f" {_(OTHER_WAYS)}" if refusal.code == "secretary-left" else ""
        raise CommandError(refusal.code, refusal.sentence + ways, where) from refusal
    return account.email, token, mail
