"""Encodings: recognised and said, or refused with the number of the line; never guessed in silence."""

from io import BytesIO

import pytest

from groundswell.calc.errors import InputError
from groundswell.calc.tally.blt import election_from
from groundswell.calc.tally.reading import Lines, shown

TEXT = '2 1\n2 1 2 0\n1 2 0\n0\n"Zoë Müller"\n"Ånn"\n"Wahl in Köln"\n'


def _read(raw: bytes) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
    election = election_from(Lines(BytesIO(raw)))
    return election.candidates, election.title, election.remarks


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_files_are_recognised_by_their_mark_or_their_text(codec: str) -> None:
    name = "UTF-16" if codec == "utf-16" else "UTF-8"
    said = (f"The file was read as {name}.",)
    assert _read(TEXT.encode(codec)) == (("Zoë Müller", "Ånn"), "Wahl in Köln", said)


def test_utf_16_of_both_byte_orders_is_read() -> None:
    for mark, codec in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        assert _read(mark + TEXT.encode(codec))[0] == ("Zoë Müller", "Ånn")


def test_latin_1_is_read_and_said_with_the_line_that_showed_it() -> None:
    said = ("The file was read as Latin-1, since line 5 is not UTF-8.",)
    assert _read(TEXT.encode("latin-1")) == (("Zoë Müller", "Ånn"), "Wahl in Köln", said)


def _refusal(raw: bytes) -> str:
    with pytest.raises(InputError) as refusal:
        _read(raw)
    return refusal.value.message


def test_utf_16_without_its_mark_is_refused() -> None:
    assert _refusal(TEXT.encode("utf-16-le")) == (
        "line 1: there is a NUL character: this is no text, or UTF-16 without its mark."
    )


def test_half_a_utf_16_file_is_refused() -> None:
    raw = TEXT.encode("utf-16")[:-1]
    assert _refusal(raw).endswith(": the text is not UTF-16: save the file as UTF-8.")


def test_a_file_in_two_encodings_is_refused_whichever_comes_first() -> None:
    head, first, rest = TEXT.partition("Zoë Müller")
    mixed = head.encode() + first.encode("latin-1") + rest.encode()
    assert _refusal(mixed) == "line 6: this line is UTF-8, but line 5 is not: save one encoding."
    mixed = (head + first).encode() + rest.encode("latin-1")
    assert _refusal(mixed) == "line 6: this line is not UTF-8, but line 5 is: save one encoding."


def test_what_is_neither_utf_8_nor_latin_1_is_refused() -> None:
    raw = TEXT.replace("Zoë Müller", "Ada “the first”").replace("Ånn", "Ann").encode("cp1252", "replace")
    assert _refusal(raw) == "line 5: this line is neither UTF-8 nor Latin-1: save the file as UTF-8."


def test_bytes_that_are_no_text_are_refused() -> None:
    assert _refusal(b"\x00\x01\x02") == (
        "line 1: there is a NUL character: this is no text, or UTF-16 without its mark."
    )


@pytest.mark.parametrize("sign", ["\x1b", "\x07", "\u202e", "\u2066", "\u2028", "\x7f"])
def test_signs_that_change_how_a_name_is_printed_are_refused(sign: str) -> None:
    raw = TEXT.replace("Ånn", f"A{sign}nn").encode()
    code = f"U+{ord(sign):04X}"
    assert _refusal(raw) == f"line 6: there is a control character ({code}), which no name or ballot needs."


def test_joiners_and_hard_spaces_that_names_need_are_kept() -> None:
    name = "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627\u00a0\u0928\u094d\u200d"
    assert _read(TEXT.replace("Ånn", name).encode())[0] == ("Zoë Müller", name)


def test_what_an_error_shows_is_short_and_printable() -> None:
    assert shown("Ada") == "“Ada”"
    assert shown("A\x07\u202eda") == "“A??da”"
    assert shown("A" * 100) == f"“{'A' * 24}…” (100 characters)"
