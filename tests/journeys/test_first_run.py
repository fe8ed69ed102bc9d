"""Walks through the pages of the first run, in real Chromium against the demo's scenario."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.journey

YEAR = "/report/?as_of=2024-01-31&since=2023-01-31"
OPEN = ["/", "/published/", "/accounts/login/", "/accounts/link/", "/source/"]
INSIDE = [
    "/?today",
    "/units/",
    "/units/?on=2024-01-31&q=london",
    "/units/GB/",
    "/units/IE/?on=2024-06-10",
    "/map/",
    YEAR,
    YEAR + "&unit=CH",
    "/report/?as_of=2024-06-10&since=2023-06-10&structure=now&known_at=2024-06-12",
    "/report/drill/?as_of=2024-01-31&since=2023-01-31&row=IT&figure=joined",
    "/report/drill/?as_of=2024-01-31&since=2023-01-31&row=IT&figure=growth",
    "/report/drill/?as_of=2024-01-31&since=2023-01-31&row=IT&figure=course",
    "/report/drill/?as_of=2024-01-31&since=2023-01-31&row=IT&figure=members&part=IT-ROME-CENTRO",
]


def test_from_the_front_to_the_report_a_figure_the_tree_a_unit_the_map_and_out(visit):
    window = visit()
    page = window.go("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Six thousand and thirty members. †")
    page.get_by_role("link", name="Sign in").click()
    window.sign_in("secretary", "INT")
    expect(page).to_have_title(re.compile("^Organisational report to the executive, 31 January 2024"))
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Six thousand and thirty members, 39 per cent more than a year ago. †"
    )
    row = page.get_by_role("row", name=re.compile("^Italy"))
    row.get_by_role("link", name="515", exact=True).click()
    opened = page.locator("dialog#opened")
    expect(opened.get_by_role("heading", level=2).first).to_have_text(
        "515 members: Italy at the end of 31 January 2024."
    )
    expect(opened.locator("tfoot")).to_contain_text("515")
    expect(opened.get_by_role("button", name="Back")).to_be_hidden()
    opened.get_by_role("row", name=re.compile("^Rome Centro")).locator("a.opens").click()
    expect(opened.get_by_role("heading", name="Year by year")).to_be_visible()
    opened.get_by_role("button", name="Back").click()
    expect(opened.get_by_role("heading", level=2).first).to_contain_text("515 members: Italy")
    page.keyboard.press("Escape")
    expect(opened).to_be_hidden()

    page.get_by_role("link", name="Units").first.click()
    page.get_by_label("At the end of").fill("2024-01-31")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("link", name="Britain", exact=True)).to_be_visible()
    page.get_by_label("At the end of").fill("2024-06-10")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("link", name="Britain", exact=True)).to_have_count(0)

    page.goto(window.site.address + "/units/GB/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Revolutionary Communist Party †")
    expect(page.get_by_text("since 3 May 2024")).to_be_visible()
    page.get_by_role("link", name="Map").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("in 25 countries")
    page.locator(".world a", has=page.locator("title", has_text="Italy")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Italy")

    page.get_by_role("button", name="Sign out").first.click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    page.goto(window.site.address + YEAR)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    window.check()


def test_what_was_known_on_the_day_leaves_out_what_was_entered_later(visit):
    window = visit()
    page = window.sign_in("secretary", "INT")
    page.get_by_text("as known today", exact=True).click()
    page.get_by_label("As known at the end of").fill("2024-01-31")
    page.get_by_role("button", name="Show").locator("visible=true").click()
    expect(page.get_by_role("row", name=re.compile("^Italy"))).to_contain_text("513")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Six thousand and twenty-eight members")
    window.check()


def test_everything_works_without_script(visit):
    window = visit(java_script_enabled=False)
    page = window.sign_in("secretary", "INT")
    page.get_by_role("row", name=re.compile("^Italy")).get_by_role("link", name="515", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "515 members: Italy at the end of 31 January 2024."
    )
    page.goto(window.site.address + YEAR)
    page.get_by_text("structure as then", exact=True).click()
    page.get_by_role("link", name="Show it in the structure of today").click()
    expect(page.get_by_text("structure as now", exact=True)).to_be_visible()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-appearance", "dark")
    page.get_by_role("button", name="Deutsch").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        "Sechstausenddreißig Mitglieder, 39 Prozent mehr"
    )
    page.get_by_role("button", name="Abmelden").first.click()
    expect(page.get_by_text("Du bist abgemeldet.")).to_be_visible()


def test_on_a_phone_tables_are_cards_and_nothing_runs_over_the_edge(visit):
    window = visit(width=390, has_touch=True, is_mobile=True)
    window.sign_in("secretary", "INT")
    for path in [*INSIDE, "/source/"]:
        page = window.go(path)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} is {wide} px too wide"
    page = window.go(YEAR)
    expect(page.locator(".grid.cards thead")).to_be_hidden()
    expect(page.locator(".thumbs a")).to_have_count(5)
    for thumb in page.locator(".thumbs a").all():
        box = thumb.bounding_box()
        assert box["height"] >= 46
        assert box["width"] >= 46
    window.check()


def test_the_keyboard_reaches_the_search_the_rows_and_the_help(visit):
    window = visit()
    window.sign_in("secretary", "INT")
    page = window.go("/units/")
    page.keyboard.press("/")
    expect(page.get_by_label("Name, code or town")).to_be_focused()
    page = window.go(YEAR)
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.get_by_role("row", name=re.compile("^Canada"))).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keys")).to_be_visible()
    page = window.go(YEAR)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    window.check()


def test_a_long_list_of_offices_is_narrowed_by_typing_and_a_report_is_printed_by_one_press(visit):
    window = visit(width=390, has_touch=True, is_mobile=True)
    window.sign_in("secretary", "GB")
    page = window.go("/offices/")
    rows = page.locator("#offices tr")
    assert rows.locator("visible=true").count() > 60
    page.get_by_label("Narrow the list").fill("leeds")
    expect(rows.locator("visible=true")).to_have_count(2)
    page = window.go(YEAR)
    page.evaluate("window.print = () => { window.printed = true; }")
    page.get_by_role("button", name="Print").click()
    assert page.evaluate("window.printed")
    window.check()


def test_whoever_has_the_map_among_the_chief_pages_has_it_once(visit):
    window = visit()
    page = window.sign_in("secretary", "INT")
    expect(page.locator(".side").get_by_role("link", name="Map")).to_have_count(1)
    expect(page.locator(".foot").get_by_role("link", name="Map")).to_have_count(0)
    page.context.clear_cookies()
    page = window.sign_in("secretary", "GB")
    expect(page.locator(".side").get_by_role("link", name="Map")).to_have_count(1)


def test_a_search_in_a_session_that_has_ended_leads_to_signing_in_and_back(visit):
    window = visit()
    window.sign_in("secretary", "GB")
    page = window.go("/offices/give/GB-LONDON-CENTRAL/")
    page.context.clear_cookies()
    page.get_by_label("Name, e-mail or phone").press_sequentially("chap")
    page.wait_for_url("**/accounts/login/?next=/offices/give/GB-LONDON-CENTRAL/")
    window.check()


def test_on_a_phone_the_search_comes_first_and_rarer_acts_open_by_keyboard_below_their_word(visit):
    window = visit(width=390, has_touch=True, is_mobile=True)
    window.sign_in("secretary", "GB")
    page = window.go("/people/")
    search = page.get_by_label("Name, e-mail or phone")
    word = page.locator("main").get_by_text("More", exact=True)
    hidden = page.get_by_role("link", name="Bring a list in")
    assert search.bounding_box()["y"] < word.bounding_box()["y"] < 844
    expect(page.locator("main .button.chief").locator("visible=true")).to_have_text(["Write somebody down"])
    for direction in ("ltr", "rtl"):
        page.evaluate("(way) => { document.documentElement.dir = way; }", direction)
        expect(hidden).to_be_hidden()
        word.focus()
        page.keyboard.press("Enter")
        expect(hidden).to_be_visible()
        pressed, opened = word.bounding_box(), page.locator("main .menu > .panel").bounding_box()
        assert opened["y"] >= pressed["y"] + pressed["height"]
        assert opened["x"] >= 0
        assert opened["x"] + opened["width"] <= 390
        assert hidden.bounding_box()["height"] >= 44
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="What waits")).to_be_focused()
        page.keyboard.press("Escape")
        expect(hidden).to_be_hidden()
        expect(word).to_be_focused()
    window.check()


def test_without_scripts_the_rarer_acts_open_as_well(visit):
    window = visit(width=390, java_script_enabled=False)
    window.sign_in("secretary", "GB")
    page = window.go("/units/GB/")
    expect(page.get_by_role("link", name="Rename")).to_be_hidden()
    page.get_by_text("Change this unit").click()
    page.get_by_role("link", name="Rename").click()
    expect(page.get_by_label("Name (English)")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_breaks_a_rule_of_accessibility(visit, axe, scheme):
    window = visit(color_scheme=scheme)
    for path in OPEN:
        assert axe(window.go(path)) == [], f"{path} in {scheme}"
    window.sign_in("secretary", "INT")
    for path in INSIDE:
        assert axe(window.go(path)) == [], f"{path} in {scheme}"
    page = window.go(YEAR)
    page.locator("table.cards a.opens").first.click()
    page.wait_for_selector("dialog#opened[open]")
    assert axe(page) == []
    window.check()


def test_a_page_turned_round_keeps_within_its_edges(visit):
    window = visit()
    window.sign_in("secretary", "INT")
    for path in INSIDE:
        page = window.go(path)
        page.evaluate("document.documentElement.dir = 'rtl'")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} is {wide} px too wide"
        assert page.locator(".side").bounding_box()["x"] > 1000
    page = window.go(YEAR)
    page.evaluate("document.documentElement.dir = 'rtl'")
    head = page.get_by_role("row", name=re.compile("^Pakistan")).get_by_role("rowheader")
    left = [head.locator(part).bounding_box()["x"] for part in (".kind", ".dagger", "a")]
    assert left == sorted(left), "a name is followed by its mark and its kind, to the left"
    window.check()


def test_a_wrong_password_says_so_beside_the_field_and_keeps_the_address(visit):
    window = visit(width=390)
    page = window.go("/accounts/login/")
    page.get_by_label("E-mail").fill("secretary.int@example.org")
    page.get_by_label("Password").fill("not this one")
    page.locator("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("Something is not right yet")
    expect(page.get_by_label("E-mail")).to_have_value("secretary.int@example.org")
    expect(page.get_by_label("Password")).to_have_value("")
