"""The room's Django configuration."""

import os
from pathlib import Path
from typing import Final

from django.apps import AppConfig

_CHECKOUT: Final = Path(__file__).resolve().parents[3] / "pyproject.toml"


class WebConfig(AppConfig):
    """Room `web`."""

    name = "groundswell.web"
    label = "web"

    def ready(self) -> None:
        """Compile the catalogues that are older than their sources, in a checkout that may be written.

        There it is after every change of a sentence. An installed package brings them compiled
        (`.ci/compiled_catalogues.py`), and the times of its files say nothing.
        """
        stale = [path for path in _catalogues() if _is_stale(path) and os.access(path.parent, os.W_OK)]
        if stale and _CHECKOUT.exists():
            from groundswell.web import catalogues  # Babel's readers cost a start 50 ms: only when needed

            catalogues.compile_some(stale)


def _catalogues() -> list[Path]:
    return sorted(Path(__file__).parent.parent.glob("locale/*/LC_MESSAGES/django.po"))


def _is_stale(path: Path) -> bool:
    compiled = path.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime_ns < path.stat().st_mtime_ns
