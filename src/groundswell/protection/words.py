"""What purposes, ways of agreeing, ages and steps are called, and words to begin with."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from groundswell.protection.models import Purpose
from groundswell.protection.rules import CONSENT, ENTRY


def purpose_name(purpose: Purpose) -> str:
    """Return what a purpose is called; a shipped one in the reader's language."""
    shipped = {
        "newsletter": _("Newsletter"),
        "photographs": _("Photographs"),
        "directory": _("Directory of the branch"),
        "phone": _("Contact by phone"),
    }
    return shipped.get(purpose.code, purpose.label) if purpose.unit_id is None else purpose.label


def agreed_to(purpose: Purpose) -> str:
    """Return what a list calls the agreement to a purpose."""
    return _("Agreed to: %(purpose)s") % {"purpose": purpose_name(purpose)}


def suggested(purpose: Purpose) -> str:
    """Return words to begin with, to be put right by whoever writes them; '' for a purpose that was added."""
    words = {
        "newsletter": _(
            "I agree that my e-mail address is used to send me the newsletter. I can withdraw this at any"
            " time."
        ),
        "photographs": _(
            "I agree that photographs of gatherings on which I can be recognised are shown on the pages and"
            " in the papers of the organisation. I can withdraw this at any time."
        ),
        "directory": _(
            "I agree that the members of my branch read my name in its directory. I can withdraw this at any"
            " time."
        ),
        "phone": _(
            "I agree to be called by phone about the organisation’s work. I can withdraw this at any time."
        ),
    }
    return words.get(purpose.code, "") if purpose.unit_id is None else ""


def ways() -> Mapping[str, str]:
    """Return how somebody agreed."""
    return {
        "form": _("by herself"),
        "paper": _("on paper"),
        "import": _("by a list that came in"),
        "said": _("aloud"),
    }


def asked() -> Mapping[str, str]:
    """Return what somebody may ask about her data."""
    return {"copy": _("a copy"), "correct": _("a correction"), "erase": _("erasure")}


def answers() -> Mapping[str, str]:
    """Return how it was answered."""
    return {"granted": _("done"), "refused": _("refused"), "withdrawn": _("taken back")}


def ages() -> Mapping[str, str]:
    """Return what a minimum age is for."""
    return {ENTRY: _("being written down by hand"), CONSENT: _("agreeing by oneself")}


def steps() -> Mapping[str, tuple[str, str]]:
    """Return what each step about a breach is called, and what it asks for."""
    return {
        "contain": (
            _("Contain it"),
            _("Nobody reads any further: sessions ended, passwords changed, offices ended, the leak closed."),
        ),
        "assess": (
            _("Assess it"),
            _("Whose data, of which kind, read by whom, and what may come of it for these persons."),
        ),
        "authority": (
            _("Notify the authority"),
            _("Within 72 hours; not needed where no risk for persons is likely (GDPR art. 33(1))."),
        ),
        "persons": (
            _("Tell the persons"),
            _("Without delay where the risk for them is high (GDPR art. 34); say so where it is not."),
        ),
        "close": (_("Close it"), _("What happened, what came of it and what was done stays on record.")),
    }
