"""How a browser goes through the house: who is signed in, what stands on a page, what its forms send."""

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin

from django.test import Client
from django.urls import Resolver404, resolve

LINK = re.compile(r'(?:href|src|hx-get|action)="([^"]+)"')
# Beginnings of addresses that end the visit or change nothing that could be collected.
LEFT_OUT = ("/static/", "/accounts/logout/", "/theme.css", "mailto:", "tel:", "#")
# Fields that are filled so that the others are judged at all.
SENSIBLE = {"date": "2024-07-01", "email": "somebody@example.org", "number": "7", "tel": "+43 676 1234567"}


def signed_in(world, who: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    if who:
        client.force_login(world.account[who])
    return client


def links(address: str, page: str) -> Iterator[str]:
    for found in LINK.findall(page):
        target = urldefrag(urljoin(address, found.replace("&amp;", "&")))[0]
        if target.startswith("/") and not target.startswith(LEFT_OUT):
            yield target


@functools.cache
def name_of(address: str) -> str:
    try:
        return resolve(address.split("?", maxsplit=1)[0]).view_name
    except Resolver404:
        return ""


@dataclass
class Form:
    """A form as it stands on a page: where it goes, how, and its fields with what is in them."""

    page: str
    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{name_of(self.action)} {self.method}"


class Forms(HTMLParser):
    """Reads the forms of a page with their fields, as a browser would send them."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[Form] = []
        self.open: Form | None = None
        self.select: str | None = None

    def handle_starttag(self, tag, attributes):
        said = dict(attributes)
        if tag == "form":
            action = urljoin(self.address, said.get("action") or self.address)
            self.open = Form(self.address, action, (said.get("method") or "get").lower())
            self.forms.append(self.open)
        if self.open is None:
            return
        name = said.get("name") or ""
        kind = (said.get("type") or "text").lower()
        if tag == "option" and self.select:
            if "selected" in said or not self.open.fields[self.select]:
                self.open.fields[self.select] = said.get("value") or ""
        elif not name or name == "csrfmiddlewaretoken":
            return
        elif tag == "select":
            self.select = name
            self.open.fields.setdefault(name, "")
            self.open.kinds[name] = "select"
        elif tag == "textarea":
            self.open.fields.setdefault(name, "")
            self.open.kinds[name] = "textarea"
        elif tag in {"input", "button"}:
            self._input(name, "button" if tag == "button" else kind, said)

    def _input(self, name, kind, said):
        if (
            kind in {"radio", "checkbox", "button", "submit"}
            and name in self.open.fields
            and "checked" not in said
        ):
            return
        self.open.fields[name] = said.get("value") or SENSIBLE.get(kind, "")
        self.open.kinds[name] = kind

    def handle_endtag(self, tag):
        if tag == "form":
            self.open = None
        elif tag == "select":
            self.select = None


class Page(Forms):
    """Reads what may be tried on a page: its links, and its forms with each of their buttons."""

    def __init__(self, address: str, text: str) -> None:
        super().__init__(address)
        self.links: list[str] = []
        self.buttons: list[tuple[Form, dict[str, str]]] = []
        self.named: dict[str, Form] = {}
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        super().handle_starttag(tag, attributes)
        said = dict(attributes)
        if tag == "form" and "id" in said:
            self.named[said["id"]] = self.forms[-1]
        for name in ("href", "src", "hx-get"):
            target = urldefrag(urljoin(self.address, said.get(name) or ""))[0]
            if said.get(name) and target.startswith("/") and not target.startswith(LEFT_OUT):
                self.links.append(target)
        if tag == "button" and said.get("type", "submit") == "submit":
            pressed = {said["name"]: said.get("value") or ""} if said.get("name") else {}
            form = self.open or Form(self.address, self.address, "post")
            if "form" in said:  # it sends another form than the one it stands in
                form = self.named[said["form"]]
            if "formaction" in said:
                form = replace(form, action=urljoin(self.address, said["formaction"]))
            if form.method != "dialog":
                self.buttons.append((form, pressed))

    def sent(self) -> Iterator[Form]:
        """Yield each form as each of its buttons sends it."""
        for form, pressed in self.buttons:
            yield replace(form, fields=form.fields | pressed)
