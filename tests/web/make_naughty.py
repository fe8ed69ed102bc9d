"""Write `tests/data/naughty.json`: strings that have broken programs somewhere, made by rule.

Every string is composed here from Unicode's and the formats' own public tables (no other list is
copied), so the file carries no licence but the house's. Run: python tests/web/make_naughty.py
"""

import json
from collections.abc import Iterator
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "data" / "naughty.json"
SPACES = [0x85, 0xA0, 0x1680, 0x180E, *range(0x2000, 0x2010), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF]
DIRECTIONS = [0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F]
EDGES = [0xD800, 0xDBFF, 0xDC00, 0xDFFF, 0xFDD0, 0xFDEF, 0xFFFD, 0xFFFE, 0xFFFF, 0x1FFFE, 0x10FFFF, 0xE000]


def controls() -> Iterator[str]:
    for code in (*range(0x20), *range(0x7F, 0xA0)):
        yield f"a{chr(code)}b"
        yield chr(code)


def signs() -> Iterator[str]:
    for code in (*SPACES, *DIRECTIONS, *EDGES):
        yield chr(code)
        yield f"x{chr(code)}y"
    for sign in "'\"\\`$&|;<>(){}[]%#@!*?^~=+,:./-_":
        yield sign
        yield sign * 3
        yield f"a{sign}b"


def letters() -> Iterator[str]:
    yield from (
        "Ωμέγα",
        "Привет",
        "你好世界",
        "こんにちは",
        "안녕하세요",
        "שלום",
        "السلام عليكم",
        "नमस्ते",
        "สวัสดี",
        "ሰላም",
        "ﷺ",
        "ﷻ",
        "İıŞş",
        "ßẞſ",
        "ǅ",
        "ﬃ",
        "K",
        "Å",
        "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢",
        "👩‍👩‍👧‍👦",
        "🏳️‍🌈",
        "🇺🇳🇷🇺🇸🇦",
        "👍🏿",
        "①②③",
        "½⅓",
        "٠١٢٣",
        "１２３",
        "Ⅻ",
        "ᴛᴇsᴛ",
        "⠓⠑⠇⠇⠕",
        "𝕳𝖊𝖑𝖑𝖔",
        "𐐷𐐷",
        "\u0301alone",
        "e\u0301",
        "\u1e9b\u0323",
        "a" + "\u0300" * 300,
    )


def numbers() -> Iterator[str]:
    for power in (7, 8, 15, 16, 31, 32, 53, 63, 64, 127, 128):
        for value in (2**power - 1, 2**power, 2**power + 1, -(2**power) - 1):
            yield str(value)
    yield from (
        "0",
        "-0",
        "+0",
        "00",
        "1e400",
        "-1e400",
        "1e-400",
        "NaN",
        "nan",
        "Infinity",
        "-inf",
        "0x0",
        "0xffffffff",
        "1/0",
        "0/0",
        "1,000",
        "1.000,00",
        "1 000",
        "1_000",
        "1'000",
        "१२३",
        "٣٫١٤",
        "9" * 400,
        "0." + "0" * 400 + "1",
        "1.7976931348623157e308",
        "4.9e-324",
        "--1",
        "1-",
        "+",
        "-",
        ".",
        "e",
        "1e",
        "0b1",
        "0o7",
        "01/02/03",
        "½",
    )


def days() -> Iterator[str]:
    yield from (
        "0000-01-01",
        "0001-01-01",
        "10000-01-01",
        "9999-12-31",
        "99999-12-31",
        "-0001-01-01",
        "2023-02-29",
        "2024-02-30",
        "2024-13-01",
        "2024-00-10",
        "2024-01-00",
        "2024-1-1",
        "20240131",
        "2024-W05-3",
        "2024-031",
        "2024-01-31T24:00",
        "2024-01-31T23:59:60Z",
        "2024-01-31T00:00+99:00",
        "2024-01-31T00:00-24:00",
        "2024-01-31 00:00",
        "1799-12-31",
        "2200-01-01",
        "infinity",
        "-infinity",
        "now",
        "today",
        "epoch",
        "yesterday",
        "2024-01-31BC",
        "January 31",
        "31/01/2024",
        "２０２４-01-31",
        "2024-01-31\x00",
        " 2024-01-31",
        "1969-12-31T23:59:59Z",
        "2038-01-19T03:14:08Z",
        "9999-12-31T23:59:59.9999999Z",
        "0001-01-01T00:00:00+14:00",
        "2024-01-31T10:00[Europe/Bern]",
    )


def attacks() -> Iterator[str]:
    yield from (
        "' or 1=1 --",
        '" or ""="',
        "1; drop table people_person; --",
        "') or ('1'='1",
        "' union select null, null --",
        "admin'--",
        "1' waitfor delay '0:0:5'--",
        "'||pg_sleep(5)--",
        "$$;select 1$$",
        "\\'; --",
        "%27%20or%201=1",
        "%00",
        "%0d%0aX: y",
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "javascript:alert(1)",
        "<svg/onload=alert(1)>",
        "'-alert(1)-'",
        "<!--",
        "-->",
        "]]>",
        "<![CDATA[x]]>",
        "&lt;b&gt;",
        "&#0;",
        "&#x110000;",
        "<b",
        "</title><b>",
        "<a href=//example.org>",
        "<style>*{}</style>",
        "{{ 7*7 }}",
        "{% load x %}",
        "${7*7}",
        "#{7*7}",
        "<%= 7*7 %>",
        "{{ request.user.password }}",
        "{0.__class__}",
        "%(x)s",
        "%s%s%s%n",
        "{",
        "}",
        "../../../../etc/passwd",
        "..\\..\\windows\\win.ini",
        "/dev/null",
        "C:\\con",
        "file:///etc/passwd",
        "//example.org/x",
        "/\\example.org",
        "https:example.org",
        "\\\\example.org\\x",
        "a\r\nSet-Cookie: x=1",
        "a\nBcc: x@example.org",
        "a%0aX-Header: 1",
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(A1)",
        "\t=1",
        "=cmd|' /C calc'!A0",
        "(a+)+$",
        "((((((((((",
        "[[[[",
        "*",
        "?",
        "^$",
        "a{1,99999}",
        "(?:",
        "\\",
        "\\u0000",
        "\\x00",
        "\\N{BULLET}",
        "null",
        "undefined",
        "true",
        "false",
        "None",
        "[]",
        "{}",
        "[1",
        '"',
        '{"a":',
        "[" * 500,
        '{"a":' * 200,
        "; ls -la",
        "| cat /etc/passwd",
        "`id`",
        "$(id)",
        "&& id",
        "|| id",
        "> /tmp/x",
        "$HOME",
        "%PATH%",
        "~root",
        "*)(uid=*))(|(uid=*",
        "x' and count(/*)=1 and 'a'='a",
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        "constructor",
        "__proto__",
        "toString",
        "__class__",
        "__init__",
        "self",
        "id",
        "pk",
        "csrfmiddlewaretoken",
        "con",
        "nul",
        "aux",
        "a@b",
        "@",
        "a@",
        "@b",
        "a@b..c",
        "a b@example.org",
        '"a b"@example.org',
        "a@[127.0.0.1]",
        "a@xn--example",
        "ä@exämple.org",
        "a" * 65 + "@example.org",
        "a@" + "b" * 300 + ".org",
        "x@example.org\x00",
        "x@example.org\n",
        "<x@example.org>",
        "mailto:x@example.org",
    )


def long() -> Iterator[str]:
    for size in (199, 200, 201, 254, 255, 256, 1000, 1001, 4096, 8193, 20_000):
        yield "a" * size
    for sign in ("é", "日", "👩‍👩‍👧‍👦", "\u202e", " ", "\n", "%", "&", "<", "'"):
        yield sign * 250
    yield " "
    yield "  lead and trail  "
    yield "\n\n\n"


def strings() -> list[str]:
    """Return all of them, each once, in a fixed order."""
    groups = (controls(), signs(), letters(), numbers(), days(), attacks(), long())
    return list(dict.fromkeys(string for group in groups for string in group))


if __name__ == "__main__":
    made = strings()
    TARGET.write_text(json.dumps(made, indent=0) + "\n", encoding="ascii")
    print(f"{len(made)} strings")  # noqa: T201 - says what it made
