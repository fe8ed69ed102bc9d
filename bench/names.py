"""Names as they are borne: drawn from lists of fourteen languages, the first of each far more often."""

import importlib
import itertools
import random
from typing import Any, Final

LOCALES: Final = (
    "en_US", "en_GB", "de_DE", "fr_FR", "it_IT", "es_ES", "sv_SE", "da_DK", "ru_RU", "pt_BR", "nl_NL",
    "ar_SA", "tr_TR", "zh_CN",
)  # fmt: skip
LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


class Namer:
    """Draws names, the first of each list far more often than the last."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.pools = [pool for pool in map(_lists, LOCALES) if all(pool)]
        self.weights = [tuple(_falling(len(names)) for names in pool) for pool in self.pools]

    def name(self) -> str:
        """Return a given name and a family name, sometimes two of either."""
        index = min(int(self.chance.expovariate(0.35)), len(self.pools) - 1)
        given, family = self._draw(index, 0), self._draw(index, 1)
        if self.chance.random() < 0.25 and family.isascii() and len(family) > 4:
            family = slipped(family, self.chance)
        if self.chance.random() < 0.15:
            given += f" {self._draw(index, 0)}"
        if self.chance.random() < 0.1:
            family += f"-{self._draw(index, 1)}"
        return f"{given} {family}"

    def _draw(self, index: int, which: int) -> str:
        return self.chance.choices(self.pools[index][which], cum_weights=self.weights[index][which])[0]


def _lists(locale: str) -> tuple[list[str], list[str]]:
    provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
    kinds = ("names", "names_female", "names_male")
    given = (
        *(f"first_{kind}" for kind in kinds),
        "first_female_names",
        "first_male_names",
    )
    return _gathered(provider, given), _gathered(provider, tuple(f"last_{kind}" for kind in kinds))


def _gathered(provider: Any, lists: tuple[str, ...]) -> list[str]:
    return list(dict.fromkeys(itertools.chain(*(getattr(provider, name, None) or () for name in lists))))


def _falling(count: int) -> list[float]:
    return list(itertools.accumulate(1 / (place + 3) ** 0.8 for place in range(count)))


def slipped(word: str, chance: random.Random) -> str:
    """Return the word with one slip: a letter too few, too many, wrong, or two of them exchanged."""
    place = chance.randrange(len(word))
    return chance.choice(
        (
            word[:place] + word[place + 1 :],
            word[:place] + chance.choice(LETTERS) + word[place:],
            word[:place] + chance.choice(LETTERS) + word[place + 1 :],
            word[: place - 1] + word[place : place + 1] + word[place - 1 : place] + word[place + 1 :]
            if place
            else word[1:2] + word[:1] + word[2:],
        )
    )
