"""The names at the end of a BLT file: the candidates in order, then the title, then nothing."""

from collections.abc import Iterator

from groundswell.calc.errors import InputError
from groundswell.calc.tally.reading import shown


def read_names(lines: Iterator[tuple[int, str]], wanted: int) -> tuple[tuple[str, ...], str]:
    r"""Read `wanted` names and the title. Raises `InputError` with the line's number.

    A name stands in quotation marks (`\"` inside, or doubled), several on a line if need be, or fills
    a line of its own without them.
    """
    found: list[str] = []
    where: dict[str, int] = {}
    number = 1
    for number, line in lines:
        for text in _names_of(line.strip(), number):
            if len(found) > wanted:
                raise InputError("after the title there is more text: %(found)s.", number, found=shown(text))
            if len(found) < wanted:
                _check(text, where, number)
            found.append(text)
    if len(found) < wanted:
        raise InputError(
            "the file ends after %(found)s names of %(wanted)s candidates.",
            number,
            found=len(found),
            wanted=wanted,
        )
    if len(found) == wanted:
        raise InputError(
            "the file ends after %(wanted)s names: the title is missing, or a candidate is and "
            "the title was taken for one. Add the title as the last line.",
            number,
            wanted=wanted,
        )
    return tuple(found[:wanted]), found[wanted]


def _check(name: str, where: dict[str, int], number: int) -> None:
    if not name.strip():
        raise InputError("the name of a candidate is empty.", number)
    look = " ".join(name.split())
    if look in where:
        raise InputError(
            "two candidates have the same name, %(name)s, here and on line %(other)s: tell them apart.",
            number,
            name=shown(name),
            other=where[look],
        )
    where[look] = number


def _names_of(text: str, number: int) -> Iterator[str]:
    """Give the names on one line; none on a blank line or a comment."""
    while text and not text.startswith("#"):
        if not text.startswith('"'):
            if " #" in text:
                raise InputError(
                    "it is not clear whether # begins a comment in %(found)s: put the name in "
                    "quotation marks.",
                    number,
                    found=shown(text),
                )
            yield text
            return
        name, text = _quoted(text, number)
        yield name


def _quoted(text: str, number: int) -> tuple[str, str]:
    """Take one quoted name off the front; give it and what follows."""
    name: list[str] = []
    position = 1
    while position < len(text):
        pair = text[position : position + 2]
        if pair in {'\\"', '""', "\\\\"} and not (
            pair == '""' and position == 1 and text[2:].strip()[:1] in {"", "#"}
        ):
            name.append(pair[1])
            position += 2
        elif text[position] == '"':
            return "".join(name), text[position + 1 :].strip()
        else:
            name.append(text[position])
            position += 1
    raise InputError("the name %(found)s has no closing quotation mark.", number, found=shown(text))
