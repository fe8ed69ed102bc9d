"""A mail server of the tests: it speaks SMTP (RFC 5321) at a port of its own, and keeps what it takes."""

import email.policy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Event, Thread
from time import sleep
from typing import Any


@dataclass
class MailServer:
    """What the server was told, and how it answers: `answers` by the word of a command (RCPT: b"451 …").

    With `slow` set it keeps what it was sent, and says that it has it only when somebody clears that.
    """

    port: int = 0
    answers: dict[str, bytes] = field(default_factory=dict)
    raw: list[bytes] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    sender: list[str] = field(default_factory=list)
    slow: Event = field(default_factory=Event)

    @property
    def taken(self) -> list[EmailMessage]:
        """Return the mails it took, read as a mail program reads them."""
        parser = BytesParser(policy=email.policy.default)
        return [parser.parsebytes(one) for one in self.raw]  # type: ignore[misc]  # of the policy's class


class _Server(ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    kept: MailServer


class _Talk(StreamRequestHandler):
    server: _Server
    timeout = 10

    def handle(self) -> None:
        """Talk with one client until it goes, or until an answer of nothing cuts it off."""
        self._say(b"220 mail.example ESMTP")
        while line := self.rfile.readline(4096):
            word = line[:4].decode("ascii", "replace").upper().strip()
            answer = self.server.kept.answers.get(word)
            if answer == b"":
                return
            if answer is not None:
                self._say(answer)
            elif not self._obey(word, line.decode("ascii").strip()):
                return

    def _obey(self, word: str, line: str) -> bool:
        kept: MailServer = self.server.kept
        if word == "MAIL":
            kept.sender.append(line.partition(":")[2].split()[0])
        elif word == "RCPT":
            kept.to.append(line.partition(":")[2].strip("<>"))
        elif word == "DATA":
            self._say(b"354 go on")
            kept.raw.append(self._data())
            while kept.slow.is_set():
                sleep(0.02)
        self._say({"EHLO": b"250-mail.example\r\n250 8BITMIME", "QUIT": b"221 bye"}.get(word, b"250 ok"))
        return word != "QUIT"

    def _data(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            assert line.endswith(b"\r\n"), line
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, answer: bytes) -> None:
        self.wfile.write(answer + b"\r\n")


@contextmanager
def running(kept: MailServer | None = None) -> Iterator[MailServer]:
    """Run a mail server, at the port of `kept` if it has one already."""
    kept = kept or MailServer()
    server = _Server(("127.0.0.1", kept.port), _Talk)
    kept.port = server.server_address[1]
    server.kept = kept
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()


def settings_for(kept: MailServer) -> dict[str, Any]:
    """Return the settings by which Django sends to it."""
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": kept.port,
        "EMAIL_USE_TLS": False,
        "EMAIL_USE_SSL": False,
        "EMAIL_TIMEOUT": 5,
        "DEFAULT_FROM_EMAIL": "Our organisation <members@example.org>",
        "PUBLIC_URL": "https://members.example.org",
    }
