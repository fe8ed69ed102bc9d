"""Whoever installs the package has what the repository has: pages, German, static files, the scenario."""

import os
import subprocess
import sys
import sysconfig

import pytest
from hatchling.builders.wheel import WheelBuilder

import testbase


def test_a_wheel_holds_every_file_of_git_below_src_and_the_compiled_catalogues():
    there = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "src/groundswell"]
    listed = subprocess.run(there, cwd=testbase.CHECKOUT, capture_output=True, check=True).stdout.decode()
    sources = {name.removeprefix("src/") for name in listed.split("\0")[:-1]}
    held = {one.distribution_path for one in WheelBuilder(str(testbase.CHECKOUT)).recurse_included_files()}
    assert held - sources == {"groundswell/locale/de/LC_MESSAGES/django.mo"}
    assert sources - held == set()


@pytest.mark.drill
def test_an_installed_package_loads_the_demo_reports_and_speaks_german(tmp_path):
    wheels, place = tmp_path / "wheels", tmp_path / "venv"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    apart = ["--no-deps", "--no-index", "-q"]
    subprocess.run(
        [*pip, "wheel", *apart, "--no-build-isolation", "-w", wheels, "."], cwd=testbase.CHECKOUT, check=True
    )
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True)
    python = place / "bin" / "python"
    (wheel,) = wheels.iterdir()
    subprocess.run([*pip, "--python", python, "install", *apart, wheel], check=True)
    # The libraries are those of this environment, behind the package that was installed.
    (site,) = place.glob("lib/python*/site-packages")
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")

    plain = {
        name: value for name, value in os.environ.items() if not name.startswith(("GROUNDSWELL_", "LC_"))
    }
    environ = {**plain, "GROUNDSWELL_HOME": str(tmp_path / "home"), "LC_ALL": "de_DE.UTF-8", "LANGUAGE": ""}

    def answer(*words):
        done = subprocess.run(words, env=environ, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    command = place / "bin" / "groundswell"
    assert answer(python, "-c", "import groundswell; print(groundswell.__file__)").startswith(str(site))
    assert answer(command, "demo", "--no-serve") == f"Die Demo ist in {tmp_path / 'home'} geladen.\n"
    report = answer(command, "report", "--as-of", "2024-01-31", "--since", "2023-01-31")
    assert "Struktur wie damals." in report
    assert " 515 " in next(line for line in report.splitlines() if line.startswith("IT "))
    page = answer(python, "-c", PAGE)
    assert 'lang="de"' in page
    assert "Zum Inhalt springen" in page


PAGE = """
from groundswell.cli.joined import joined
from groundswell.cli.serve import collect_static
with joined():
    from django.test import Client
    collect_static()
    print(Client(headers={"accept-language": "de", "host": "localhost"}).get("/").content.decode())
"""
