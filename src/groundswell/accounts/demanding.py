"""Which offices demand a second factor, and what follows for whom, as the page shows it."""

from django.conf import settings
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from groundswell.access import rights
from groundswell.access.actor import Actor
from groundswell.accounts import queries
from groundswell.accounts.rules import mail_is_set_up
from groundswell.accounts.words import office_names
from groundswell.structure.queries import root
from groundswell.web import figures


def may_choose(actor: Actor) -> bool:
    """Return whether the actor says which offices demand one: she gives the offices of the top unit."""
    return rights.may(actor, "accounts.mandate", root())


def choices() -> list[tuple[str, str]]:
    """Return each office with how many of its holders would be led to set one up."""
    held = queries.holders_by_office()
    return [
        (office, f"{figures.capitalised(name)}: {_follows(*held.get(office, (0, 0)))}")
        for office, name in office_names().items()
    ]


def _follows(holders: int, wanting: int) -> str:
    if not holders:
        return _("nobody with an account holds it.")
    if not wanting:
        return ngettext(
            "its %(count)s holder has one.",
            "all %(count)s holders have one.",
            holders,
        ) % {"count": _number(holders)}
    return ngettext(
        "%(wanting)s of %(count)s holders has none yet.",
        "%(wanting)s of %(count)s holders have none yet.",
        wanting,
    ) % {"wanting": _number(wanting), "count": _number(holders)}


def demanding_now() -> str:
    """Return which offices demand one, as a sentence."""
    demanded = queries.demanded()
    names = [name for office, name in office_names().items() if office in demanded]
    if not names:
        return _("No office demands a second factor.")
    return _("These offices demand a second factor: %(offices)s.") % {
        "offices": figures.listed(names, get_language() or "en")
    }


def done(offices: list[str]) -> str:
    """Return what happened, and who was told of the offices that demand one from now on."""
    if not offices:
        return _("Saved.")
    if mail_is_set_up(settings.EMAIL_BACKEND):
        return _("Saved. Whoever has none yet is told by e-mail.")
    return _("Saved. This installation sends no mail: whoever has none yet hears of it at her next page.")


def _number(value: int) -> str:
    return figures.number(value, get_language() or "en")
