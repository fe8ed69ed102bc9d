"""Nothing stands on a page that is absent behind it: every link and every form answers whom it is shown to.

Each of the cast signs in and tries what stands on her pages. A link that leads to nothing is a fault of the
page that shows it: the door behind it is right to be shut (`test_matrix.py` judges the doors).
"""

import datetime as dt
import re
from collections import Counter, deque
from dataclasses import dataclass, field
from urllib.parse import urlencode, urljoin

import pytest
from browsing import Form, Page, name_of, signed_in
from django.db import transaction
from django.test import Client

from groundswell.access import scope
from groundswell.access.actor import OPERATOR
from groundswell.accounts import actions as accounts
from groundswell.accounts.models import Mandate
from groundswell.duplicates import actions as duplicates
from groundswell.exchange import actions as exchange
from groundswell.people import actions as people
from groundswell.people import listpage
from groundswell.people.searching import Asked
from groundswell.protection import actions as protection
from groundswell.structure import actions as structure
from stage import NOW, sql
from stage import signed_in as acting
from world import TODAY, day

SIGN_OUT = {"accounts:sign-out", "account_logout"}
# What stands on every page and answers the same on each.
ON_EVERY_PAGE = {"language", "appearance"}
CAST = {
    "ines": "the secretary of the federation, above all names",
    "olga": "its data protection officer",
    "quinn": "its auditor",
    "bela": "a section's secretary",
    "jonas": "a section's treasurer",
    "hana": "a section's data protection officer",
    "ada": "a branch's organiser",
    **{
        office: f"a region's {office}" for office in ("organiser", "secretary", "treasurer", "dpo", "auditor")
    },
    "chidi": "a member",
    "femi": "a member who is a guest elsewhere",
    "dana": "one who left",
    "": "a stranger",
}


@pytest.fixture(scope="module")
def lived_in(furnished, tmp_path_factory):
    """Let every room have something that waits, something that runs, and something that can be undone."""
    world = furnished
    unit, person, by = world.unit, world.person, {"actor": OPERATOR, "at": NOW}
    with scope.operator("what waits"):
        world.account["dana"] = accounts.create_account(
            person["dana"], email="dana@example.org", actor=OPERATOR
        )
        twin = people.add_person(unit["DEPOT"], name="Pavel Twin", **by)
        duplicates.merge(person["pavel"], twin, duplicates.Choices({}, person["pavel"].pk), **by)
        _lists(world, tmp_path_factory.mktemp("lists"), by)
        names = {"names": {"en": "Old Depot"}}
        structure.prepare_change(
            structure.Deed("renamed", unit["DEPOT"], day("1 September 2024"), names), **by
        )
        structure.rename_unit(unit["HILL"], names={"en": "Hill and Dale"}, day=TODAY, **by)
        for kind in ("copy", "correct", "erase"):
            protection.ask(person["chidi"], kind, words="please", **by)
        late = "update protection_datarequest set asked_at = '2024-06-01', due_on = '2024-07-01'"
        sql(f"{late} where kind = 'copy'")
        told = protection.Told(what="A phone was lost.", found_at=NOW, readable_from=NOW, units=["DEPOT"])
        protection.open_breach(unit["TRAM"], told, actor=OPERATOR, at=NOW + dt.timedelta(hours=1))
        protection.place_hold(person["bird-below"], why="a dispute", **by)
        people.add_field(unit["TRAM"], label="Trade", kind="text", options=(), **by)
        with acting(world, "ada") as ada:
            people.ask_to_transfer(person["femi"], to=unit["DOCK"], actor=ada, at=NOW)
        with acting(world, "auditor") as auditor:
            protection.draw_sample(unit["NORTH"], as_of=TODAY, size=3, actor=auditor, at=NOW)
    return world


def _lists(world, folder, by):
    """Let a list wait at its preview, another be there, a file be chosen, and larger lists be asked for."""
    depot, tram = world.unit["DEPOT"], world.unit["TRAM"]
    for name, row in (("first.csv", "Zoë Zander"), ("second.csv", "Yves Yarrow")):
        sheet = folder / name
        sheet.write_text(f"name,town\n{row},Linz\n,Nowhere\n", encoding="utf-8")
        wanted = exchange.Wanted(basis="regular contact", origin="a stall")
        batch = exchange.stage(sheet, name=name, unit=depot, wanted=wanted, **by)
    exchange.start(batch, actor=OPERATOR)
    exchange.run_chunk(batch, at=NOW)
    exchange.finish(batch, **by)
    larger = {"form": "csv", "purpose": "to invite", "question": {}, "today": TODAY, "at": NOW}
    exchange.ask_to_release(Asked(), unit=tram, actor=OPERATOR, **larger)
    with acting(world, "bela") as bela:
        exchange.receive(b"name\nXenia\n", name="third.csv", unit=depot, actor=bela, at=NOW)
        people.keep_view(Asked(status="member"), name="Members", actor=bela, at=NOW)
        release = exchange.ask_to_release(Asked(), unit=tram, actor=bela, **larger)
    exchange.decide(release, agreed=True, **by)


@dataclass
class Visitor:
    """Somebody who looks at pages and tries what stands on them; `dead` is what she tried in vain.

    Of the ways from pages of one name to addresses of another she tries `ways`; `pages` of one name she
    looks at.
    """

    client: Client
    ways: int
    pages: int
    dead: list[str] = field(default_factory=list)
    known: set[object] = field(default_factory=set)
    waiting: deque[tuple[str, str]] = field(default_factory=deque)
    tried: Counter[object] = field(default_factory=Counter)

    def walk(self, *first: str) -> None:
        for address in first:
            self.follow("", address)
        while self.waiting:
            self.try_all_of(*self.waiting.popleft())

    def try_all_of(self, address: str, text: str) -> None:
        page = Page(address, text)
        # The last first: lists begin with what is nearest.
        for target in reversed(page.links):
            if self.is_new(address, target, ("get", target)):
                self.follow(address, target)
        for form in page.sent():
            fields = {} if name_of(form.action) in ON_EVERY_PAGE else form.fields
            if self.is_new(address, form.action, (form.method, form.action, *sorted(fields.items()))):
                self.send(address, form)

    def is_new(self, here: str, target: str, what: object) -> bool:
        name = name_of(target)
        if name in SIGN_OUT or what in self.known:
            return False
        self.known.add(what)
        self.tried[name_of(here), name] += 1
        return self.tried[name_of(here), name] <= self.ways

    def follow(self, here: str, target: str) -> None:
        where, answer = target, self.client.get(target)
        while answer.status_code == 302:
            where = urljoin(where, answer.url)
            answer = self.client.get(where)
        if answer.status_code != 200:
            self.dead.append(f"{here} links to {target}: {answer.status_code}")
        elif not answer.streaming and "html" in answer["Content-Type"]:
            self.tried[name_of(where)] += 1
            if self.tried[name_of(where)] <= self.pages:
                self.waiting.append((where, answer.content.decode()))

    def send(self, here: str, form: Form) -> None:
        """Send a form as it stands, follow where it leads, and take back what it did."""
        kept, said = self.client.cookies.output(), urlencode(form.fields)
        with transaction.atomic():
            if form.method == "get":
                answer = self.client.get(f"{form.action.partition('?')[0]}?{said}", follow=True)
            else:
                answer = self.client.post(
                    form.action, said, content_type="application/x-www-form-urlencoded", follow=True
                )
            transaction.set_rollback(True)
        self.client.cookies.load(kept)
        if answer.status_code in {403, 404, 405}:
            chain = " ".join(address for address, _status in answer.redirect_chain)
            self.dead.append(f"{here} sends {said!r} to {form.action} {chain}: {answer.status_code}")


def dead_ends(world, who: str, *, ways: int, pages: int) -> list[str]:
    visitor = Visitor(signed_in(world, who), ways, pages)
    visitor.walk("/", *([f"/people/{world.person[who].pk}/"] if who in ("chidi", "femi") else []))
    assert len(visitor.known) > 8
    return visitor.dead


@pytest.mark.parametrize("who", ["treasurer", "chidi"])
def test_what_stands_on_her_pages_is_there(lived_in, who):
    assert dead_ends(lived_in, who, ways=1, pages=1) == []


@pytest.mark.drill
@pytest.mark.parametrize("who", CAST)
def test_all_that_stands_on_any_page_is_there(lived_in, who):
    assert dead_ends(lived_in, who, ways=4, pages=6) == []


def test_a_link_that_leads_to_nothing_is_found(lived_in, monkeypatch):
    """Let the test be able to fail: a treasurer is led to where she may write somebody down."""
    monkeypatch.setattr(listpage, "may_by_office", lambda _actor, _capability: True)
    visitor = Visitor(signed_in(lived_in, "treasurer"), 1, 0)
    visitor.try_all_of("/people/", visitor.client.get("/people/").content.decode())
    assert "/people/ links to /people/new/: 404" in visitor.dead


SINCE = "since 15 July 2024"
LARGER = ("/lists/export/larger/", "1 larger list waits for you as the second person.", SINCE)
PREVIEW = ("/lists/import/1/", "1 list waits at its preview.", SINCE)
PAIR = ("/people/duplicates/1/", "1 pair may be one person.", SINCE)
FETCH = "Your larger list was agreed to and can be fetched."
REQUESTS = "3 requests of persons about their data wait."
BREACH = "A breach is open. Notify the authority by 18 July 2024, 14:00 (Europe/Vienna): 72 hours left."
# What is little enough to be answered on her first page itself.
ANSWERED = {"bela": ["Accept"], "sven": ["Accept"]}
WAITS = {
    "bela": [
        LARGER,
        PREVIEW,
        PAIR,
        ("/lists/export/larger/", FETCH, f"{SINCE} · due 18 July 2024"),
        (
            "/units/proposals/",
            "Something is proposed for three units. To find a treasurer: 3; to meet: 2",
            "",
        ),
    ],
    "hana": [
        ("/protection/", REQUESTS, "since 1 June 2024 · due 1 July 2024 overdue"),
        LARGER,
        PREVIEW,
        PAIR,
        ("/protection/breaches/1/", BREACH, f"{SINCE} · due 18 July 2024"),
    ],
    "sven": [
        ("/units/proposals/", "Something is proposed for two units. To find a treasurer: 2", ""),
    ],
    "ada": [PREVIEW, PAIR],
    "jonas": [],
    "chidi": [],
}
LINE = re.compile(r'<li class="row"><a class="button" href="([^"]+)">([^<]+)</a>(.*?)</li>', re.DOTALL)


@pytest.mark.parametrize("who", WAITS)
def test_what_waits_for_an_officer_is_one_tap_from_her_first_page_the_oldest_first(lived_in, who):
    page = signed_in(lived_in, who).get("/").content.decode()
    lines = [
        (re.sub(r"\d+", "1", href), said, " ".join(re.sub("<[^>]+>", " ", beside).split()))
        for href, said, beside in LINE.findall(page)
    ]
    assert lines == WAITS[who]
    assert re.findall(r'value="accept">.*?(Accept)</button>', page) == ANSWERED.get(who, [])


def test_handing_an_office_over_tells_what_waits_and_leads_where_one_may_go(lived_in):
    with scope.operator("who holds what"):
        held = {who: Mandate.objects.get(person=lived_in.person[who]).pk for who in ("dpo", "secretary")}
    bela, secretary = signed_in(lived_in, "bela"), signed_in(lived_in, "secretary")
    page = bela.get(f"/offices/{held['dpo']}/hand-over/").content.decode()
    assert "1 list waits at its preview." in page
    assert f"<span>{REQUESTS}</span>" in page  # that there are any; what they say is their officer's alone
    assert 'href="/protection/"' not in page
    page = bela.get(f"/offices/{held['secretary']}/end/").content.decode()
    assert "Depot: It is renamed" in page  # nothing to do about it yet, and open all the same
    assert "is renamed" not in secretary.get("/").content.decode()
