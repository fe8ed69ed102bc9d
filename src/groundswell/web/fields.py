"""One shared set of fields for forms and for query parameters, hardened against nasty input.

What the database or the calendar cannot hold is refused here with a sentence: NUL, lone surrogates,
control signs, texts without end, whole numbers beyond 8 bytes, days before 1800 or after 2199 (so
that neither year 0 nor 10000 reaches a date), a parameter given twice. A refused parameter is a
`BadQuery`, which the middleware turns into a page with status 400; a refused form keeps what was typed
and is answered with 422.
"""

import datetime as dt
import re
import zoneinfo
from collections.abc import Callable, Collection
from typing import Any, Final, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundswell.kernel.bounds import FIRST_DAY, LAST_DAY
from groundswell.kernel.errors import Refusal
from groundswell.kernel.signs import holds_unwritable
from groundswell.web import tongues

SMALLEST: Final = -(2**63)
LARGEST: Final = 2**63 - 1
LONGEST_LINE: Final = 200
LONGEST_PASSWORD: Final = 1_000
LONGEST_EMAIL: Final = 254
_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,19}", re.ASCII)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})",
    re.ASCII,
)
_DEGREES: Final = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{1,15})?", re.ASCII)
_LOCAL: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?", re.ASCII)
_CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{0,39}", re.ASCII)
_ALLOWED_CONTROLS: Final = frozenset("\n\r\t")

T = TypeVar("T")


class BadQuery(Refusal):
    """A query parameter that cannot be used; answered with 400 and the sentence."""

    def __init__(self, sentence: str, *, field: str) -> None:
        super().__init__(sentence, field=field, code="bad-query")


def checked_text(text: str, *, longest: int = LONGEST_LINE) -> str:
    """Return the text unchanged, or raise ValidationError when no table could hold or no page show it."""
    if len(text) > longest:
        raise ValidationError(
            _("This is too long: at most %(longest)d characters fit.") % {"longest": longest}, code="long"
        )
    if holds_unwritable(text, but=_ALLOWED_CONTROLS):
        raise ValidationError(
            _("This holds a sign that cannot be stored; type it again by hand."), code="sign"
        )
    return text


def checked_day(text: str) -> dt.date:
    """Return the day of 'YYYY-MM-DD' between 1800 and 2199; ValidationError else."""
    try:
        day = dt.date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or not FIRST_DAY <= day < LAST_DAY:
        raise ValidationError(_("Write a day like 2024-01-31, between 1800 and 2199."), code="day")
    return day


def checked_moment(text: str) -> dt.datetime:
    """Return a moment; a bare day means its last moment in UTC. ValidationError else."""
    if _MOMENT.fullmatch(text):
        try:
            moment = dt.datetime.fromisoformat(text)
            checked_day(text[:10])
        except ValueError:
            raise ValidationError(
                _("Write a moment like 2024-01-31T18:00Z, or a day like 2024-01-31."), code="moment"
            ) from None
        return moment.astimezone(dt.UTC)
    return dt.datetime.combine(checked_day(text), dt.time.max, dt.UTC)


def checked_whole(text: str) -> int:
    """Return a whole number that 8 bytes hold; ValidationError else."""
    if not _WHOLE.fullmatch(text) or not SMALLEST <= int(text) <= LARGEST:
        raise ValidationError(_("Write a whole number in figures."), code="whole")
    return int(text)


def checked_code(text: str) -> str:
    """Return the code of a unit, written large; ValidationError else."""
    code = text.upper() if text.isascii() else text
    if not _CODE.fullmatch(code):
        raise ValidationError(
            _("The code of a unit is made of letters, digits and hyphens, like CH-BE."), code="code"
        )
    return code


def query(
    request: HttpRequest,
    name: str,
    check: Callable[[str], T],
    default: T | None = None,
    *,
    longest: int = LONGEST_LINE,
) -> T | None:
    """Return a query parameter through `check`, `default` when absent or empty; BadQuery else."""
    given = request.GET.getlist(name)
    if len(set(given)) > 1:
        raise BadQuery(
            _("The address gives “%(name)s” more than once; keep one.") % {"name": name}, field=name
        )
    if not given or not given[0]:
        return default
    try:
        return check(checked_text(given[0], longest=longest))
    except ValidationError as problem:
        raise BadQuery(
            _("“%(name)s” in the address cannot be used. %(problem)s")
            % {"name": name, "problem": " ".join(problem.messages)},
            field=name,
        ) from None


def query_choice(request: HttpRequest, name: str, choices: Collection[str], default: str) -> str:
    """Return a query parameter that must be one of `choices`."""

    def check(text: str) -> str:
        if text not in choices:
            raise ValidationError(_("It is one of: %(choices)s.") % {"choices": ", ".join(sorted(choices))})
        return text

    return query(request, name, check, default) or default


class Text(forms.CharField):
    """A line of text: kept as it was typed, refused when it cannot be stored."""

    def __init__(self, *, max_length: int = LONGEST_LINE, **options: Any) -> None:
        # The length is judged below, so that the sentence is ours; the attribute stays for the browser.
        self.longest = max_length
        super().__init__(**options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Tell the browser the length."""
        return {**super().widget_attrs(widget), "maxlength": str(self.longest)}

    def to_python(self, value: Any) -> str:
        """Return the text, checked."""
        return checked_text(super().to_python(value) or "", longest=self.longest)


class Email(forms.EmailField):
    """An e-mail address; nothing is looked up."""

    default_error_messages = {
        "invalid": gettext_lazy("This is not an e-mail address; write it like name@example.org."),
        "required": gettext_lazy("Write your e-mail address."),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=LONGEST_EMAIL, **options)
        self.validators = [
            validator for validator in self.validators if getattr(validator, "code", "") != "max_length"
        ]
        for validator in self.validators:
            if getattr(validator, "code", "") == "invalid":
                validator.message = self.error_messages["invalid"]  # type: ignore[attr-defined]  # EmailValidator has it

    def to_python(self, value: Any) -> str:
        """Return the address, checked."""
        return checked_text(super().to_python(value) or "", longest=LONGEST_EMAIL)


class Password(forms.CharField):
    """A password as typed: never shortened, never stripped; too long for any hasher is refused."""

    widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})
    default_error_messages = {"required": gettext_lazy("Write your password.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(strip=False, **options)

    def to_python(self, value: Any) -> str:
        """Return the password, checked."""
        return checked_text(super().to_python(value) or "", longest=LONGEST_PASSWORD)


class Day(forms.Field):
    """A day, chosen in the browser's calendar or written 2024-01-31."""

    widget = forms.DateInput(
        attrs={"type": "date", "min": "1800-01-01", "max": "2199-12-31"}, format="%Y-%m-%d"
    )

    def to_python(self, value: Any) -> dt.date | None:
        """Return the day, or None when nothing was written."""
        return checked_day(str(value).strip()) if value not in self.empty_values else None


class Moment(forms.Field):
    """A moment as the clock on the wall of a place shows it; which place is said beside the field."""

    widget = forms.DateTimeInput(
        attrs={"type": "datetime-local", "min": "1800-01-01T00:00", "max": "2199-12-31T23:59"},
        format="%Y-%m-%dT%H:%M",
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.zone = zoneinfo.ZoneInfo("UTC")

    def set_zone(self, name: str) -> None:
        """Let the moments be those of a time zone (`Europe/Vienna`)."""
        self.zone = zoneinfo.ZoneInfo(name)
        self.help_text = " ".join(
            filter(None, (str(self.help_text), _("Time zone: %(zone)s.") % {"zone": name}))
        )

    def prepare_value(self, value: Any) -> Any:
        """Return a moment as the place's clock shows it; what was typed as it was typed."""
        return value.astimezone(self.zone).replace(tzinfo=None) if isinstance(value, dt.datetime) else value

    def to_python(self, value: Any) -> dt.datetime | None:
        """Return the moment in UTC, or None when nothing was written."""
        if value in self.empty_values:
            return None
        text = str(value).strip()
        if not _LOCAL.fullmatch(text):
            raise ValidationError(_("Write a moment like 2024-01-31 18:00."), code="moment")
        checked_day(text[:10])
        try:
            moment = dt.datetime.fromisoformat(text)
        except ValueError:
            raise ValidationError(_("Write a moment like 2024-01-31 18:00."), code="moment") from None
        return moment.replace(tzinfo=self.zone).astimezone(dt.UTC)


class Degrees(forms.Field):
    """A latitude or longitude in degrees, with a point or a comma before the decimals."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "maxlength": "20"})

    def to_python(self, value: Any) -> float | None:
        """Return the degrees, or None when nothing was written."""
        if value in self.empty_values:
            return None
        text = str(value).strip().replace(",", ".")
        if not _DEGREES.fullmatch(text):
            raise ValidationError(_("Write degrees in figures, as 48.21."), code="degrees")
        return float(text)


class Whole(forms.Field):
    """A whole number that the database can hold."""

    widget = forms.TextInput(attrs={"inputmode": "numeric"})

    def to_python(self, value: Any) -> int | None:
        """Return the number, or None when nothing was written."""
        return checked_whole(str(value).strip()) if value not in self.empty_values else None


class Languages(forms.Field):
    """Languages with commas between them, by name or by code; cleaned to their codes."""

    widget = forms.TextInput(attrs={"maxlength": str(LONGEST_LINE), "autocomplete": "off"})

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        """Return the languages by their names; what was typed as it was typed."""
        return ", ".join(map(tongues.named, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        """Return the codes, each once."""
        if isinstance(value, list):
            return value
        found: list[str] = []
        for part in re.split(r"[,;/\n]", checked_text(str(value or ""))):
            found += _languages(part.strip())
        return list(dict.fromkeys(found))


def _languages(part: str) -> list[str]:
    """Return the code of one language, or of several that only blanks stand between: 'en de'."""
    codes = [tongues.typed(part)] if part else []
    if None in codes:
        codes = [tongues.typed(word) for word in part.split()]
    if None in codes:
        sentence = _("“%(cell)s” is no language that is known here; write its code, as “en”.")
        raise ValidationError(sentence % {"cell": part[:40]}, code="no-language")
    return [code for code in codes if code]
