"""`groundswell doctor`: check the installation, and say what to mend."""

import argparse
import contextlib
import datetime as dt
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from groundswell.cli import typed
from groundswell.cli.joined import expected_migrations, refusals, require_begun, set_django_up
from groundswell.ground import backup, checks, cluster, environment, keys, processes, roles
from groundswell.ground.errors import GroundProblem
from groundswell.ground.language import gettext as _
from groundswell.ground.language import gettext_noop

if TYPE_CHECKING:
    import psycopg

# Section, number and hash of a seal that was written down.
Noted = tuple[int, int, bytes]

_HIDES: Final = gettext_noop("Mend this first; it hides the rest.")
_OLDEST_BACKUP: Final = dt.timedelta(days=2)
_CLOCKS_DIFFER: Final = dt.timedelta(hours=1)  # the files may come from another machine
_BYPASS_BY_CREATOR: Final = 160000  # the release since which CREATEROLE may give BYPASSRLS


@dataclass(frozen=True, slots=True)
class Check:
    """One question to the installation. `mend` says what to do, and is empty when all is well."""

    name: str
    ok: bool
    detail: str
    mend: str = ""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help=_("text (default) or json")
    )
    parser.add_argument(
        "--checkpoint",
        metavar="SECTION:NUMBER:HASH",
        action="append",
        default=[],
        help=_("hold the trail against a checkpoint that was written down from /trail/ (once for each)"),
    )


def run(options: argparse.Namespace) -> int:
    """Print every check; 1 when one fails."""
    noted = [typed.checkpoint(text, "--checkpoint") for text in options.checkpoint]
    with refusals():
        settings = environment.load()
        require_begun(settings)
        with processes.ending_on_signals():
            found = list(_checks(settings, noted))
    if options.format == "json":
        sys.stdout.write(
            json.dumps({"checks": [asdict(check) for check in found]}, ensure_ascii=False) + "\n"
        )
    else:
        width = max(13, *(len(_(check.name)) for check in found))
        for check in found:
            verdict, name = _("ok") if check.ok else _("FAIL"), _(check.name)
            sys.stdout.write(f"{verdict:<6}{name:<{width}} {check.detail}\n")
            if check.mend:
                sys.stdout.write(f"      {'':<{width}} → {check.mend}\n")
    return 0 if all(check.ok for check in found) else 1


def _checks(settings: environment.Environment, noted: Sequence[Noted]) -> Iterator[Check]:
    yield _asked(
        gettext_noop("disk"), _("there is room"), checks.disk(settings), _("Make room, or move the home.")
    )
    with contextlib.ExitStack() as until_all_is_asked:
        try:
            running = until_all_is_asked.enter_context(cluster.cluster(settings, make=False))
        except GroundProblem as problem:
            yield Check(gettext_noop("database"), ok=False, detail=problem.sentence, mend=_(_HIDES))
        else:
            yield Check(gettext_noop("database"), ok=True, detail=_named(running.version))
            yield from _inside(settings, running, noted)
    yield _backup_age(settings)


def _inside(
    settings: environment.Environment, running: cluster.Cluster, noted: Sequence[Noted]
) -> Iterator[Check]:
    import psycopg

    with psycopg.connect(**running.parameters("gs_app"), autocommit=True) as app:
        unfinished = checks.unfinished_restore(app)
        if unfinished:
            yield Check(gettext_noop("restore"), ok=False, detail=unfinished, mend=_(_HIDES))
            return
        keyed = _asked(
            gettext_noop("key file"),
            _("fits this database"),
            checks.key_file(app, settings),
            _("Put back your copy of %(path)s; nothing else opens what was encrypted.")
            % {"path": keys.path(settings)},
        )
        yield keyed
        migrated = _migrations(app)
        yield migrated
        yield _roles(app, settings, running.version)
        unguarded = ", ".join(checks.unguarded_tables(app))
        yield _asked(
            gettext_noop("row security"),
            _("enabled and forced on every table with a unit or a person"),
            unguarded and _("Not enabled and forced on: %(tables)s.") % {"tables": unguarded},
            _("Run `groundswell migrate`; if this stays, restore a backup and tell the makers."),
        )
        silenced = ", ".join(checks.silenced(app))
        yield _asked(
            gettext_noop("triggers"),
            _("switched on: the trail, the figures, what rows must keep to"),
            silenced
            and _(
                "Switched off or gone on: %(tables)s. What was written since may stand in no trail and in "
                "no figure."
            )
            % {"tables": silenced},
            _("Run `groundswell migrate`; if this stays, restore a backup and tell the makers."),
        )
        yield _asked(
            gettext_noop("worker"),
            _("reports"),
            checks.worker(app),
            _("Start `groundswell worker`.") if migrated.ok else _("Run `groundswell migrate`."),
        )
    # Under other keys no seal can be proved and no row is seen: the answers would be wrong.
    if migrated.ok and keyed.ok:
        yield _trail(noted)
        yield _mail()
        yield _contact()
        yield _factors()


def _migrations(app: "psycopg.Connection[Any]") -> Check:
    try:
        set_django_up()
    except GroundProblem:
        return Check(
            gettext_noop("migrations"),
            ok=False,
            detail=_("They cannot be compared yet."),
            mend=_("Mend the key file."),
        )
    expected = expected_migrations()
    newer = checks.newer_release(app, expected)
    if newer:
        return Check(gettext_noop("migrations"), ok=False, detail=newer, mend=_(_HIDES))
    return _asked(
        gettext_noop("migrations"),
        _("those of this release"),
        checks.migrations(app, expected),
        _("Run `groundswell migrate`."),
    )


def _named(version: int) -> str:
    return f"PostgreSQL {version // 10000}.{version % 10000}"


def _asked(name: str, well: str, problem: str | None, mend: str) -> Check:
    if problem:
        return Check(name, ok=False, detail=problem, mend=mend)
    return Check(name, ok=True, detail=well)


def _roles(app: "psycopg.Connection[Any]", settings: environment.Environment, version: int) -> Check:
    if settings.embedded:
        mend = _("Run `groundswell migrate`.")
    else:
        mend = _("Set GROUNDSWELL_SUPERUSER_DATABASE_URL and run `groundswell migrate`.")
    if version < _BYPASS_BY_CREATOR:
        mend += " " + _("Before PostgreSQL 16 only a superuser can make roles that pass row security.")
    return _asked(gettext_noop("roles"), _("as they must be"), " ".join(roles.wrong_in(app)), mend)


def _backup_age(settings: environment.Environment) -> Check:
    mend = _("Run `groundswell backup` every day, and copy the files to another place.")
    newest = backup.newest(settings.backups) if settings.backups.exists() else None
    if newest is None:
        return Check(gettext_noop("backup"), ok=settings.is_demo, detail=_("None yet."), mend=mend)
    age = dt.datetime.now(dt.UTC) - newest
    if age < -_CLOCKS_DIFFER:
        # It would hide for as long that no other is written, and expire as much later.
        mend = _(
            "See that the clock of this machine is right. Where it was ahead when that backup was written, "
            "run `groundswell backup` and remove the files of that moment."
        )
    well = -_CLOCKS_DIFFER <= age <= _OLDEST_BACKUP
    return Check(
        gettext_noop("backup"),
        ok=well,
        detail=_("The newest is of %(moment)s UTC.") % {"moment": f"{newest:%Y-%m-%d %H:%M}"},
        mend="" if well else mend,
    )


def _trail(noted: Sequence[Noted]) -> Check:
    from groundswell.access.proving import verify
    from groundswell.access.sealing import Checkpoint

    findings = verify(Checkpoint(*one) for one in noted)
    number = _("Findings: %(number)s.") % {"number": len(findings)}
    detail = f"{findings[0].sentence} {number}" if findings else ""
    return _asked(
        gettext_noop("trail"),
        _("every seal holds, and every checkpoint that was given") if noted else _("every seal holds"),
        detail,
        _("Keep the database as it is, restore the newest backup beside it, and compare the two."),
    )


def _mail() -> Check:
    from django.conf import settings

    if settings.EMAIL_BACKEND.endswith("dummy.EmailBackend"):
        return Check(
            gettext_noop("mail"), ok=True, detail=_("not set up: links and invitations are shown on screen")
        )
    from groundswell.accounts import greeting

    return _asked(
        gettext_noop("mail"),
        _("the mail server greets us; nothing was sent"),
        greeting.wrong(),
        _("Check GROUNDSWELL_MAIL_URL and the server; until then mails wait, for two days."),
    )


def _contact() -> Check:
    from django.conf import settings

    if not settings.CONTACT:
        return Check(
            gettext_noop("contact"),
            ok=True,
            detail=_("not set up: the public front names nobody to write to"),
        )
    return Check(
        gettext_noop("contact"),
        ok=True,
        detail=_("the public front names %(email)s") % {"email": settings.CONTACT},
    )


def _factors() -> Check:
    from groundswell.access import scope
    from groundswell.accounts.queries import without_demanded_factor

    with scope.operator("doctor"):
        lacking = without_demanded_factor()
    return _asked(
        gettext_noop("second factor"),
        _("nobody who has signed in lacks one that her office demands"),
        _("Accounts that lack one their office demands: %(number)s.") % {"number": lacking}
        if lacking
        else None,
        _("Remind them to sign in: they are led to set one up, and see nothing before."),
    )
