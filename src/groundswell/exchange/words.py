"""Why a row of a list was not taken in, as sentences."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from groundswell.exchange.importing import judging


def doubts() -> Mapping[str, str]:
    """Return the sentence of each doubt."""
    return {
        judging.OTHER_NAME: _("Somebody else has the same e-mail or phone."),
        judging.SEVERAL: _("More than one person may be meant."),
        judging.OTHER_TOWN: _("Somebody of the same name lives in another town."),
        judging.OTHER_CONTACT: _("Somebody of the same name has another e-mail or phone."),
    }
