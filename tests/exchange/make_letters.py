"""Write how often letters follow each other in the languages whose old encodings are guessed.

Run by hand when Babel's data change: `.venv/bin/python tests/exchange/make_letters.py`. The words are those
of the CLDR: what each language calls countries, languages, scripts, currencies, months and days. They are
proper names for the most part, as a list of people and towns is.
"""

import itertools
import json
import re
import unicodedata
from collections import Counter
from pathlib import Path

from babel import Locale

from groundswell.exchange.importing.reading import letters
from groundswell.exchange.importing.reading.encodings import ENCODINGS

WORD = re.compile(r"[^\W\d_]+")
FILE = Path(letters.__file__).parent.parent / "data" / "letters.json"


def words(language: str) -> list[str]:
    """Return the names that a language has in the CLDR."""
    spoken = Locale.parse(language)
    named = [spoken.territories, spoken.languages, spoken.scripts, spoken.currencies]
    dated = [
        part[context]["wide"]
        for part in (spoken.months, spoken.days)
        for context in ("format", "stand-alone")
    ]
    return [str(name) for part in (*named, *dated) for name in part.values()]


def pairs(language: str) -> dict[str, int]:
    """Return how often one letter follows another, beginnings and ends among them."""
    counted: Counter[str] = Counter()
    for text in words(language):
        for word in WORD.findall(unicodedata.normalize("NFC", text)):
            whole = letters.framed(word)
            counted.update(map("".join, itertools.pairwise(whole)))
    return dict(sorted(counted.items()))


def main() -> None:
    """Write the file, a line for each language."""
    languages = sorted({language for one in ENCODINGS for language in one.languages})
    lines = [
        f"{json.dumps(one)}: {json.dumps(pairs(one), ensure_ascii=False, separators=(',', ':'))}"
        for one in languages
    ]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
