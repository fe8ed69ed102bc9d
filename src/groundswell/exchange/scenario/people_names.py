"""Synthetic names by locale, keys to sort them by, and addresses that reach nobody.

Names come from Faker's lists, given and family name apart; a generator per unit, seeded by its code.
E-mail addresses lie under example.org (RFC 2606), telephone numbers in the ranges regulators keep for
fiction: Ofcom 07700 900000-900999 and 01632 960000-960999; in North America 555-0100 to 555-0199 of any
area; ComReg 020 91x xxxx; PTS 070-174 06 05 to 99; ARCEP 06 39 98 xx xx; Bundesnetzagentur 030 23125 xxx.
A country without such a range has no numbers.
"""

import random
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from faker import Faker

from groundswell.exchange.scenario.chance import SEED, chance

# Which lists a branch's locale draws from, with weights; others use English.
_LISTS: Final[Mapping[str, tuple[tuple[str, int], ...]]] = {
    "en-GB": (("en_GB", 88), ("en_PK", 4), ("en_IN", 3), ("ga_IE", 3), ("pl_PL", 2)),
    "en-CA": (("en_CA", 85), ("fr_CA", 7), ("en_IN", 5), ("en_PK", 3)),
    "fr-CA": (("fr_CA", 94), ("en_CA", 6)),
    "en-US": (("en_US", 84), ("es_MX", 14), ("en_IN", 2)),
    "en-IE": (("en_IE", 80), ("ga_IE", 20)),
    "en-ZA": (("zu_ZA", 65), ("en_GB", 35)),
    "it-IT": (("it_IT", 1),),
    "it-CH": (("it_IT", 1),),
    "de-CH": (("de_CH", 92), ("it_IT", 8)),
    "fr-CH": (("fr_CH", 94), ("it_IT", 6)),
    "sv-SE": (("sv_SE", 1),),
    "da-DK": (("da_DK", 1),),
    "de-DE": (("de_DE", 92), ("tr_TR", 8)),
    "de-AT": (("de_AT", 94), ("hr_HR", 6)),
    "es-ES": (("es_ES", 1),),
    "fr-FR": (("fr_FR", 1),),
    "es-MX": (("es_MX", 1),),
    "pt-BR": (("pt_BR", 1),),
    "ur-PK": (("en_PK", 1),),
    "fr-BE": (("fr_BE", 1),),
    "nl-BE": (("nl_BE", 1),),
    "nl-NL": (("nl_NL", 1),),
    "pl-PL": (("pl_PL", 1),),
    "es-AR": (("es_AR", 1),),
    "es-SV": (("es_CO", 1),),
    "nb-NO": (("no_NO", 1),),
    "fi-FI": (("fi_FI", 1),),
    "pt-PT": (("pt_PT", 1),),
    "el-GR": (("el_GR", 1),),
}
_TWO_SURNAMES: Final = ("es_ES", "es_MX", "es_AR", "es_CO")
_HAS_PHONE: Final = 0.7

# Letters that do not fall apart into a plain letter and an accent, and what stands for them in an address.
_LATIN: Final = {
    "ø": "o",
    "æ": "ae",
    "œ": "oe",
    "ß": "ss",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "\u0131": "i",
}
_GREEK: Final = dict(zip("αβγδεζηικλμνξοπρσςτυφω", "avgdeziiklmnxoprsstyfo", strict=True)) | {
    "θ": "th",
    "χ": "ch",
    "ψ": "ps",
}
_PLAIN: Final = _LATIN | _GREEK
# Letters that a language sorts after z, in its order (CLDR's rules for these languages).
_AFTER_Z: Final = {
    "sv": "åäö",
    "fi": "åäö",
    "da": "æøå",
    "nb": "æøå",
}


@dataclass(frozen=True, slots=True)
class Named:
    """A name as it is written, its key for sorting, and the short form she is called by."""

    name: str
    sort_key: str
    call_name: str
    email_part: str


@dataclass(slots=True)
class Names:
    """Names and addresses of one unit's persons, no e-mail or telephone number given out twice."""

    code: str
    _fakers: dict[str, Faker] = field(default_factory=dict)
    _emails: dict[str, int] = field(default_factory=dict)
    _phones: set[str] = field(default_factory=set)

    def draw(self, locale: str, rng: random.Random) -> Named:
        """Return the next name of a branch whose locale this is."""
        lists, weights = zip(*_LISTS.get(locale, (("en_GB", 1),)), strict=True)
        source = rng.choices(lists, weights)[0]
        given, family = self._parts(source, rng)
        language = locale.partition("-")[0]
        name = f"{given} {family}"
        key = f"{fold(family, language)} {fold(given, language)}"
        call_name = given.split()[0]
        return Named(name, key, call_name, f"{_address(call_name)}.{_address(family.split()[-1])}")

    def email(self, named: Named) -> str:
        """Return an address under example.org that no other person of the unit has."""
        number = self._emails[named.email_part] = self._emails.get(named.email_part, 0) + 1
        return f"{named.email_part}{number if number > 1 else ''}@{self.code.lower()}.example.org"

    def phone(self, area_code: str, rng: random.Random) -> str | None:
        """Return a number reserved for fiction, in international form, or None."""
        make = _PHONES.get(self.code)
        if make is None or rng.random() > _HAS_PHONE:
            return None
        for _ in range(40):
            number = make(area_code, rng)
            if number not in self._phones:
                self._phones.add(number)
                return number
        return None

    def _parts(self, source: str, rng: random.Random) -> tuple[str, str]:
        if source not in self._fakers:
            self._fakers[source] = Faker(source, providers=["faker.providers.person"])
            self._fakers[source].seed_instance(f"{SEED} names {self.code} {source}")
        faker = self._fakers[source]
        sex = rng.choice(("female", "male"))
        given = getattr(faker, f"first_name_{sex}", faker.first_name)()
        surname: Callable[[], str] = getattr(faker, f"last_name_{sex}", faker.last_name)
        family = f"{surname()} {surname()}" if source in _TWO_SURNAMES else surname()
        return str(given), str(family)


def fold(text: str, language: str = "") -> str:
    """Return the key a name is sorted by in `language`: no case, no accents, its own letters after z."""
    last = _AFTER_Z.get(language, "")
    kept = []
    for letter in unicodedata.normalize("NFC", text.casefold()):
        if letter in last:
            kept.append("z" + "~" * (1 + last.index(letter)))
        else:
            kept.append(_unaccented(letter))
    return "".join(kept)


@cache
def _unaccented(letter: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(c))
    return _LATIN.get(plain, plain)


def _address(text: str) -> str:
    """Return the text in the letters an e-mail address is made of."""
    letters = [_PLAIN.get(letter, letter) for letter in unicodedata.normalize("NFKD", text.casefold())]
    return "".join(c for c in "".join(letters) if c.isascii() and c.isalnum()) or "member"


def _british(_area: str, rng: random.Random) -> str:
    return f"+44 {rng.choice(('7700 900', '7700 900', '1632 960'))}{rng.randrange(1000):03d}"


def _north_american(area: str, rng: random.Random) -> str:
    return f"+1 {area or '555'} 555 01{rng.randrange(100):02d}"


_PHONES: Final[Mapping[str, Callable[[str, random.Random], str]]] = {
    "GB": _british,
    "US": _north_american,
    "CA": _north_american,
    "IE": lambda _, rng: f"+353 20 91{rng.randrange(10)} {rng.randrange(10000):04d}",
    "SE": lambda _, rng: f"+46 70 174 06 {rng.randrange(5, 100):02d}",
    "FR": lambda _, rng: f"+33 6 39 98 {rng.randrange(100):02d} {rng.randrange(100):02d}",
    "DE": lambda _, rng: f"+49 30 23125 {rng.randrange(1000):03d}",
}


def names_of(code: str) -> tuple[Names, random.Random]:
    """Return the names of the unit and the generator that goes with them."""
    return Names(code), chance(code, "names")
