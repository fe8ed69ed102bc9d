"""Columns that say who agreed to what: for which purposes, and to which words of the section.

Nobody agrees to a purpose without words (decision 0686): a purpose without any is no column.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from groundswell.exchange.importing.fields import CONSENT, Field, titled
from groundswell.kernel.errors import Refusal
from groundswell.protection import queries as protection
from groundswell.protection import words
from groundswell.protection.models import ConsentText, Purpose
from groundswell.structure import queries as structure
from groundswell.structure.models import Unit
from groundswell.web import figures

# Headers that say the same before or behind the name of a purpose.
_SAID_SO: Final = (
    "consent",
    "agreed to",
    "agrees to",
    "opt-in",
    "einwilligung",
    "zustimmung",
    "consentement",
)
_SHOWN: Final = 90


def key_of(purpose: int) -> str:
    """Return the field of a purpose."""
    return f"{CONSENT}_{purpose}"


@dataclass(frozen=True, slots=True)
class Worded:
    """The purposes that hold for a unit, and the words that its section has of each, the newest first."""

    purposes: Sequence[Purpose]
    texts: Mapping[int, Sequence[ConsentText]]

    def fields(self) -> dict[str, Field]:
        """Return the purposes that a column of a unit's lists can say somebody agreed to."""
        return {key_of(one.pk): _field(one) for one in self.purposes if one.pk in self.texts}

    def unworded(self, header: Iterable[str]) -> list[str]:
        """Return the columns that name a purpose of which the section has no words yet."""
        wanting = {key_of(one.pk): _field(one) for one in self.purposes if one.pk not in self.texts}
        return [column for column in header if titled(column, wanting)]

    def to_choose(self) -> dict[str, list[tuple[str, str]]]:
        """Return the words there are of each purpose, by its field: (number, as it reads)."""
        return {
            key_of(purpose): [(str(text.pk), _read(text)) for text in texts]
            for purpose, texts in self.texts.items()
        }


def worded(unit: Unit) -> Worded:
    """Return what holds for a unit."""
    return Worded(protection.purposes_of(unit), protection.texts_of(unit))


def fields_of(unit: Unit) -> dict[str, Field]:
    """Return the purposes that a column of a unit's lists can say somebody agreed to."""
    return worded(unit).fields()


def _field(purpose: Purpose) -> Field:
    names = {words.purpose_name(purpose), purpose.label}
    titles = names | {f"{said} {name}" for said in _SAID_SO for name in names}
    titles |= {f"{name} {said}" for said in _SAID_SO for name in names}
    label = words.agreed_to(purpose)
    return Field(
        key=key_of(purpose.pk), label=label, is_day=True, type=CONSENT, titles=(*sorted(titles), label)
    )


def _read(text: ConsentText) -> str:
    said = {
        "number": text.number,
        "language": structure.language_name(text.language),
        "day": figures.day(text.valid_from.date(), get_language() or "en"),
        "words": text.words if len(text.words) <= _SHOWN else f"{text.words[:_SHOWN]}…",
    }
    return _("Version %(number)d, %(language)s, since %(day)s: “%(words)s”") % said


def texts_said(unit: Unit, said: Mapping[str, int]) -> dict[str, int]:
    """Return the words that were named by the code of a purpose and the number of a version, by field.

    Of a version in several languages those of the unit's own language. Refusal where there are none.
    """
    purposes = {one.code: one for one in protection.purposes_of(unit)}
    worded, found = protection.texts_of(unit), {}
    for code, number in said.items():
        purpose = purposes.get(code)
        texts = [one for one in worded.get(purpose.pk, ()) if one.number == number] if purpose else []
        if purpose is None or not texts:
            sentence = _("There are no words of version %(number)d for “%(purpose)s” here.")
            raise Refusal(sentence % {"number": number, "purpose": code[:40]}, field="words", code="no-words")
        spoken = {one.language: one for one in texts}
        chosen = next((spoken[one] for one in unit.languages if one in spoken), texts[0])
        found[key_of(purpose.pk)] = chosen.pk
    return found


def checked_texts(unit: Unit, said: Mapping[str, int]) -> None:
    """Refuse words that are none of this section's for the purpose of their column."""
    offered = worded(unit).to_choose()
    for key, text in said.items():
        if str(text) not in dict(offered.get(key, ())):
            raise Refusal(_("Choose the words to which they agreed."), field=f"words_{key}", code="no-words")
