"""A document in words made into a PDF with the fonts of this machine."""

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import typst
from django.utils.translation import gettext as _

_TEMPLATE: Final = Path(__file__).parent / "data" / "handout.typ"
# PDF/A admits no letter without a shape; without it Typst draws an empty box in silence.
_STANDARD: Final = "a-2b"
_WITHOUT_SHAPE: Final = "could not be displayed"


def pdf(said: Mapping[str, Any], *, made_at: dt.datetime) -> bytes:
    """Return it as PDF/A; where no font of this machine has a letter, as a plain PDF that says so."""
    try:
        return _compiled({**said, "lacking": ""}, made_at, whole=True)
    except typst.TypstError as problem:
        if _WITHOUT_SHAPE not in str(problem):
            raise
    lacking = _(
        "The server has no font for some letters of this document: an empty box stands in their place."
        " Whoever runs it can install one; the same as data (JSON) has every letter."
    )
    return _compiled({**said, "lacking": lacking}, made_at, whole=False)


def _compiled(said: Mapping[str, Any], made_at: dt.datetime, *, whole: bool) -> bytes:
    made = typst.compile(
        _TEMPLATE,
        format="pdf",
        sys_inputs={"document": json.dumps(said)},
        timestamp=made_at.replace(microsecond=0),  # Typst refuses parts of a second
        pdf_standards=_STANDARD if whole else None,
    )
    if not isinstance(made, bytes):
        raise TypeError("typst gave no document.")
    return made
