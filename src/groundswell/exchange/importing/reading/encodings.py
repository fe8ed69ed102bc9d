"""The encodings in which lists of people come, and whose languages are written in each."""

import codecs
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class Encoding:
    """An older encoding: its code, its name among programs, whose letters, the languages that use it.

    `usual` is the one in which today's programs write these languages where they do not write Unicode.
    """

    code: str
    name: str
    letters: str | Promise
    languages: tuple[str, ...]
    usual: bool = False


_WEST: Final = ("de", "fr", "it", "es", "pt", "nl", "sv", "da", "nb", "fi", "en", "ca", "is")
_EAST: Final = ("cs", "pl", "hu", "hr", "ro", "sk", "sl")
_CYRILLIC: Final = ("ru", "uk", "bg", "sr", "be", "mk")
_WESTERN = gettext_lazy("Western European")
_CENTRAL = gettext_lazy("Central European")
_CYRILLIC_LETTERS = gettext_lazy("Cyrillic")
_GREEK = gettext_lazy("Greek")
_JAPANESE = gettext_lazy("Japanese")

ENCODINGS: Final = (
    Encoding("cp1252", "Windows-1252", _WESTERN, _WEST, usual=True),
    # Every byte means something in it: what no other encoding can be.
    Encoding("latin-1", "ISO 8859-1", _WESTERN, _WEST),
    Encoding("iso8859-15", "ISO 8859-15", _WESTERN, _WEST),
    Encoding("mac-roman", "Mac Roman", _WESTERN, _WEST),
    Encoding("cp850", "DOS 850", _WESTERN, _WEST),
    Encoding("cp1250", "Windows-1250", _CENTRAL, _EAST, usual=True),
    Encoding("iso8859-2", "ISO 8859-2", _CENTRAL, _EAST),
    Encoding("cp852", "DOS 852", _CENTRAL, _EAST),
    Encoding("mac-latin2", "Mac Central European", _CENTRAL, _EAST),
    Encoding("cp1251", "Windows-1251", _CYRILLIC_LETTERS, _CYRILLIC, usual=True),
    Encoding("koi8-u", "KOI8-R, KOI8-U", _CYRILLIC_LETTERS, ("ru", "uk", "bg")),
    Encoding("cp866", "DOS 866", _CYRILLIC_LETTERS, ("ru", "uk", "bg")),
    Encoding("iso8859-5", "ISO 8859-5", _CYRILLIC_LETTERS, _CYRILLIC),
    Encoding("mac-cyrillic", "Mac Cyrillic", _CYRILLIC_LETTERS, _CYRILLIC),
    Encoding("cp1253", "Windows-1253", _GREEK, ("el",), usual=True),
    Encoding("iso8859-7", "ISO 8859-7", _GREEK, ("el",)),
    Encoding("cp1254", "Windows-1254", gettext_lazy("Turkish"), ("tr",), usual=True),
    Encoding("cp1255", "Windows-1255", gettext_lazy("Hebrew"), ("he",), usual=True),
    Encoding("cp1256", "Windows-1256", gettext_lazy("Arabic"), ("ar", "fa", "ur"), usual=True),
    Encoding("cp1257", "Windows-1257", gettext_lazy("Baltic"), ("et", "lv", "lt"), usual=True),
    Encoding("cp1258", "Windows-1258", gettext_lazy("Vietnamese"), ("vi",), usual=True),
    Encoding("cp874", "Windows-874", gettext_lazy("Thai"), ("th",), usual=True),
    Encoding("cp932", "Shift-JIS", _JAPANESE, ("ja",), usual=True),
    Encoding("euc-jp", "EUC-JP", _JAPANESE, ("ja",)),
    Encoding("gb18030", "GB 18030", gettext_lazy("Chinese, simplified"), ("zh",), usual=True),
    Encoding("big5hkscs", "Big5", gettext_lazy("Chinese, traditional"), ("zh_Hant",), usual=True),
    Encoding("cp949", "EUC-KR", gettext_lazy("Korean"), ("ko",), usual=True),
)
BY_CODE: Final[Mapping[str, Encoding]] = {one.code: one for one in ENCODINGS}
UNICODE: Final[Mapping[str, str]] = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32": "UTF-32",
}
_ALIASES: Final = {codecs.lookup(code).name: code for code in (*UNICODE, *BY_CODE)} | {
    codecs.lookup(name).name: code
    for name, code in (
        ("ascii", "utf-8"),
        ("koi8-r", "koi8-u"),
        ("iso8859-9", "cp1254"),
        ("iso8859-8", "cp1255"),
        ("gb2312", "gb18030"),
        ("gbk", "gb18030"),
        ("big5", "big5hkscs"),
        ("cp950", "big5hkscs"),
        ("euc-kr", "cp949"),
        ("shift_jis", "cp932"),
    )
}


def named(code: str) -> str:
    """Return an encoding as programs name it: Windows-1252."""
    return UNICODE[code] if code in UNICODE else BY_CODE[code].name


def label_of(code: str) -> str:
    """Return an encoding as people may know it: Cyrillic (Windows-1251)."""
    one = BY_CODE.get(code)
    return f"{one.letters} ({one.name})" if one else named(code)


def code_of(said: str) -> str:
    """Return the code of an encoding by any of its names, '' for none; Refusal for one unknown here."""
    if not said:
        return ""
    try:
        return _ALIASES[codecs.lookup(said).name]
    except (LookupError, ValueError):
        sentence = _("“%(said)s” is no encoding that is read here; there are: %(known)s.")
        known = ", ".join(("utf-8", "utf-16", *BY_CODE))
        raise Refusal(
            sentence % {"said": said[:40], "known": known}, field="encoding", code="no-encoding"
        ) from None
