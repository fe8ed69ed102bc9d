"""A crawler signed in as each office follows every link, and collects exactly what the table allows.

Canaries are planted in every place: a name, an e-mail, a note, a tag that stand nowhere else. Where the
table gives an office no sight of them, no answer holds them: no page, no JSON, no CSV, no search.
"""

from collections import deque

import pytest
from aviary import UNITS
from browsing import links, name_of, signed_in
from django.test import Client
from test_rights import TABLE

from groundswell.access.actor import OFFICES
from world import PASSWORD

# As many addresses of one name are followed: enough to reach every canary by a list and by its own page.
MOST_OF_A_NAME = 8
MOST = 160
KINDS = ("name", "mail", "tag", "organisers", "secretaries", "protection")
YOUNG = ("young", "young mail", "young note")
ASKED = (
    "/people/?q=kanarie",
    "/people/?q=jungvogel",
    "/people/?q=jungfogel",
    "/people/?q=jungvogel-below%40example.org",
    "/people/?q=kanarei",
    "/people/?tag=kanarientag-below",
    "/people/?q=kanarie-below%40example.org",
    "/trail/",
    "/report/report.json",
    "/report/report.csv",
)


def crawl(client: Client, world, of_a_name: int = MOST_OF_A_NAME) -> tuple[str, int]:
    """Return all that the answers held, and how many addresses were asked; so many of one name."""
    own = [f"/people/{world.person[f'{bird}-{place}'].pk}/" for place in UNITS for bird in ("bird", "young")]
    waiting = deque(["/", *ASKED, *own])
    known, followed, held = set(waiting), dict[str, int](), []
    asked = 0
    while waiting and asked < MOST:
        address = waiting.popleft()
        answer = client.get(address)
        asked += 1
        assert answer.status_code in {200, 302, 400, 404, 405}, (address, answer.status_code)
        page = b"".join(answer) if answer.streaming else answer.content
        text = page.decode(errors="replace")
        # What somebody typed into the address herself comes back to her; that tells her nothing. And an
        # address may be broken on a narrow screen.
        held.append(text.replace(address, "").replace("<wbr>", ""))
        for target in links(address, text):
            name = name_of(target)
            if target not in known and followed.get(name, 0) < of_a_name:
                followed[name] = followed.get(name, 0) + 1
                known.add(target)
                waiting.append(target)
    return "\n".join(held), asked


def found(kind: str, held: str) -> set[str]:
    """Return the places whose canary of a kind is in what was collected."""
    planted = {
        "name": "Kanarie {}",
        "mail": "kanarie-{}@example.org<",
        "tag": ">kanarientag-{}</a>",
        "organisers": "kanariennotiz-organisers-{}",
        "secretaries": "kanariennotiz-secretaries-{}",
        "protection": "kanariennotiz-protection-{}",
        "young": "Jungvogel {}",
        "young mail": "jungvogel-{}@example.org<",
        "young note": "jungvogelnotiz-{}",
    }
    return {place for place in UNITS if planted[kind].format(place) in held}


def allowed(kind: str, office: str) -> set[str]:
    """Return the places where the table gives an office sight of a canary; of a young one, its own."""
    if kind in YOUNG:
        return allowed("name" if kind == "young" else "mail", office) & {"own"}
    if kind == "name":
        return TABLE["people.names"].get(office, set())
    circles = {"secretaries": {"secretary", "dpo"}, "protection": {"dpo"}}
    if office not in circles.get(kind, {"organiser", "secretary", "dpo"}):
        return set()
    return TABLE["people.contact"].get(office, set())


@pytest.mark.parametrize(
    ("office", "of_a_name"),
    [
        ("organiser", 1),
        *(pytest.param(office, MOST_OF_A_NAME, marks=pytest.mark.drill) for office in OFFICES),
    ],
)
def test_each_office_collects_exactly_what_the_table_allows(furnished, office, of_a_name):
    held, asked = crawl(signed_in(furnished, office), furnished, of_a_name)
    assert asked > 30
    wrong = {
        kind: (found(kind, held), allowed(kind, office))
        for kind in (*KINDS, *YOUNG)
        if found(kind, held) != allowed(kind, office)
    }
    assert wrong == {}


def test_a_member_collects_no_canary_and_a_stranger_none_either(furnished):
    for who in ("chidi", ""):
        held, _asked = crawl(signed_in(furnished, who), furnished)
        assert {kind: found(kind, held) for kind in (*KINDS, *YOUNG) if found(kind, held)} == {}, who


@pytest.mark.drill
def test_a_crawler_that_is_let_in_finds_what_was_planted(furnished):
    """Let the test be able to fail: the secretary of the union finds every canary of her circle."""
    held, _asked = crawl(signed_in(furnished, "bela"), furnished)
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
