"""What details of a person and circles of readers are called."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

DETAILS: Final[Mapping[str, str | Promise]] = {
    "name": gettext_lazy("Name, as she writes it"),
    "call_name": gettext_lazy("Called"),
    "pronoun": gettext_lazy("Pronoun"),
    "town": gettext_lazy("Town"),
    "postcode": gettext_lazy("Postcode"),
    "languages": gettext_lazy("Languages"),
}

# Why it is asked whether somebody is under 18, wherever it is.
WHY_AGE: Final = gettext_lazy(
    "We ask because whoever is under 18 is shown to the offices of her own unit alone, and to none above it."
)


def flows() -> Mapping[str, str]:
    """Return how memberships begin and end."""
    return {
        "opening": _("was there when the records begin"),
        "entry": _("joined"),
        "move_in": _("came from another unit"),
        "exit": _("left"),
        "move_out": _("went to another unit"),
    }


def origins() -> Mapping[str, str]:
    """Return what a movement comes from."""
    return {"person": _("from a person"), "return": _("from a return")}


def ways() -> Mapping[str, str]:
    """Return what kinds of contact details are called."""
    return {"email": _("E-mail"), "phone": _("Phone")}


def sources() -> Mapping[str, str]:
    """Return who said until when somebody paid."""
    return {"import": _("a list"), "hand": _("somebody by hand"), "finance": _("the finances")}


def askings() -> Mapping[str, str]:
    """Return what is asked for."""
    return {
        "apply": _("to join"),
        "transfer": _("to move"),
        "leave": _("to leave"),
        "change": _("to change something"),
    }


def decisions() -> Mapping[str, str]:
    """Return how it was decided."""
    return {"accepted": _("accepted"), "refused": _("refused"), "withdrawn": _("taken back")}


def circles() -> Mapping[str, str]:
    """Return what the circles of readers are called."""
    return {
        "organisers": _("organisers, secretaries and data protection officers"),
        "secretaries": _("secretaries and data protection officers"),
        "protection": _("data protection officers"),
    }
