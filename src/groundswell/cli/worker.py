"""`groundswell worker`: does the jobs that pages and the clock have ordered."""

import argparse
import logging
from typing import Final

from groundswell.cli.joined import joined
from groundswell.ground import processes

# Jobs are synchronous: one at a time in each worker, so that two never wait for each other's locks.
_CONCURRENCY: Final = 1
_GRACE_SECONDS: Final = 3.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--while-input-open", action="store_true", help="end when the standard input is closed"
    )
    parser.add_argument("--once", action="store_true", help="do what is due and end")


def run(options: argparse.Namespace) -> int:
    """Work until a signal says otherwise, or with --once until nothing is due."""
    if options.while_input_open:
        processes.end_when_input_closes()
    with joined(keep=True):
        work(wait=not options.once)
    return 0


def work(*, wait: bool) -> None:
    """Run the worker in this process; Django must be set up."""
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    connector = app.connector
    if not isinstance(connector, DjangoConnector):
        raise TypeError(f"The jobs go through {type(connector).__name__}, not through Django's connection.")
    app.with_connector(connector.get_worker_connector()).run_worker(
        wait=wait,
        concurrency=_CONCURRENCY,
        shutdown_graceful_timeout=_GRACE_SECONDS,
        delete_jobs="successful",
        install_signal_handlers=True,
    )
