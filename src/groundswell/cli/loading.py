"""Loading the demo's scenario, with a bar for the person who waits and a file of the sign-ins."""

import json
import sys
from typing import TYPE_CHECKING, Final

from groundswell.cli.errors import CommandError
from groundswell.ground import environment, files
from groundswell.ground.environment import Environment
from groundswell.ground.language import gettext as _

if TYPE_CHECKING:
    from groundswell.exchange.scenario.load import SignIn

ACCOUNTS: Final = environment.DEMO_ACCOUNTS


def require_scenario() -> None:
    """Refuse wrong files before anything is made for them; a CommandError with file, line and value.

    They need no Django to be read, and 30 ms.
    """
    from groundswell.exchange.scenario.reading import read
    from groundswell.exchange.scenario.tables import ScenarioProblem

    try:
        read()
    except ScenarioProblem as problem:
        raise CommandError(problem.code, problem.sentence, problem.where) from problem


def load_scenario(settings: Environment) -> None:
    """Load the scenario unless it is there, and keep the sign-ins; Django is set up."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from groundswell.exchange.scenario.load import load
    from groundswell.kernel.errors import Refusal

    columns = (TextColumn("{task.description:<28}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("", total=1.0)
        try:
            load(
                lambda what, how_far: bar.update(task, description=what, completed=how_far),
                hand_out=lambda sign_ins: _write_sign_ins(settings, sign_ins),
            )
        except Refusal as refusal:
            raise CommandError(refusal.code, refusal.sentence) from refusal
    if not (settings.home / ACCOUNTS).exists():
        raise CommandError(
            "sign-ins",
            _(
                "The sign-ins of this demo are lost (%(path)s is missing): start `groundswell serve` "
                "and let somebody in with `groundswell rescue --link`, or begin anew in another home."
            )
            % {"path": settings.home / ACCOUNTS},
        )


def _write_sign_ins(settings: Environment, sign_ins: "tuple[SignIn, ...]") -> None:
    content = [
        {
            "office": one.office,
            "unit": one.unit,
            "email": one.email,
            "password": one.password,
            "totp_secret": one.totp_secret,
        }
        for one in sign_ins
    ]
    files.write_private(settings.home / ACCOUNTS, json.dumps(content, indent=1) + "\n")
