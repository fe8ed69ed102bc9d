"""Every deed upon the structure, on a phone and at a desk: asked, refused, shown, done, seen, undone."""

import re
from dataclasses import dataclass, field

import pytest
from judging import LONELY, SMALL, TOO_WIDE
from playwright.sync_api import expect

pytestmark = pytest.mark.usefixtures("changed")

BRANCH, SECOND, REGION = "GB-LEEDS-HEADINGLEY", "GB-LEEDS-CENTRE", "GB-R-YORKSHIRE"
PHONE, DESK = (360, 740), (1280, 800)
SAMPLE = {"found"}  # in the quick tests; the others are walked in the drills
REPORT = "/report/?as_of=2024-06-15&since=2023-06-10&unit="


@dataclass(frozen=True)
class Deed:
    """What is done to a unit: by which word of its page, what is refused first, and what comes of it.

    `counts` are the members before and after, by unit; `row` is what the report of the region shows then.
    """

    word: str
    wrong: dict[str, str]
    because: str
    right: dict[str, str]
    headline: str
    counts: dict[str, tuple[str, str]]
    event: str
    row: tuple[str, str]
    unit: str = BRANCH
    folded: bool = False
    boxes: int = 0
    kept: dict[str, str] = field(default_factory=dict)


DEEDS = {
    "found": Deed(
        "Found a unit in it",
        {"Name (English)": "Wharfedale", "Town": "Otley", "Latitude": "north"},
        "Write degrees in figures, as 48.21.",
        {"Latitude": "53,91", "Longitude": "-1.69", "Code": "GB-WHARFEDALE"},
        "Wharfedale is founded in Yorkshire on",
        {"GB-WHARFEDALE": ("–", "0")},
        "Founded",
        ("Wharfedale", "0"),
        unit=REGION,
        folded=True,
        kept={"Name (English)": "Wharfedale", "Town": "Otley"},
    ),
    "rename": Deed(
        "Rename",
        {"Name (English)": "", "Name (German)": ""},
        "The unit needs a name in at least one language.",
        {"Name (English)": "Leeds North West", "Name (German)": "Leeds-Nordwest"},
        "Leeds Headingley is called Leeds North West from",
        {BRANCH: ("21", "21")},
        "From now on called Leeds North West",
        ("Leeds North West", "21"),
    ),
    "move": Deed(
        "Move",
        {"Where it shall lie": "North W"},
        "Which one do you mean: North West (GB-R-NORTH-WEST)? Write its code.",
        {"Where it shall lie": "North West"},
        "Leeds Headingley lies in North West from",
        {BRANCH: ("21", "21"), REGION: ("111", "90")},
        "Moved to North West",
        ("Yorkshire", "90"),
        kept={"Where it shall lie": "North W"},
    ),
    "split": Deed(
        "Split",
        {"Name (English)": "Leeds Hyde Park", "Code": "leeds hyde!"},
        "must be capital letters, digits and hyphens",
        {"Code": "gb-leeds-hyde-park"},
        "Leeds Hyde Park is split off from Leeds Headingley on",
        {BRANCH: ("21", "16"), "GB-LEEDS-HYDE-PARK": ("–", "5")},
        "Split off from Leeds Headingley",
        ("Leeds Hyde Park", "5"),
        folded=True,
        boxes=5,
        kept={"Name (English)": "Leeds Hyde Park"},
    ),
    "merge": Deed(
        "Merge",
        {"Into which unit": "Atlantis"},
        "There is no such unit here that this one could go to.",
        {"Into which unit": "Leeds Centre"},
        "Leeds Headingley ends on",
        {BRANCH: ("21", "–"), SECOND: ("19", "40")},
        "Merged into Leeds Centre",
        ("Leeds Centre", "40"),
        kept={"Into which unit": "Atlantis"},
    ),
    "promote": Deed(
        "Promote",
        {"From which day on": "1999-12-31"},
        "nothing can happen to it before that day",
        {"From which day on": "2024-06-15"},
        "Leeds Headingley is of the kind “region” from",
        {BRANCH: ("21", "21")},
        "Became a region",
        ("Leeds Headingley", "21"),
        kept={"From which day on": "1999-12-31"},
    ),
    "found-anew": Deed(
        "Found anew",
        {"From which day on": ""},
        "This field is required.",
        {"Name (English)": "Red Headingley", "From which day on": "2024-06-15"},
        "Leeds Headingley is founded anew as Red Headingley on",
        {BRANCH: ("21", "21")},
        "Founded anew as Red Headingley",
        ("Red Headingley", "21"),
    ),
}  # fmt: skip


@pytest.fixture(
    params=[
        pytest.param(("GB", PHONE), marks=pytest.mark.journey, id="section-phone"),
        pytest.param(("GB", DESK), marks=pytest.mark.drill, id="section-desk"),
        pytest.param(("INT", PHONE), marks=pytest.mark.drill, id="whole-phone"),
        pytest.param(("INT", DESK), marks=pytest.mark.drill, id="whole-desk"),
    ]
)
def walker(request, visit):
    """Return a window in which a secretary is signed in, and whether she sees the names of members."""
    unit, (width, height) = request.param
    window = visit(width, height, reduced_motion="reduce", has_touch=width < 720)
    window.sign_in("secretary", unit)
    return window, unit == "GB"


def judge(page):
    assert page.evaluate(TOO_WIDE) <= 0
    assert page.evaluate(LONELY) == []
    if page.viewport_size["width"] < 720:
        assert page.evaluate(SMALL) == []


def open_act(window, unit, word):
    page = window.go(f"/units/{unit}/")
    judge(page)
    page.get_by_text("Change this unit").click()
    page.locator("main .menu").get_by_role("link", name=word, exact=True).click()
    page.wait_for_url(re.compile(rf"/units/{unit}/[a-z-]+/$"))
    return page


def fill(page, said):
    for label, text in said.items():
        page.get_by_label(label, exact=True).fill(text)


def counts(page):
    rows = [row.locator("td").all_inner_texts()[:2] for row in page.locator("tbody tr").all()]
    return dict(zip(page.locator("tbody th .kind").all_inner_texts(), map(tuple, rows), strict=True))


def undo(page):
    page.get_by_role("link", name="Undo").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Undo this?")
    judge(page)
    page.get_by_role("button", name="Undo it").click()
    expect(page.get_by_role("status")).to_contain_text("Undone.")


@pytest.mark.parametrize(
    "what",
    [pytest.param(what, marks=() if what in SAMPLE else pytest.mark.drill) for what in DEEDS],
)
def test_a_deed_is_refused_beside_its_field_shown_done_seen_and_undone(walker, what):
    (window, sees_names), deed = walker, DEEDS[what]
    page = open_act(window, deed.unit, deed.word)
    if deed.folded:
        page.get_by_text("More that may be said").click()
    judge(page)
    for box in page.locator("#choices input").all()[: deed.boxes]:
        box.check()
    fill(page, deed.wrong)
    page.get_by_role("button", name="Show what changes").click()
    expect(page.get_by_role("alert")).to_contain_text(deed.because)
    expect(page.locator(".field .wrong").first).to_contain_text(deed.because)
    judge(page)
    for label, text in deed.kept.items():
        expect(page.get_by_label(label, exact=True)).to_have_value(text)
    assert page.locator("#choices input:checked").count() == (deed.boxes if sees_names else 0)

    fill(page, deed.right)
    page.get_by_role("button", name="Show what changes").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(deed.headline)
    expect(page.get_by_text("This is a preview. Nothing has been done.")).to_be_visible()
    judge(page)
    if sees_names or not deed.boxes:
        assert counts(page).items() >= deed.counts.items()
    else:
        expect(page.get_by_text("Nobody was chosen to go over")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Do it, from 15 June 2024 on")).click()
    expect(page.get_by_role("status")).to_contain_text("Done. It can be undone until the end of tomorrow.")
    judge(page)
    expect(page.locator(".dated", has_text=deed.event).first).to_be_visible()
    there = page.url
    name, members = deed.row
    if sees_names or not deed.boxes:
        region = "GB" if name == "Yorkshire" else REGION
        row = window.go(REPORT + region).get_by_role("row", name=re.compile(f"^{name}"))
        expect(row.get_by_text(members, exact=True).first).to_be_visible()
    page.goto(there)
    undo(page)
    window.check(refused={422})


def test_what_has_a_day_to_come_waits_for_it_and_is_called_off(walker):
    window, _sees_names = walker
    page = open_act(window, REGION, "Found a unit in it")
    fill(page, {"Name (English)": "Wharfedale", "From which day on": "2024-07-01"})
    page.get_by_role("button", name="Show what changes").click()
    expect(page.get_by_text("as if it happened today")).to_be_visible()
    page.get_by_role("button", name="Change something").click()
    expect(page.get_by_label("Name (English)")).to_have_value("Wharfedale")
    page.get_by_role("button", name="Show what changes").click()
    page.get_by_role("button", name="Prepare it for 1 July 2024").click()
    expect(page.get_by_role("status")).to_contain_text("Prepared for 1 July 2024.")
    judge(page)
    page.get_by_role("link", name="Call off").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Call this off?")
    judge(page)
    page.get_by_role("button", name="Call it off").click()
    expect(page.get_by_role("status")).to_contain_text("Called off.")
    expect(page.get_by_role("heading", name="In preparation")).to_have_count(0)
    window.check()


@pytest.mark.drill
def test_a_unit_is_founded_protected_seated_and_ends(walker):
    window, _sees_names = walker
    page = open_act(window, REGION, "Found a unit in it")
    fill(page, {"Name (English)": "Wharfedale"})
    page.get_by_label("Protected: call names only").check()
    page.get_by_role("button", name="Show what changes").click()
    page.get_by_role("button", name=re.compile("^Do it")).click()
    expect(page.get_by_text("Protected: call names only").first).to_be_visible()
    code = re.search(r"/units/([^/]+)/", page.url)[1]
    page = open_act(window, code, "Protect")
    page.get_by_label("Protected: call names only").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Protected: call names only")).to_have_count(0)
    page = open_act(window, code, "Seat and languages")
    fill(page, {"Town": "Otley", "Latitude": "53.9"})
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".field .wrong")).to_contain_text("or neither")
    judge(page)
    expect(page.get_by_label("Town")).to_have_value("Otley")
    fill(page, {"Longitude": "-1.69"})
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("branch, Otley, since 15 June 2024")
    page = open_act(window, code, "Dissolve")
    page.get_by_role("button", name="Show what changes").click()
    expect(page.locator(".field .wrong")).to_contain_text("undo its founding")
    window.go(f"/units/{code}/")
    undo(page)
    window.check(refused={422})


def test_who_has_people_is_neither_dissolved_nor_protected_and_hears_why(walker):
    window, _sees_names = walker
    page = open_act(window, BRANCH, "Dissolve")
    page.get_by_role("button", name="Show what changes").click()
    expect(page.locator(".field .wrong")).to_contain_text("let them leave, move or merge first")
    page = open_act(window, BRANCH, "Protect")
    page.get_by_label("Protected: call names only").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".field .wrong")).to_contain_text("is chosen before the first of them")
    judge(page)
    window.check(refused={422})


@pytest.mark.drill
def test_proposals_are_narrowed_lead_to_what_mends_them_and_come_when_the_limits_say(walker):
    window, sees_names = walker
    page = window.go("/units/proposals/")
    judge(page)
    page.locator("a.tag", has_text="to split").click()
    expect(page.get_by_text("It has never had a treasurer.")).to_have_count(0)
    expect(page.get_by_role("link", name="Split it London Central")).to_be_visible()
    page.locator("a.tag[aria-current]").click()
    page.get_by_role("link", name=re.compile("^Show all .*: To find a treasurer$")).click()
    page.get_by_role("link", name="Give the office Bath").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Give an office")
    if not sees_names:
        return
    window.go("/units/GB/limits/")
    fill(page, {"Propose to split above so many members": "few"})
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".field .wrong")).to_contain_text("Write a whole number in figures.")
    judge(page)
    fill(page, {"Propose to split above so many members": "38"})
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    expect(page.locator("a.tag", has_text=re.compile("^to split: 1$"))).to_be_visible()
    window.go("/units/GB/limits/")
    fill(page, {"Propose to split above so many members": "24"})
    page.get_by_role("button", name="Save").click()
    expect(page.locator("a.tag", has_text="to split: 13")).to_be_visible()
    window.check(refused={422})


@pytest.mark.parametrize(
    "size",
    [pytest.param(PHONE, marks=pytest.mark.journey), pytest.param(DESK, marks=pytest.mark.drill)],
    ids=["phone", "desk"],
)
def test_a_group_becomes_a_section_once_it_has_what_the_rules_ask_for(visit, size):
    window = visit(*size, reduced_motion="reduce", has_touch=size == PHONE)
    window.sign_in("secretary", "INT")
    page = window.go("/units/promotion/")
    judge(page)
    page.get_by_role("row", name=re.compile("^Poland")).get_by_role("link", name="Poland").click()
    expect(page.get_by_text("no elected committee")).to_be_visible()
    page = open_act(window, "PL", "Promote")
    expect(page.get_by_label("Which kind it becomes")).to_have_value("section")
    page.get_by_role("button", name="Show what changes").click()
    expect(page.locator(".field .wrong")).to_contain_text("not yet what the rules ask for")
    window.go("/units/promotion/group/")
    page.get_by_label("An elected committee").uncheck()
    fill(page, {"Members at least": "0"})
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".field .wrong")).to_contain_text("Write a number from 1 on")
    judge(page)
    fill(page, {"Members at least": "40"})
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    judge(page)
    page = open_act(window, "PL", "Promote")
    page.get_by_role("button", name="Show what changes").click()
    page.get_by_role("button", name=re.compile("^Do it")).click()
    expect(page.locator(".lede").first).to_contain_text("section")
    undo(page)
    window.go("/units/promotion/group/")
    page.get_by_label("An elected committee").check()
    page.get_by_role("button", name="Save").click()
    window.check(refused={422})


@pytest.mark.journey
def test_enter_in_the_search_for_a_name_sends_no_half_filled_form(visit):
    window = visit(*PHONE)
    window.sign_in("secretary", "GB")
    page = window.go(f"/units/{BRANCH}/split/")
    search = page.get_by_label("Find a name or a town")
    search.fill("an")
    search.press("Enter")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(search).to_have_value("an")
    choices = page.locator("#choices")
    shown, everybody = choices.get_by_role("checkbox").count(), choices.locator("input").count()
    assert 0 < shown < everybody
    page.get_by_role("button", name="Choose all that are shown").click()
    expect(page.get_by_text("Chosen:").locator("output")).to_have_text(str(shown))
    page.get_by_role("button", name="Choose all that are shown").click()
    expect(page.get_by_text("Chosen:").locator("output")).to_have_text("0")
    window.check()
