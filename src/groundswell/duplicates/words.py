"""What the words of the machine mean to whoever reads what is held of her."""

from collections.abc import Mapping

from django.utils.translation import gettext as _


def origins() -> Mapping[str, str]:
    """Return how two records came to be held against each other."""
    return {"night": _("found by night"), "hand": _("put side by side by somebody")}


def verdicts() -> Mapping[str, str]:
    """Return what was said of two records that look alike."""
    return {
        "": _("nobody has said yet"),
        "proposed": _("they are one person; the data protection officer decides"),
        "different": _("they are two persons"),
    }
