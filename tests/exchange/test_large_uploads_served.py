"""Two gigabytes and bombs against the server that people run: a sentence each, and its memory stays bounded.

Measured with the demo's processes together (docs/decisions/0676).
"""

import http.client
import io
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from socket import socket
from typing import Self

import files
import pytest

READY_SECONDS = 240
BLOCK = bytes(1 << 20).replace(b"\0", b"a")
BOUNDARY = "groundswell-test"
SENTENCE = re.compile(r'class="[^"]*(?:error|problem)[^"]*"[^>]*>(.*?)</', re.DOTALL)


def resident(pid: int) -> int:
    """Return the resident memory of a process and all below it, in MB."""
    whole, waiting = 0, [pid]
    while waiting:
        one = waiting.pop()
        try:
            status = Path(f"/proc/{one}/status").read_text()
            waiting += map(int, Path(f"/proc/{one}/task/{one}/children").read_text().split())
        except OSError:
            continue
        if "postgres" not in status.splitlines()[0]:
            whole += int(re.search(r"VmRSS:\s+(\d+)", status)[1]) if "VmRSS" in status else 0
    return whole >> 10


class Watched:
    """The highest memory of the server while something is done to it."""

    def __init__(self, pid: int) -> None:
        self.pid, self.most, self.over = pid, 0, threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        while not self.over.wait(0.05):
            self.most = max(self.most, resident(self.pid))

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_problem: object) -> None:
        self.over.set()
        self.thread.join()


class Visitor:
    """Somebody who signed in, by plain requests whose bodies are streamed."""

    def __init__(self, port: int, email: str, password: str) -> None:
        self.port, self.cookies = port, {}
        self.post("/accounts/login/", {"email": email, "password": password})

    def asked(self, method: str, path: str, body: Iterable[bytes] = (), **headers: str) -> tuple[int, str]:
        line = http.client.HTTPConnection("localhost", self.port, timeout=300)
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        host = f"http://localhost:{self.port}"
        said = {"Cookie": cookie, "Accept-Language": "en", "Origin": host, "Referer": host + path}
        line.request(method, path, body=body or None, headers=said | headers)
        answer = line.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _sign, rest = value.partition("=")
                self.cookies[key] = rest.split(";")[0]
        text = answer.read().decode()
        line.close()
        return answer.status, text

    def token(self, path: str) -> str:
        return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.asked("GET", path)[1])[1]

    def post(self, path: str, said: dict[str, str]) -> tuple[int, str]:
        from urllib.parse import urlencode

        body = urlencode(said | {"csrfmiddlewaretoken": self.token(path)}).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
        return self.asked("POST", path, body, **kind)

    def send(self, unit: str, name: str, size: int, blocks: Iterable[bytes]) -> tuple[int, str]:
        """Send a file through the page of imports; return the status and the page."""
        parts = {"csrfmiddlewaretoken": self.token("/lists/import/"), "unit": unit}
        head = "".join(
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
            for key, value in parts.items()
        )
        head += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        tail = f"\r\n--{BOUNDARY}--\r\n"

        def body() -> Iterator[bytes]:
            yield head.encode()
            yield from blocks
            yield tail.encode()

        length = str(len(head.encode()) + size + len(tail))
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        return self.asked(
            "POST", "/lists/import/", body(), **{"Content-Type": kind, "Content-Length": length}
        )


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Run a demo; yield its process, its port and an organiser who has signed in."""
    home = tmp_path_factory.mktemp("demo") / "home"
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "GROUNDSWELL_HOME": str(home), "PORT": str(port)}
    command = [sys.executable, "-m", "groundswell.cli", "demo"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as running:
        try:
            end = time.monotonic() + READY_SECONDS
            while time.monotonic() < end and running.poll() is None:
                with socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.5)
            accounts = json.loads((home / "demo-accounts.json").read_text(encoding="utf-8"))
            one = next(account for account in accounts if account["office"] == "organiser")
            visitor = Visitor(port, one["email"], one["password"])
            yield running.pid, visitor, one["unit"]
        finally:
            running.send_signal(signal.SIGTERM)


def bomb(inside: int) -> bytes:
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/workbook.xml", "w", force_zip64=True) as entry,
    ):
        for _block in range(inside >> 20):
            entry.write(BLOCK)
    return buffer.getvalue()


def told(record_property, what: str, started: float, before: int, watched: Watched) -> None:
    spent = time.monotonic() - started
    record_property(what, f"{spent:.1f} s, {before} MB before, {watched.most} MB at most")


@pytest.mark.drill
def test_two_gigabytes_are_refused_with_a_sentence_and_memory_stays_bounded(served, record_property):
    pid, visitor, unit = served
    visitor.asked("GET", "/lists/import/")
    before, started = resident(pid), time.monotonic()
    with Watched(pid) as watched:
        status, page = visitor.send(unit, "list.csv", 2 << 30, (BLOCK for _number in range(2 << 10)))
    told(record_property, "2 GB of text", started, before, watched)
    assert status == 422
    assert "The file is larger than 10 MB" in page
    assert f'<option value="{unit}" selected>' in page or unit in page
    assert watched.most < before + 300


@pytest.mark.drill
def test_bombs_are_refused_with_a_sentence_and_memory_stays_bounded(served, record_property, tmp_path):
    pid, visitor, unit = served
    row = (
        '<table:table-row table:number-rows-repeated="1048576"><table:table-cell'
        ' table:number-columns-repeated="16384" office:value-type="string"><text:p>Ada</text:p>'
        "</table:table-cell></table:table-row>"
    )
    sheets = {"list.xlsx": bomb(2 << 30), "list.ods": files.ods(tmp_path / "a.ods", row).read_bytes()}
    for name, content in sheets.items():
        before, started = resident(pid), time.monotonic()
        with Watched(pid) as watched:
            status, page = visitor.send(unit, name, len(content), [content])
        told(record_property, f"{name} of {len(content)} bytes", started, before, watched)
        assert status == 422
        assert "sheet" in page
        assert watched.most < before + 1_300  # the process that opens sheets has a ceiling of its own
    assert visitor.asked("GET", "/lists/import/")[0] == 200
