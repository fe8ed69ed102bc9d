"""The settings of an installation, read from environment variables and nowhere else.

`SETTINGS` is the whole list, with defaults and meanings; `docs/running/configuration.md` says the
same at more length, and a test compares the two.
"""

import difflib
import ipaddress
import os
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from groundswell.ground import files, values
from groundswell.ground.errors import EnvironmentProblem
from groundswell.ground.language import gettext as _


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: its name, what holds when it is not set, and what it means."""

    name: str
    default: str
    meaning: str


SETTINGS: Final[tuple[Setting, ...]] = (
    Setting("GROUNDSWELL_HOME", ".groundswell", "directory of everything this installation keeps"),
    Setting("PORT", "8000", "port of the web server"),
    Setting("GROUNDSWELL_HOST", "127.0.0.1", "address the web server listens on"),
    Setting("GROUNDSWELL_PUBLIC_URL", "", "address people type, e.g. https://members.example.org"),
    Setting("GROUNDSWELL_WEB_PROCESSES", "2", "number of web processes, 1 to 64"),
    Setting("GROUNDSWELL_DATABASE_URL", "", "an installed PostgreSQL as gs_app, instead of the embedded one"),
    Setting("GROUNDSWELL_OWNER_DATABASE_URL", "", "the same as gs_owner, for `migrate` and `restore`"),
    Setting("GROUNDSWELL_BACKUP_DATABASE_URL", "", "the same as gs_backup, for `backup`"),
    Setting("GROUNDSWELL_SUPERUSER_DATABASE_URL", "", "the same as a superuser, once, to make the roles"),
    Setting("GROUNDSWELL_POSTGRES_BIN", "", "directory of other PostgreSQL programs for the embedded server"),
    Setting("GROUNDSWELL_SERVER_USER", "", "user the embedded server runs as when started by root"),
    Setting(
        "GROUNDSWELL_MAIL_URL", "", "smtp://user:password@host:port or smtps://…; empty: no mail is sent"
    ),
    Setting("GROUNDSWELL_MAIL_FROM", "", "sender of mail, e.g. members@example.org"),
    Setting(
        "GROUNDSWELL_CONTACT", "", "e-mail address that the public front names to whoever wants to write"
    ),
    Setting("GROUNDSWELL_ACCENT", "", "colour of the organisation in figures, e.g. #005a8c"),
    Setting("GROUNDSWELL_BACKUP_DIR", "", "directory of the backups; empty: `backups` in the home"),
    Setting("GROUNDSWELL_DEMO", "0", "1 shows the public demo pages; `groundswell demo` sets it"),
    Setting("GROUNDSWELL_TRACEBACK", "0", "1 shows a fault of a command as Python tells it, values and all"),
)
_NAMES: Final = frozenset(setting.name for setting in SETTINGS)
_DEFAULTS: Final = {setting.name: setting.default for setting in SETTINGS}
_PREFIX: Final = "GROUNDSWELL_"
# Read by the tests alone; see tests/conftest.py.
_TEST_PREFIX: Final = "GROUNDSWELL_TEST_"
# The sign-ins of a demo, in its home; no other installation has them.
DEMO_ACCOUNTS: Final = "demo-accounts.json"
# What came from a demo by a backup or an export stays one, in whatever home it has arrived.
_DEMO_MARK: Final = "demo.txt"
_DEMO_WORDS: Final = "What lies in this home came from the demo of Groundswell: its people are invented.\n"
# Where the web server of this home was heard last: a command beside it may have been told no PORT.
_SERVED: Final = "served-at.txt"
_HIGHEST_PORT: Final = 65535
_MOST_WEB_PROCESSES: Final = 64


@dataclass(frozen=True, slots=True)
class Environment:
    """The settings, checked. Every path is absolute; an empty setting is None."""

    home: Path
    port: int = 8000
    host: str = values.LOOPBACK
    public_url: str | None = None
    web_processes: int = 2
    database_url: str | None = None
    owner_database_url: str | None = None
    backup_database_url: str | None = None
    superuser_database_url: str | None = None
    postgres_bin: Path | None = None
    server_user: str | None = None
    mail_url: str | None = None
    mail_from: str | None = None
    contact: str | None = None
    accent: str | None = None
    backup_dir: Path | None = None
    demo: bool = False
    traceback: bool = False

    @property
    def embedded(self) -> bool:
        """Whether the database is the server that Groundswell itself starts."""
        return self.database_url is None

    @property
    def is_demo(self) -> bool:
        """Whether this is a demo: said so, or the demo was loaded or brought into the home."""
        return self.demo or any((self.home / name).exists() for name in (DEMO_ACCOUNTS, _DEMO_MARK))

    @property
    def backups(self) -> Path:
        """Return the directory of the backups."""
        return self.backup_dir or self.home / "backups"

    @property
    def address(self) -> str:
        """Return the address of the web server as a person types it on this machine."""
        return f"http://{'localhost' if self.local else values.bracketed(self.host)}:{self.port}/"

    @property
    def local(self) -> bool:
        """Whether the web server listens to this machine alone."""
        return ipaddress.ip_address(self.host).is_loopback


def load(environ: Mapping[str, str] | None = None) -> Environment:
    """Read and check the settings; raise EnvironmentProblem with one sentence."""
    given = os.environ if environ is None else environ
    _refuse_unknown(given)
    _refuse_control_characters(given)
    text = {name: given.get(name, "").strip() or _DEFAULTS[name] for name in _NAMES}
    database_url = values.database_url(text, "GROUNDSWELL_DATABASE_URL")
    others = {
        name: values.database_url(text, f"GROUNDSWELL_{name}_DATABASE_URL")
        for name in ("OWNER", "BACKUP", "SUPERUSER")
    }
    if database_url is None and any(others.values()):
        raise EnvironmentProblem(
            _("GROUNDSWELL_DATABASE_URL is not set, but another …_DATABASE_URL is: set all or none of them.")
        )
    mail_url = values.bare_url(text, "GROUNDSWELL_MAIL_URL", ("smtp", "smtps"), user=True)
    mail_from = values.email(text, "GROUNDSWELL_MAIL_FROM", named=True)
    _require_mail_whole(mail_url, mail_from)
    return Environment(
        home=values.path(text, "GROUNDSWELL_HOME"),
        port=values.number(text, "PORT", 1, _HIGHEST_PORT),
        host=values.host(text, "GROUNDSWELL_HOST"),
        public_url=values.bare_url(text, "GROUNDSWELL_PUBLIC_URL", ("http", "https"), user=False),
        web_processes=values.number(text, "GROUNDSWELL_WEB_PROCESSES", 1, _MOST_WEB_PROCESSES),
        database_url=database_url,
        owner_database_url=others["OWNER"],
        backup_database_url=others["BACKUP"],
        superuser_database_url=others["SUPERUSER"],
        postgres_bin=values.programs(text, "GROUNDSWELL_POSTGRES_BIN"),
        server_user=text["GROUNDSWELL_SERVER_USER"] or None,
        mail_url=mail_url,
        mail_from=mail_from,
        contact=values.email(text, "GROUNDSWELL_CONTACT"),
        accent=values.colour(text, "GROUNDSWELL_ACCENT"),
        backup_dir=values.path(text, "GROUNDSWELL_BACKUP_DIR") if text["GROUNDSWELL_BACKUP_DIR"] else None,
        demo=values.yes_no(text, "GROUNDSWELL_DEMO"),
        traceback=values.yes_no(text, "GROUNDSWELL_TRACEBACK"),
    )


def home(environ: Mapping[str, str] | None = None) -> Path:
    """Return the home, whatever is wrong with the other settings; EnvironmentProblem when it is no path."""
    given = os.environ if environ is None else environ
    name = "GROUNDSWELL_HOME"
    return values.path({name: given.get(name, "").strip() or _DEFAULTS[name]}, name)


def mark_as_demo(environment: Environment) -> None:
    """Let whatever starts in this home from now on know that what lies in it is a demo."""
    if not environment.is_demo:
        files.write_private(environment.home / _DEMO_MARK, _DEMO_WORDS)


def note_served(environment: Environment) -> None:
    """Let commands beside the web server know at which address it is heard."""
    files.write_private(environment.home / _SERVED, environment.address)


def public_address(environment: Environment) -> str:
    """Return the address that links begin with: the public one, else where this home was served last."""
    served = environment.home / _SERVED
    return environment.public_url or (served.read_text() if served.exists() else environment.address)


def hosts(environment: Environment) -> list[str]:
    """Return the host names under which people reach the installation, besides this machine's own."""
    names = {environment.host} - {"0.0.0.0", "::"}  # noqa: S104  # nosec B104 - compared, not listened on
    if environment.public_url:
        names.add(urlsplit(environment.public_url).hostname or "")
    return sorted(map(values.bracketed, names))


def origins(environment: Environment) -> list[str]:
    """Return the origins from which forms may be sent: the public address, when there is one."""
    if environment.public_url is None:
        return []
    parts = urlsplit(environment.public_url)
    return [f"{parts.scheme}://{parts.netloc}"]


def mail(environment: Environment) -> tuple[str, dict[str, str | int | bool]]:
    """Return Django's mail backend and its EMAIL_… settings; without a mail address nothing is sent."""
    sender = {"DEFAULT_FROM_EMAIL": environment.mail_from} if environment.mail_from else {}
    if environment.mail_url is None:
        return "django.core.mail.backends.dummy.EmailBackend", {**sender}
    parts = urlsplit(environment.mail_url)
    secure = parts.scheme == "smtps"
    return "django.core.mail.backends.smtp.EmailBackend", {
        **sender,
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or (465 if secure else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": secure,
        "EMAIL_USE_TLS": not secure and (parts.hostname not in {"localhost", "127.0.0.1"}),
        "EMAIL_TIMEOUT": 20,
    }


def _require_mail_whole(url: str | None, sender: str | None) -> None:
    """Refuse what would send mail that nobody takes: without a sender, or not signed in without a word."""
    if url is None:
        return
    if sender is None:
        raise EnvironmentProblem(
            _(
                "GROUNDSWELL_MAIL_URL is set and GROUNDSWELL_MAIL_FROM is not: say whose mail it is, as "
                "members@example.org."
            )
        )
    parts = urlsplit(url)
    if bool(parts.username) != bool(parts.password):
        raise EnvironmentProblem(
            _(
                "GROUNDSWELL_MAIL_URL names a user without a password, or a password without a user: write "
                "both, as smtps://user:password@mail.example.org, or neither."
            )
        )


def _refuse_unknown(given: Mapping[str, str]) -> None:
    for name in sorted(given):
        if not name.startswith(_PREFIX) or name.startswith(_TEST_PREFIX) or name in _NAMES:
            continue
        near = difflib.get_close_matches(name, _NAMES, n=1, cutoff=0.8)
        hint = (
            _("Did you mean %(name)s?") % {"name": near[0]}
            if near
            else _("docs/running/configuration.md lists them.")
        )
        wrong = _("%(name)s: there is no setting of this name.") % {"name": name}
        raise EnvironmentProblem(f"{wrong} {hint}")


def _refuse_control_characters(given: Mapping[str, str]) -> None:
    for name in sorted(_NAMES & given.keys()):
        if any(unicodedata.category(mark) == "Cc" for mark in given[name].strip()):
            raise EnvironmentProblem(
                _("%(name)s holds a line break or another control character; write it without.")
                % {"name": name}
            )
