"""Words of this room in the reader's language."""

from django.utils.translation import gettext as _


def office_names() -> dict[str, str]:
    """Return the offices with their names, the highest first."""
    return {
        "secretary": _("secretary"),
        "treasurer": _("treasurer"),
        "dpo": _("data protection officer"),
        "auditor": _("auditor"),
        "organiser": _("organiser"),
    }
