"""Reading one setting from its text: the value, or an EnvironmentProblem with one sentence that names it."""

import ipaddress
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, urlsplit

from groundswell.ground.errors import EnvironmentProblem
from groundswell.ground.language import gettext as _

LOOPBACK: Final = "127.0.0.1"
_LONGEST_PATH, _LONGEST_NAME_IN_IT = 4000, 255  # bytes, as file systems have it
# What a browser sends as Host, and nothing that Django would take for a pattern of hosts.
_HOST: Final = r"(?:(?!-)[A-Za-z0-9-]{1,63}(?<!-)\.)*(?!-)[A-Za-z0-9-]{1,63}(?<!-)"
_EMAIL: Final = rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{_HOST}"
_COLOUR: Final = r"#?[0-9A-Fa-f]{6}"
_SENDER: Final = rf"[^<>@,;:\\\"()\[\]]+ <{_EMAIL}>|{_EMAIL}"


def path(text: Mapping[str, str], name: str) -> Path:
    """Return an absolute path; `~` is the home of a user."""
    try:
        found = os.path.abspath(Path(text[name]).expanduser())  # noqa: PTH100 - resolve() would follow links
    except RuntimeError as problem:
        raise EnvironmentProblem(
            _("%(name)s is “%(value)s”; this machine has no such user.") % {"name": name, "value": text[name]}
        ) from problem
    raw = os.fsencode(found)
    if len(raw) > _LONGEST_PATH or any(len(part) > _LONGEST_NAME_IN_IT for part in raw.split(b"/")):
        raise EnvironmentProblem(_("%(name)s is longer than a path can be.") % {"name": name})
    return Path(found)


def number(text: Mapping[str, str], name: str, lowest: int, highest: int) -> int:
    """Return a whole number between two, both of which are allowed."""
    value = text[name]
    if not (value.isascii() and value.isdecimal() and lowest <= int(value[:9]) <= highest):
        raise EnvironmentProblem(
            _("%(name)s is “%(value)s”; it must be a whole number from %(lowest)s to %(highest)s.")
            % {"name": name, "value": value, "lowest": lowest, "highest": highest}
        )
    return int(value)


def yes_no(text: Mapping[str, str], name: str) -> bool:
    """Return whether 1 is said; else it is 0."""
    value = text[name]
    if value not in {"0", "1"}:
        raise EnvironmentProblem(
            _("%(name)s is “%(value)s”; it must be 0 or 1.") % {"name": name, "value": value}
        )
    return value == "1"


def host(text: Mapping[str, str], name: str) -> str:
    """Return an address to listen on, in figures."""
    value = text[name]
    if value == "localhost":
        return LOOPBACK
    if "%" in value or not _is_address(value):
        raise EnvironmentProblem(
            _("%(name)s is “%(value)s”; it must be localhost or an address in figures, as 127.0.0.1.")
            % {"name": name, "value": value}
        )
    return value


def bracketed(host: str) -> str:
    """Return a host as addresses write it: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host


def database_url(text: Mapping[str, str], name: str) -> str | None:
    """Return an address of PostgreSQL that its driver can read."""
    value = _url(text, name, ("postgresql", "postgres"))
    if value is not None:
        import psycopg
        from psycopg.conninfo import conninfo_to_dict

        try:
            conninfo_to_dict(value)
        except psycopg.ProgrammingError:
            # What the driver says repeats the value, and its password: not even as a cause.
            raise EnvironmentProblem(
                _(
                    "%(name)s cannot be read as an address of PostgreSQL: check what stands after the “?”, "
                    "and write special characters of the password as %%40 and the like."
                )
                % {"name": name}
            ) from None
    return value


def bare_url(text: Mapping[str, str], name: str, schemes: tuple[str, ...], *, user: bool) -> str | None:
    """Return an address of a host and perhaps a port, with a user only where one signs in."""
    value = _url(text, name, schemes)
    if value is None:
        return None
    parts = urlsplit(value)
    beside = parts.path.strip("/") or parts.query or parts.fragment or ("@" in parts.netloc and not user)
    if beside or not _is_host(parts.hostname or ""):
        given = f"{schemes[-1]}://{'user:password@mail' if user else 'members'}.example.org"
        raise EnvironmentProblem(
            _("%(name)s must be an address as %(given)s, with nothing after it but a port.")
            % {"name": name, "given": given}
        )
    return value


def _is_host(name: str) -> bool:
    return _is_address(name) or re.fullmatch(_HOST, name) is not None


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _url(text: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str | None:
    value = text[name]
    if not value:
        return None
    try:
        parts = urlsplit(value)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in schemes or not (parts.hostname or parts.query):
        # The value itself is not repeated: it may hold a password.
        known = _(" or ").join(f"{scheme}://" for scheme in schemes)
        raise EnvironmentProblem(
            _("%(name)s must be an address that starts with %(known)s.") % {"name": name, "known": known}
        )
    _require_port(parts, name)
    return value


def _require_port(parts: SplitResult, name: str) -> None:
    try:
        usable = parts.port is None or parts.port > 0
    except ValueError:
        usable = False
    if not usable:
        raise EnvironmentProblem(
            _(
                "%(name)s has a port that is no whole number from 1 to 65535; if it is part of a password, "
                "write special characters of that as %%40 and the like."
            )
            % {"name": name}
        )


def programs(text: Mapping[str, str], name: str) -> Path | None:
    """Return a directory of PostgreSQL programs."""
    if not text[name]:
        return None
    found = path(text, name)
    if not (found / "postgres").is_file():
        raise EnvironmentProblem(
            _("%(name)s is “%(value)s”, but there is no program `postgres`.")
            % {"name": name, "value": text[name]}
        )
    return found


def email(text: Mapping[str, str], name: str, *, named: bool = False) -> str | None:
    """Return an e-mail address, with a name before it if `named` allows one: `Name <a@example.org>`."""
    value = text[name]
    if value and not re.fullmatch(_SENDER if named else _EMAIL, value):
        raise EnvironmentProblem(
            _("%(name)s is “%(value)s”; it must be an e-mail address, as a@example.org.")
            % {"name": name, "value": value}
        )
    return value or None


def colour(text: Mapping[str, str], name: str) -> str | None:
    """Return a colour as #rrggbb in small letters; the sign before it may be missing."""
    value = text[name]
    if value and not re.fullmatch(_COLOUR, value):
        raise EnvironmentProblem(
            _("%(name)s is “%(value)s”; it must be a colour in figures, as #005a8c.")
            % {"name": name, "value": value}
        )
    return f"#{value[-6:].lower()}" if value else None
