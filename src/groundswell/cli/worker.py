"""`groundswell worker`: does the jobs that pages and the clock have ordered."""

import argparse
import asyncio
import contextlib
import logging
import time
from typing import TYPE_CHECKING, Final

from groundswell.cli.joined import joined
from groundswell.ground import errors, language, processes
from groundswell.ground.language import gettext as _

if TYPE_CHECKING:
    from procrastinate import App

# Jobs are synchronous: one at a time in each worker, so that two never wait for each other's locks.
_CONCURRENCY: Final = 1
_GRACE_SECONDS: Final = 3.0
_PAUSE_SECONDS: Final = 1.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--while-input-open", action="store_true", help=_("end when the standard input is closed")
    )
    parser.add_argument("--once", action="store_true", help=_("do what is due and end"))


def run(options: argparse.Namespace) -> int:
    """Work until a signal says otherwise, or with --once until nothing is due."""
    if options.while_input_open:
        processes.end_when_input_closes()
    # A parent who holds the input looks after the database itself.
    with joined(keep=not options.while_input_open):
        work(wait=not options.once)
    return 0


def work(*, wait: bool) -> None:
    """Run the worker in this process until it is asked to end, or nothing is due; Django must be set up.

    It begins anew when the database has gone and come back: the library's worker ends then. The log is
    English, and a job says by itself in whose language it speaks (decision 0780).
    """
    from django.conf import settings
    from django.utils import translation

    with language.speaking(language.ENGLISH), translation.override(settings.LANGUAGE_CODE):
        _work(wait=wait)


def app_at_work() -> "App":
    """Return the app of the jobs with a worker's own connections; Django must be set up."""
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    connector = app.connector
    if not isinstance(connector, DjangoConnector):
        raise TypeError(f"The jobs go through {type(connector).__name__}, not through Django's connection.")
    working = app.with_connector(connector.get_worker_connector())
    # The library leaves them behind, and nights that were missed would stay missed (decision 0850).
    working.periodic_defaults = app.periodic_defaults
    return working


def _work(*, wait: bool) -> None:
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    with contextlib.suppress(asyncio.CancelledError):  # asked to end
        while True:
            try:
                asyncio.run(_round(app_at_work(), wait=wait))
            except Exception as fault:
                if not wait or errors.of_exception(fault) is None:
                    raise
                logging.getLogger(__name__).warning("The worker waits for the database: %s", fault)
            if not wait:
                return
            time.sleep(_PAUSE_SECONDS)


async def _round(app: "App", *, wait: bool) -> None:
    """Work until the library's worker ends by itself; cancelled when a signal asks this process to end."""
    from asgiref.sync import sync_to_async
    from django.db import close_old_connections
    from procrastinate import signals

    await sync_to_async(close_old_connections)()  # of the thread that orders the periodic jobs
    async with app.open_async():
        if not wait:
            await order_due(app)
        worker = asyncio.ensure_future(
            app.run_worker_async(
                wait=wait,
                concurrency=_CONCURRENCY,
                shutdown_graceful_timeout=_GRACE_SECONDS,
                delete_jobs="successful",
                install_signal_handlers=False,
            )
        )

        def end() -> None:
            worker.cancel()

        with signals.on_stop(end):
            await worker


async def order_due(app: "App") -> None:
    """Order what the clocks have due: a worker that ends when nothing is due would be gone before they do."""
    from procrastinate.periodic import PeriodicDeferrer

    clocks = PeriodicDeferrer(app.periodic_registry, **app.periodic_defaults)
    await clocks.defer_jobs(clocks.get_previous_tasks(at=time.time()))
