"""The restore drill: what a backup brings back is the same organisation, to the last figure."""

import shutil

import psycopg
import pytest

from groundswell.ground import cluster, environment, restore
from groundtools import Machine, free_port

pytestmark = pytest.mark.drill  # `test_backup.py` restores a small one in every run
REPORT = ("report", "--as-of", "2024-01-31", "--since", "2023-01-31", "--format", "json")


def _hashes(machine: Machine) -> dict[str, tuple[int, int]]:
    settings = environment.load({"GROUNDSWELL_HOME": str(machine.home)})
    with cluster.cluster(settings) as running, psycopg.connect(**running.parameters("gs_backup")) as reader:
        return restore.table_hashes(reader)


@pytest.fixture(scope="module")
def restored(machine, tmp_path_factory) -> Machine:
    """A new home into which the backup of the demo was restored."""
    tmp_path = tmp_path_factory.mktemp("restored")
    written = machine.run("backup", "--to", str(tmp_path / "backups"))
    assert (written.returncode, written.stderr) == (0, "")
    data, keys = sorted((tmp_path / "backups").iterdir())
    other = Machine(tmp_path / "restored", free_port())
    other.home.mkdir(mode=0o700)
    refused = other.run("restore", str(data), "--keys", str(keys))
    assert refused.returncode == 2
    assert "There is no key file" in refused.stderr
    shutil.copy(machine.home / "keys.json", other.home)
    done = other.run("restore", str(data), "--keys", str(keys))
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert (other.home / "key-fingerprint.json").exists()
    return other


def test_a_restored_demo_gives_the_same_report_and_the_same_rows(machine, restored):
    before, after = _hashes(machine), _hashes(restored)
    assert before.pop("public.kernel_clock") != after.pop("public.kernel_clock")
    assert len(before) > 30
    assert after == before
    report = machine.run(*REPORT)
    assert report.returncode == 0
    assert restored.run(*REPORT).stdout == report.stdout


def test_a_restored_demo_stays_one_and_has_no_sign_ins_in_a_file(restored):
    refused = restored.run("serve", GROUNDSWELL_PUBLIC_URL="https://members.example.org")
    assert (refused.returncode, "The demo runs in a home of its own" in refused.stderr) == (2, True)
    again = restored.run("demo", "--no-serve")
    assert (again.returncode, "The sign-ins of this demo are lost" in again.stderr) == (2, True)


def test_a_restored_demo_is_found_in_order_and_its_trail_holds(restored):
    checks = restored.run("doctor").stdout
    assert "ok    trail         every seal holds" in checks
    assert "ok    row security" in checks
    assert "ok    roles" in checks
    assert "ok    migrations" in checks
