"""A branch organiser with a spreadsheet of 22 names and a phone works here from the first evening."""

import csv
import io
import re

import pytest
from furnishing import BRANCH, HEADER, NEW, spreadsheet
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("changed")]

WRITTEN = 20


def test_she_brings_her_list_in_works_with_it_takes_it_out_and_takes_it_back(phone, work, tmp_path):
    window = phone()
    page = window.sign_in("organiser", BRANCH)
    before = how_many(window)
    says_what_the_columns_mean(window, tmp_path)
    batch = brings_it_in(window, work, before)
    works_with_somebody(window)
    takes_the_list_out(window)

    page.goto(batch)
    page.get_by_role("link", name="Undo this list").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Undo this list?")
    page.get_by_role("button", name="Undo it").click()
    work()
    expect(page.get_by_role("heading", level=1)).to_have_text("The list was undone; 1 person has stayed.")
    # Of her somebody wrote a note since: she has stayed, and stands here.
    expect(page.get_by_role("link", name="Zoë Ångström")).to_be_visible()
    assert how_many(window) == before + 1
    window.go("/people/?q=Dhomhnaill")
    expect(page.get_by_text("There is nobody to show.")).to_be_visible()
    window.check(refused={422})


def says_what_the_columns_mean(window, folder):
    """Choose the file, say what is in it and whence it is, look at every row before anybody is written."""
    page, known = window.page, somebody_known(window)
    known_row = (*known, "020 7946 0042", "London", "", "")
    nameless = ("", "nameless@list.example", "", "London", "", "")
    file = spreadsheet(folder / "first evening.xlsx", NEW, known_row, nameless)
    before = how_many(window)
    page.get_by_role("link", name="People").locator("visible=true").click()
    page.locator("main").get_by_text("More", exact=True).click()
    page.get_by_role("link", name="Bring a list in").click()
    page.get_by_label("Where these people belong").select_option(BRANCH)
    page.get_by_label("The list", exact=True).set_input_files(file)
    page.get_by_role("button", name="Read the list").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What do the columns mean?")
    for column, meaning in zip(HEADER, ("name", "email", "phone", "town", "joined", "tags"), strict=True):
        expect(page.get_by_label(column, exact=True)).to_have_value(meaning)
    page.get_by_label("How are the days written that can be read in two ways?").select_option("dmy")
    page.get_by_label("They are members, former members or in regular contact with us.").check()
    page.get_by_role("button", name="Show what becomes of every row").click()
    expect(page.get_by_role("alert")).to_contain_text("Where does the list come from?")
    page.get_by_label("Where does the list come from?").fill("the exercise book of the first evening")
    page.get_by_role("button", name="Show what becomes of every row").click()

    expect(page.get_by_text("This is a preview. Nothing has been done.")).to_be_visible()
    expect(page.locator(".chips").locator("visible=true").last).to_contain_text("20 new")
    row = page.get_by_role("row", name=re.compile("Bríd Ní Dhomhnaill"))
    expect(row).to_contain_text("person1@list.example · +44 20 7946 0038 · London · member since 3 May 2024")
    expect(page.get_by_role("row", name=re.compile(known[0]))).to_contain_text("known already")
    expect(page.get_by_text("The person needs a name.")).to_be_visible()
    assert how_many(window) == before

    page.go_back()


def brings_it_in(window, work, before):
    """Let the rows come, see how far they have come, take what was refused home; return the list's page."""
    page = window.page
    page.get_by_role("button", name="Bring them in").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The list is being brought in.")
    expect(page.get_by_text("1 of 22 rows.").first).to_be_visible()
    work()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        re.compile("^2[01] of 22 rows were brought in.$")
    )
    batch = page.url
    with page.expect_download() as handed:
        page.get_by_role("link", name="The rows that could not be taken").click()
    lines = list(csv.reader(io.StringIO(handed.value.path().read_text("utf-8-sig"))))
    assert [line[1] for line in lines[1:]] == ["nameless@list.example"]
    assert lines[1][-1] == "The person needs a name."
    page.get_by_role("link", name="See the people").click()
    assert how_many(window) == before + WRITTEN
    return batch


def somebody_known(window):
    """Return the name and the e-mail of the first in the list."""
    page = window.go(f"/people/?unit={BRANCH}&status=member")
    page.locator("tbody th a").first.click()
    name = page.get_by_role("heading", level=1).inner_text()
    return name, page.locator("a[href^='mailto:']").first.inner_text()


def how_many(window):
    """Return how many people the branch has, by the headline of their list."""
    page = window.go(f"/people/?unit={BRANCH}")
    return int(re.search(r"\d+", page.get_by_role("heading", level=1).inner_text())[0])


def works_with_somebody(window):
    """Find her, look at her, tag her, write a note, say that she came."""
    page = window.page
    page.get_by_label("Name, e-mail or phone").fill("angstrom")
    page.get_by_role("button", name="Show").locator("visible=true").click()
    page.get_by_role("link", name="Zoë Ångström").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Zoë Ångström")
    expect(page.get_by_role("link", name="+44 7700 900100")).to_have_attribute("href", "tel:+447700900100")
    page.get_by_text("Change the tags").click()
    page.locator("details[open]").get_by_label("Tags").fill("list, tea urn")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="tea urn")).to_be_visible()
    page.get_by_label("Note", exact=True).fill("Brings the tea urn; knows the hall’s caretaker.")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.get_by_text("Brings the tea urn")).to_be_visible()

    window.go("/gatherings/")
    page.get_by_role("link", name="Write down a gathering").click()
    page.get_by_label("What is it called").fill("The first evening")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The first evening")
    page.get_by_role("button", name="Came Zoë Ångström").click()
    expect(page.get_by_role("status")).to_have_text("1 came.")
    window.go("/gatherings/")
    expect(page.get_by_role("row", name=re.compile("The first evening"))).to_contain_text("1")


def takes_the_list_out(window):
    """Take out those of the list who bear the tag."""
    page = window.go(f"/people/?unit={BRANCH}&tag=list")
    page.locator("main").get_by_text("More", exact=True).click()
    page.get_by_role("link", name="Write to them, call, take out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"A list of {WRITTEN} people.")
    page.get_by_label("a spreadsheet (XLSX)").check()
    page.get_by_label("What do you need it for?").fill("ringing round before the second evening")
    with page.expect_download() as handed:
        page.get_by_role("button", name="Take it out").click()
    rows = CalamineWorkbook.from_path(handed.value.path()).get_sheet_by_index(0).to_python()
    assert set(NEW) <= {str(cell) for row in rows for cell in row}
