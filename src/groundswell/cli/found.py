"""`groundswell found`: a real organisation starts here, on an empty database."""

import argparse
import datetime as dt
import sys
from typing import TYPE_CHECKING, Final

from groundswell.cli import typed
from groundswell.cli.errors import CommandError
from groundswell.cli.joined import joined
from groundswell.ground.language import gettext as _

if TYPE_CHECKING:
    from groundswell.accounts.models import Account
    from groundswell.structure.models import Unit

_LONGEST_EMAIL: Final = 254


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--name", required=True, help=_("the organisation's name"))
    parser.add_argument(
        "--secretary", required=True, metavar="EMAIL", help=_("who may do everything at first")
    )
    parser.add_argument(
        "--secretary-name", default="", metavar="NAME", help=_("her name; her e-mail's first part without it")
    )
    parser.add_argument(
        "--kind", default="international", help=_("international (default), section, group, region or branch")
    )
    parser.add_argument(
        "--code", default="", help=_("the unit's short code (default INT, or ONE for no such)")
    )
    parser.add_argument("--language", default="en", metavar="CODE", help=_("the language of the name (en)"))
    parser.add_argument(
        "--country", default="", metavar="CODE", help=_("the country it lies in, two letters, as AT")
    )
    parser.add_argument(
        "--time-zone",
        metavar="ZONE",
        help=_("the unit's time zone, as Europe/Vienna; the country's where it has one, else UTC"),
    )
    parser.add_argument(
        "--currency",
        metavar="CODE",
        help=_("the unit's currency, three letters; the country's, EUR without a country"),
    )
    parser.add_argument(
        "--founded-on", metavar="DAY", help=_("the day it was founded, as 2024-01-31; today without it")
    )


def run(options: argparse.Namespace) -> int:
    """Make the first unit, the first mandate and a link that signs in once; print the link."""
    email = options.secretary.strip()
    if email.count("@") != 1 or email.startswith("@") or email.endswith("@") or len(email) > _LONGEST_EMAIL:
        raise CommandError(
            "bad-email", _("“%(email)s” is no e-mail address.") % {"email": email[:80]}, "--secretary"
        )
    for option, text in (("--name", options.name), ("--secretary-name", options.secretary_name)):
        typed.line(text, option)
    founded_on = None if options.founded_on is None else typed.day(options.founded_on, "--founded-on")
    from groundswell.cli.migrate import migrate, prepare_installed_server

    prepare_installed_server()
    with joined(make=True) as installation:
        migrate(installation.cluster)
        code, account, link = _found(options, email, founded_on)
    sys.stdout.write(
        _("%(name)s is founded; its code is %(code)s.") % {"name": options.name, "code": code}
        + "\n"
        + _("Sign in as %(email)s, once and within a day:") % {"email": account.email}
        + f"\n  {link}\n"
        + _("Start the server with `groundswell serve`, and the worker with `groundswell worker`.")
        + "\n"
    )
    return 0


def _found(options: argparse.Namespace, email: str, founded_on: dt.date | None) -> "tuple[str, Account, str]":
    from django.conf import settings

    from groundswell.access import scope
    from groundswell.accounts.actions import make_link
    from groundswell.kernel.errors import Refusal

    try:
        with scope.operator("found"):
            unit, account = _write(options, email, founded_on)
            code, token = unit.code, make_link(account)
    except Refusal as refusal:
        where = f"--{refusal.field.replace('_', '-')}" if refusal.field else None
        raise CommandError(refusal.code, refusal.sentence, where) from refusal
    return code, account, f"{settings.PUBLIC_URL.rstrip('/')}/accounts/link/{token}/"


def _write(options: argparse.Namespace, email: str, founded_on: dt.date | None) -> "tuple[Unit, Account]":
    from groundswell.access.actor import OPERATOR
    from groundswell.accounts import actions as accounts
    from groundswell.kernel import clock
    from groundswell.people import actions as people
    from groundswell.people.rules import named_after
    from groundswell.structure import actions as structure
    from groundswell.structure import lands
    from groundswell.structure.rules import check_time_zone

    at, language = clock.now(), typed.language(options.language)
    country = typed.country(options.country, "--country")
    zone = check_time_zone(options.time_zone or lands.usual_time_zone(country) or "UTC", clock.zones())
    today = clock.day_in(zone, at)
    unit = structure.found_root(
        structure.NewUnit(
            code=options.code or ("INT" if options.kind == "international" else "ONE"),
            names={language: options.name},
            kind=options.kind,
            parent=None,
            founded_on=founded_on or today,
            locale=language,
            languages=(language,),
            currency=options.currency or lands.usual_currency(country) or "EUR",
            time_zone=zone,
            country=country,
        ),
        at=at,
    )
    name = options.secretary_name or named_after(email)
    person = people.add_person(unit, name=name, actor=OPERATOR, at=at)
    accounts.give_mandate(person, unit=unit, office="secretary", day=today, actor=OPERATOR, at=at)
    return unit, accounts.create_account(person, email=email, actor=OPERATOR)
