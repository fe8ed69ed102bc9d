"""All that an answer tells: its headers, and its body, whatever kind of file it is, as text."""

import html
import io
import re
import zipfile
import zlib
from collections.abc import Callable
from urllib.parse import unquote

from django.http import HttpResponseBase

# What a browser gets on every page, and what tells the one who asks nothing but who she is herself.
_OWN = {"set-cookie"}


def told(answer: HttpResponseBase) -> str:
    """Return the headers and the body of an answer as one text, without blanks.

    A word that a narrow screen, an address book or a page of a document breaks is whole again in it, and so
    is a number that is written with blanks. What no reader knows fails, lest it be taken for silence.
    """
    body = b"".join(answer) if answer.streaming else answer.content
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    headers = [f"{name}: {value}" for name, value in answer.headers.items() if name.lower() not in _OWN]
    # An address says blanks and letters of other tongues in figures.
    text = unquote("\n".join([*headers, _READERS[kind](body) if body else ""]))
    return "".join(text.split())


def _text(body: bytes) -> str:
    return body.decode()


def _page(body: bytes) -> str:
    """Return a page as it was sent, attributes and hidden fields and all, and as its text reads."""
    sent = html.unescape(body.decode()).replace("<wbr>", "")
    return sent + re.sub(r"<[^>]*>", "", sent)


def _json(body: bytes) -> str:
    sent = body.decode()
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), sent)


def _vcard(body: bytes) -> str:
    """Return cards with the lines that were folded whole again (RFC 6350, 3.2)."""
    return body.decode().replace("\r\n ", "").replace("\\,", ",").replace("\\;", ";")


def _zipped(body: bytes) -> str:
    """Return the names and the contents of what is in an archive, as which spreadsheets come."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return "\n".join(
            f"{name}\n{html.unescape(archive.read(name).decode())}" for name in archive.namelist()
        )


_OBJECT = re.compile(rb"(?:^|\n)(\d+) 0 obj\b(.*?)\nendobj", re.DOTALL)
_STREAM = re.compile(rb"\bstream\r?\n(.*)\r?\nendstream", re.DOTALL)
# What shows text: in which font, or a string of glyphs, of two octets each. Signs in it are escaped, but for
# brackets that close each other.
_PLAIN = rb"(?:\\.|[^\\()])*"
_WITHIN = rb"%s(?:\(%s(?:\(%s\)%s)*\)%s)*" % ((_PLAIN,) * 5)
_SHOWN = re.compile(rb"/(\w+) [\d.]+ Tf|(?<=[\[\d)])\((%s)\)" % _WITHIN, re.DOTALL)
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_SIGNS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def _document(body: bytes) -> str:
    """Return the text of a PDF as Typst writes one: each page's glyphs through the tables of its fonts.

    With it comes all that is not packed: titles, bookmarks, addresses, what is said about the document.
    """
    objects = {int(number): _unpacked(held) for number, held in _OBJECT.findall(body)}
    pages = [held for held in objects.values() if b"/Type/Page\n" in held or b"/Type/Page/" in held]
    assert pages, "no page was found in a document"
    shown = [_shown(objects, page) for page in pages]
    assert all(shown), "a page of a document was not understood"
    return "\n".join([*shown, *(held.decode("latin-1") for held in objects.values())])


def _unpacked(held: bytes) -> bytes:
    found = _STREAM.search(held)
    if found is None or b"/FlateDecode" not in held[: found.start()]:
        return held
    return held[: found.start()] + b"stream\n" + zlib.decompress(found[1])


def _shown(objects: dict[int, bytes], page: bytes) -> str:
    fonts = {
        name: _glyphs(objects[_led(objects[int(number)], b"ToUnicode")])
        for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", _resources(objects, page))
    }
    text, font = "", dict[bytes, str]()
    for name, glyphs in _SHOWN.findall(objects[_led(page, b"Contents")]):
        if name:
            font = fonts[name]
            continue
        octets = _ESCAPED.sub(_sign, glyphs)
        text += "".join(font[octets[place : place + 2]] for place in range(0, len(octets), 2))
    return text


def _sign(found: re.Match[bytes]) -> bytes:
    said = found[1]
    return bytes([int(said, 8)]) if said.isdigit() else _SIGNS.get(said, said)


def _led(held: bytes, key: bytes) -> int:
    found = re.search(rb"/" + key + rb" (\d+) 0 R", held)
    assert found, (key, held[:300])
    return int(found[1])


def _resources(objects: dict[int, bytes], page: bytes) -> bytes:
    led = re.search(rb"/Resources (\d+) 0 R", page)
    return objects[int(led[1])] if led else page


def _glyphs(table: bytes) -> dict[bytes, str]:
    """Return what each glyph of a font stands for, by its number in two octets."""
    return {
        bytes.fromhex(glyph.decode()): bytes.fromhex(letters.decode()).decode("utf-16-be")
        for glyph, letters in re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]{4,})>\n", table)
    }


_READERS: dict[str, Callable[[bytes], str]] = {
    "text/html": _page,
    "text/plain": _text,
    "text/css": _text,
    "text/csv": _text,
    "text/vcard": _vcard,
    "application/json": _json,
    "application/pdf": _document,
    "application/gzip": lambda _body: "",  # the source of the program
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": _zipped,
}
