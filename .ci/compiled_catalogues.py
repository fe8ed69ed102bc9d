"""What a wheel is given besides the files of git: the catalogues, compiled (hatchling calls this).

The repository keeps the sources alone (.po), the program reads what is compiled (.mo), and whoever installs a
package may write nothing beneath it. In a checkout every start compiles what has changed (`web/apps.py`).
"""
# ruff: noqa: INP001 - hatchling reads it by its path

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledCatalogues(BuildHookInterface):
    """Compiles every catalogue beside its source; `artifacts` in pyproject.toml lets the wheel hold it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile before the files are gathered, also for an editable install."""
        del version, build_data
        for source in sorted(Path(self.root).glob("src/groundswell/locale/*/LC_MESSAGES/django.po")):
            partial = source.with_suffix(".wheel.partial")
            with source.open("rb") as read, partial.open("wb") as written:
                write_mo(written, read_po(read, locale=source.parent.parent.name))
            partial.replace(source.with_suffix(".mo"))
