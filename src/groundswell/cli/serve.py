"""`groundswell serve`: the web server."""

import argparse
import logging
import os
import signal
from typing import Final

from groundswell.cli.errors import CommandError
from groundswell.cli.joined import Joined, joined, refusals, require_demo_kept_here
from groundswell.ground import environment, language, processes
from groundswell.ground.language import gettext as _

# Threads of a web process: each holds one of the pool's connections while it answers.
_THREADS: Final = 4
# How long a request that is being asked or answered may go on when the end is asked for.
_KILL_SECONDS: Final = 5  # less than its parent gives it (ground.processes)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--while-input-open", action="store_true", help=_("end when the standard input is closed")
    )


def run(options: argparse.Namespace) -> int:
    """Serve until a signal says otherwise; PORT and GROUNDSWELL_HOST say where."""
    if options.while_input_open:
        processes.end_when_input_closes()
    with refusals():
        settings = environment.load()
        if settings.is_demo:
            require_demo_kept_here(settings)
    # A parent who holds the input looks after the database itself.
    with joined(keep=not options.while_input_open) as installation:
        settings = installation.environment
        if not processes.port_is_free(settings.host, settings.port):
            raise CommandError(
                "port",
                _("Port %(port)s is taken by another program; set PORT to a free one.")
                % {"port": settings.port},
            )
        environment.note_served(settings)
        collect_static()
        _serve(installation)
    return 0


def collect_static() -> None:
    """Bring the static files into the home under hashed names, when they are not there as they are now."""
    from groundswell.web.assets import collect

    collect()


def _serve(installation: Joined) -> None:
    from django.conf import settings as django_settings
    from django.db import connections
    from django.utils import translation
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    connections.close_all()
    settings = installation.environment
    logging.getLogger("_granian").setLevel(logging.WARNING)
    logging.getLogger("_granian").addFilter(_say_what_was_cut_off)
    _let_children_end_early()
    logging.raiseExceptions = False  # a log on a full disk is no reason for a traceback with every line
    # The web processes are forked here: the log and `/healthz` are English (decision 0780).
    with language.speaking(language.ENGLISH), translation.override(django_settings.LANGUAGE_CODE):
        Granian(
            "groundswell.site.webprocess:application",
            address=settings.host,
            port=settings.port,
            interface=Interfaces.WSGI,
            workers=settings.web_processes,
            blocking_threads=_THREADS,
            respawn_failed_workers=True,
            workers_kill_timeout=_KILL_SECONDS,
            log_level=LogLevels.warning,
        ).serve()


def _say_what_was_cut_off(record: logging.LogRecord) -> bool:
    """Say of a web process that had to be killed what that means; return whether its own line is written."""
    if not str(record.msg).startswith("Killing worker"):
        return True
    logging.getLogger(__name__).warning(
        "What was still being asked or answered after %d seconds was cut off.", _KILL_SECONDS
    )
    return False


def _let_children_end_early() -> None:
    """Let a web process that is asked to end while it loads end at once.

    Until it has loaded the pages it has the signals of its parent, which would lose what they are told, and
    it would be killed. Whoever forks holds the signals back meanwhile, so that none comes in between. A
    Ctrl-C goes to all of them: there the parent alone says what is done.
    """
    asked = (signal.SIGTERM, signal.SIGINT)

    def default() -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, asked)

    os.register_at_fork(
        before=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, asked),
        after_in_parent=lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, asked),
        after_in_child=default,
    )
