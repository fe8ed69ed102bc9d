"""Leave what a release makes of a small organisation, for later releases to take over.

Run it in a checkout of the release: `.venv/bin/python tests/upgrade/leave.py DAY FOLDER`, FOLDER being
`tests/data/upgrade` of the checkout that is to keep it. It writes `DAY.dump.xz`, the database as
`groundswell backup` dumps it, without the keys of the persons; and `DAY.json`: the header of such a backup
and what the release answered to `groundswell report`.
"""

import contextlib
import datetime as dt
import io
import json
import lzma
import os
import subprocess
import sys
import tempfile
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
REPORTS = (
    ["--as-of", "2024-01-31", "--since", "2023-01-31"],
    ["--as-of", "2024-06-12", "--since", "2024-01-31", "--unit", "AA"],
    ["--as-of", "2024-06-12", "--since", "2023-06-30", "--structure", "now"],
)


def leave(day: str, folder: Path) -> None:
    """Write the two files of the release that is checked out here."""
    from groundswell.cli.joined import joined
    from groundswell.cli.main import main
    from groundswell.cli.migrate import migrate
    from groundswell.ground import backup, checks

    with joined(make=True) as installation:
        migrate(installation.cluster)
        _live()
        running = installation.cluster
        answers = []
        for options in REPORTS:
            with contextlib.redirect_stdout(io.StringIO()) as said:
                main(["report", *options, "--format", "json"])
            answers.append([options, json.loads(said.getvalue())])
        header = {
            "taken_at": f"{day}T12:00:00+00:00",
            "server": running.version,
            "migrations": sorted(map(list, checks.own_migrations())),
        }
        parameters = running.parameters("gs_backup", "groundswell")
        without = [f"--exclude-table-data={table}" for table in ("keys.*", *backup.PASSING)]
        program = backup.dump_program(running, "pg_dump")
        command = [program, "--format=custom", "--compress=0", "--no-password", *without]
        environ = backup.connection_environment(parameters)
        dump = subprocess.run(command, env=environ, capture_output=True, check=True).stdout
    (folder / f"{day}.dump.xz").write_bytes(lzma.compress(dump, preset=9))
    text = json.dumps({"header": header, "reports": answers}, indent=1, ensure_ascii=False)
    (folder / f"{day}.json").write_text(text + "\n", encoding="utf-8")


def _live() -> None:
    """Load the small scenario, and let happen what writes to further tables."""
    from groundswell.access import scope
    from groundswell.access.actor import OPERATOR
    from groundswell.exchange.scenario.load import load
    from groundswell.kernel import clock
    from groundswell.people import actions as people
    from groundswell.people import queries
    from groundswell.people.models import Person
    from groundswell.structure import actions as structure
    from groundswell.structure.actions.deeds import Deed
    from groundswell.structure.models import Preparation, Unit

    load(lambda _what, _how_far: None, TESTS / "data" / "scenario" / "small")
    with scope.operator("what a release leaves"):
        by = {"actor": OPERATOR, "at": clock.now()}
        unit = {one.code: one for one in Unit.objects.all()}
        stays, goes = (
            next(one for one in Person.objects.filter(unit=unit[code]).order_by("pk") if queries.home_of(one))
            for code in ("AA-LINZ", "AA-GRAZ")
        )
        held = people.hold_gathering(unit["AA-LINZ"], day=dt.date(2024, 6, 8), title="Meeting", **by)
        people.put_came(held, stays, came=True, **by)
        people.put_tags(stays, words=["choir"], actor=OPERATOR)
        people.write_note(stays, text="Sings bass.", visibility="organisers", **by)
        people.leave(queries.home_of(goes), day=dt.date(2024, 6, 10), **by)
        renamed = Deed("renamed", unit["AA-GRAZ"], dt.date(2024, 9, 1), {"names": {"en": "Graz South"}})
        structure.prepare_change(renamed, **by)
        refused = structure.prepare_change(
            Deed("moved", unit["AA-LINZ"], dt.date(2024, 9, 1), {"other": unit["BB"].pk}), **by
        )
        # As a release leaves it for whom no day comes: said in one language until structure 0014.
        language = Preparation._meta.get_field("refusal").get_internal_type() == "TextField"
        why = "Linz liegt dort schon." if language else {"de": "Linz liegt dort schon."}
        Preparation.objects.filter(pk=refused.pk).update(state="refused", refusal=why, settled_at=by["at"])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir="/var/tmp") as home:
        os.environ["GROUNDSWELL_HOME"] = home
        os.environ["DJANGO_SETTINGS_MODULE"] = "groundswell.site.settings"
        leave(sys.argv[1], Path(sys.argv[2]))
