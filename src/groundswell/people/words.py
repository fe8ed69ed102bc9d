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


def circles() -> Mapping[str, str]:
    """Return what the circles of readers are called."""
    return {
        "organisers": _("organisers, secretaries and data protection officers"),
        "secretaries": _("secretaries and data protection officers"),
        "protection": _("data protection officers"),
    }
