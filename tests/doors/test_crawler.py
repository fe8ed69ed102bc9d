"""A crawler signed in as each office tries all that stands on its pages, and collects what the table allows.

Canaries are planted in every place: a name, an e-mail, a note, a tag that stand nowhere else. Where the
table gives an office no sight of them, no answer holds them: no page with its attributes and headers, no
JSON, CSV, spreadsheet, address book or PDF, no preview, no search.
"""

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode, urljoin

import pytest
from aviary import PHONES, UNITS, let_things_wait
from bodies import told
from browsing import Form, Page, name_of, signed_in
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from test_rights import TABLE

from groundswell.access import scope
from groundswell.access.actor import OFFICES
from groundswell.exchange.forms.exporting import TakeOut
from world import PASSWORD

# As many addresses of one name are followed: enough to reach every canary by a list and by its own page;
# and as many forms of one name are sent.
MOST_OF_A_NAME = 8
MOST_SENT = 4
MOST = 200
SIGN_OUT = {"accounts:sign-out", "account_logout"}
# What one asks for stands on the page again: these words are in nothing that is judged.
ASKED = (
    "/people/?q=kanarie",
    "/people/?q=jungvogel",
    "/people/?q=jungfogel",
    "/people/?q=jungvogelfund-below%40example.org",
    "/people/?q=kanarei",
    "/people/?tag=kanarienfach-below",
    "/people/?q=kanarienfund-below%40example.org",
    "/trail/",
    "/report/report.json",
    "/report/report.csv",
)
IN_LISTS = {
    "name": "Kanarie {}",
    "mail": "kanarie-{}@example.org",
    "phone": "{phone}",
    "town": "Kanarienstadt {}",
    "tag": "kanarientag-{}",
    "song": "kanarienlied-{}",
    "young": "Jungvogel {}",
    "young mail": "jungvogel-{}@example.org",
}
PLANTED = IN_LISTS | {
    "organisers": "kanariennotiz-organisers-{}",
    "secretaries": "kanariennotiz-secretaries-{}",
    "protection": "kanariennotiz-protection-{}",
    "young note": "jungvogelnotiz-{}",
    "row": "Kanarienzeile {}",
    "refused row": "Kanarienrest {}",
    "request": "kanarienbitte-{}",
    "hold": "kanariensperre-{}",
    "farewell": "kanarienabschied-{}",
    "purpose": "kanarienzweck-{}",
}
FORMATS = [form for form, _label in TakeOut.base_fields["form"].choices]


def found(kind: str, held: str) -> set[str]:
    """Return the places whose canary of a kind is in what was collected."""
    planted = {place: PLANTED[kind].format(place, phone=PHONES[place]) for place in UNITS}
    return {place for place, text in planted.items() if "".join(text.split()) in held}


def allowed(kind: str, office: str) -> set[str]:
    """Return the places where the table gives an office sight of a canary; of a young one, its own."""
    if kind.startswith("young"):
        return allowed("name" if kind == "young" else "mail", office) & {"own"}
    door, circle = {
        "name": ("people.names", OFFICES),
        "secretaries": ("people.contact", {"secretary", "dpo"}),
        "protection": ("people.contact", {"dpo"}),
        "row": ("lists.import", OFFICES),
        "refused row": ("lists.import", OFFICES),
        "request": ("people.erase", OFFICES),
        "hold": ("people.erase", OFFICES),
        "purpose": ("lists.export", OFFICES),
    }.get(kind, ("people.contact", OFFICES))
    places = TABLE[door].get(office, set()) if office in circle else set()
    return places & {"below", "sibling"} if kind == "farewell" else set(places)  # where there are members


@dataclass
class Crawler:
    """Somebody who follows links, then sends the forms she saw, and keeps all that the answers tell.

    She follows so many links to addresses of one name.
    """

    client: Client
    of_a_name: int
    held: list[str] = field(default_factory=list)
    known: set[object] = field(default_factory=set)
    tried: Counter[str] = field(default_factory=Counter)
    waiting: deque[str] = field(default_factory=deque)
    forms: list[Form] = field(default_factory=list)

    def crawl(self, *first: str) -> None:
        for address in first:
            self.meet(address, "")
        while self.waiting and len(self.held) < MOST:
            address = self.waiting.popleft()
            page = self.keep(address, self.client.get(address))
            for target in page.links:
                self.meet(target, name_of(target))
            self.forms += page.sent()

    def collected(self) -> str:
        return "\n".join(self.held)

    def meet(self, address: str, name: str) -> None:
        if address not in self.known and (not name or self.tried[name] < self.of_a_name):
            self.known.add(address)
            self.tried[name] += 1
            self.waiting.append(address)

    def keep(self, address: str, answer: HttpResponseBase) -> Page:
        """Keep what an answer tells; return what may be tried on it."""
        assert answer.status_code in {200, 302, 400, 404, 405, 422}, (address, answer.status_code)
        self.held.append(told(answer))
        is_page = not answer.streaming and "html" in answer.headers.get("Content-Type", "")
        return Page(address, answer.content.decode() if is_page else "")

    def send_all(self) -> None:
        """Send each form that was seen as it stands."""
        for form in self.forms:
            name = name_of(form.action)
            for fields in self.filled(name, form.fields):
                what = (form.method, form.action, *sorted(fields.items()))
                of_its_kind = f"{form.method} {name} {fields.get('form')}"
                if name not in SIGN_OUT and what not in self.known and self.tried[of_its_kind] < MOST_SENT:
                    self.known.add(what)
                    self.tried[of_its_kind] += 1
                    self.send(form, urlencode(fields))

    def send(self, form: Form, said: str) -> None:
        """Send a form, keep what answers and where that leads, and take back what it did."""
        kept = self.client.cookies.output()
        with transaction.atomic():
            if form.method == "get":
                answer = self.client.get(f"{form.action.partition('?')[0]}?{said}")
            else:
                kind = "application/x-www-form-urlencoded"
                answer = self.client.post(form.action, said, content_type=kind)
            self.keep(form.action, answer)
            if answer.status_code == 302:
                self.keep(form.action, self.client.get(urljoin(form.action, answer.url)))
            transaction.set_rollback(True)
        self.client.cookies.load(kept)

    def filled(self, name: str, fields: dict[str, str]) -> Iterator[dict[str, str]]:
        """Yield what a form sends: as it stands, and a list that goes out in every form there is."""
        if name == "exchange:export":
            yield from (fields | {"form": form, "purpose": "to sing"} for form in FORMATS)
        else:
            yield fields


def crawl(client: Client, world, of_a_name: int = MOST_OF_A_NAME, *more: str) -> Crawler:
    """Let a crawler follow links from where she might begin, and from more addresses."""
    crawler = Crawler(client, of_a_name)
    own = [f"/people/{world.person[f'{bird}-{place}'].pk}/" for place in UNITS for bird in ("bird", "young")]
    crawler.crawl("/", *ASKED, *own, *more)
    return crawler


@pytest.fixture(scope="module")
def waiting(furnished, tmp_path_factory):
    """Let things wait in every place; return where."""
    with scope.operator("what waits"):
        return let_things_wait(furnished, tmp_path_factory.mktemp("lists"))


@pytest.mark.parametrize(
    ("office", "of_a_name"),
    [
        ("organiser", 1),
        *(pytest.param(office, MOST_OF_A_NAME, marks=pytest.mark.drill) for office in OFFICES),
    ],
)
def test_each_office_collects_exactly_what_the_table_allows(furnished, waiting, office, of_a_name):
    crawler = crawl(signed_in(furnished, office), furnished, of_a_name, *waiting)
    if of_a_name == MOST_OF_A_NAME:
        crawler.send_all()
    held = crawler.collected()
    assert len(crawler.held) > 30
    # Whom an auditor draws she reads the name of; who that is, the lot decides.
    drawn = {"name": TABLE["people.sample"].get(office, set())}
    wrong = {
        kind: (found(kind, held), allowed(kind, office))
        for kind in PLANTED
        if not allowed(kind, office) <= found(kind, held) <= allowed(kind, office) | drawn.get(kind, set())
    }
    assert wrong == {}


ABOVE_ALL_NAMES = ("ines", "olga", "quinn")  # the offices of the federation


@pytest.mark.parametrize(
    ("who", "sends"),
    [
        ("", False),
        ("chidi", False),
        *(
            pytest.param(who, True, marks=pytest.mark.drill)
            for who in ("", "chidi", "femi", *ABOVE_ALL_NAMES)
        ),
    ],
)
def test_whoever_may_read_no_names_collects_no_canary(furnished, waiting, who, sends):
    crawler = crawl(signed_in(furnished, who), furnished, MOST_OF_A_NAME if sends else 1, *waiting)
    if sends:
        crawler.send_all()
    held = crawler.collected()
    assert {kind: found(kind, held) for kind in PLANTED if found(kind, held)} == {}


def tells(form: str, office: str, place: str) -> dict[str, set[str]]:
    """Return of which places a list of a place, or of all, tells what, in one of the forms it goes out in."""
    kinds = {"mail": ("mail", "young mail"), "phones": ("name", "phone")}.get(form, IN_LISTS)
    within = {"below"} if place == "below" else {"own", "below"}
    if office == "treasurer" and form in {"mail", "phones"}:
        return {}
    return {kind: there for kind in kinds if (there := allowed(kind, office) & within)}


@pytest.mark.parametrize(
    ("office", "places"),
    [
        ("treasurer", ("",)),
        *(pytest.param(office, ("", *UNITS), marks=pytest.mark.drill) for office in OFFICES),
    ],
)
def test_a_list_goes_out_in_each_form_with_just_what_the_table_allows(furnished, office, places):
    client, may = signed_in(furnished, office), TABLE["lists.export"].get(office, set())
    for place in places:
        for form in FORMATS:
            address = f"/lists/export/?who=all&unit={UNITS.get(place, '')}"
            answer = client.post(address, {"form": form, "purpose": "to sing"})
            if not may or (place and place not in may):
                # Of her own unit she knows that it is there.
                assert answer.status_code in {400, 404}, (place, form)
                continue
            held = told(answer)
            told_of = {kind: places for kind in PLANTED if (places := found(kind, held))}
            if form == "mail":
                told_of.pop("name", None)  # from whom to whom a mail goes is said
                told_of.pop("young", None)
            assert told_of == tells(form, office, place), (place, form)


@pytest.mark.drill
def test_a_crawler_that_is_let_in_finds_what_was_planted(furnished):
    """Let the test be able to fail: the secretary of the union finds every canary of her circle."""
    held = crawl(signed_in(furnished, "bela"), furnished).collected()
    assert found("name", held) == found("mail", held) == set(UNITS)
    assert found("protection", held) == set()
    # Of the young she finds whom her own unit knows.
    assert found("young", held) == found("young mail", held) == {"above"}


def test_a_password_opens_no_more_than_a_session_does(furnished):
    client = Client(headers={"accept-language": "en"})
    answer = client.post(
        "/accounts/login/?next=/people/", {"email": "auditor@example.org", "password": PASSWORD}
    )
    assert answer.status_code in {200, 302}
    assert "kanarie-below@example.org" not in client.get("/people/").content.decode()
