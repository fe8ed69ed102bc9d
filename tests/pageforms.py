"""Pages as a person reads them, and their forms as a browser sends them, hidden fields among it."""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin

from django.http import HttpResponse
from django.test import Client

# What a browser sends only when it is pressed, and what stands in no form's data.
_PRESSED = {"submit", "button", "image", "reset", "file"}


class _Reader(HTMLParser):
    """Collects for each form that writes where it goes, and the fields it would send, in order."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[tuple[str, dict[str, list[str]]]] = []
        self.inside = False
        self.name, self.text = "", ""
        self.select: list[tuple[str, bool]] | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = dict(attributes)
        name, value = said.get("name") or "", said.get("value") or ""
        if tag == "form":
            self.inside = said.get("method") == "post"
            if self.inside:
                self.forms.append((urljoin(self.address, said.get("action") or self.address), {}))
        elif tag == "option" and self.select is not None:
            self.select.append((value, "selected" in said))
        elif tag == "select":
            self.name, self.select = name, []
        elif tag == "textarea":
            self.name, self.text = name, ""
        elif tag == "input" and name not in {"", "csrfmiddlewaretoken"}:
            kind = said.get("type") or "text"
            if kind not in _PRESSED and (kind not in {"checkbox", "radio"} or "checked" in said):
                self._send(name, value if "value" in said or kind not in {"checkbox", "radio"} else "on")

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "textarea":
            # A browser drops the first line's end, and ends the others its own way.
            self._send(self.name, self.text.removeprefix("\n").replace("\n", "\r\n"))
        elif tag == "select" and self.select is not None:
            chosen = [value for value, picked in self.select if picked] or [self.select[0][0]]
            for value in chosen:
                self._send(self.name, value)
            self.select = None

    def _send(self, name: str, value: str) -> None:
        if self.inside and name:
            self.forms[-1][1].setdefault(name, []).append(value)


def shown(answer: HttpResponse, address: str, *, action: str = "") -> dict[str, list[str]]:
    """Return what the form of a page that goes to `action`, or to the page itself, sends as it stands."""
    reader = _Reader(address)
    reader.feed(answer.content.decode())
    (fields,) = [fields for where, fields in reader.forms if where == urljoin(address, action or address)]
    return fields


def send(client: Client, address: str, changes: dict[str, object], *, page: str = "") -> HttpResponse:
    """Open the page of a form, change something in it and send it, as one does in a browser.

    `page` is the page on which the form stands, if it goes elsewhere than to its own.
    """
    place = page or address
    said = shown(client.get(place), place, action=address) | changes
    return client.post(address, {name: value for name, value in said.items() if value is not None})


def text_of(answer: HttpResponse) -> str:
    """Return what stands on a page, without tags, blanks of every width as one."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))
