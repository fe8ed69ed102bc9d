"""What makes the demo's rooms lived in, by their own pages; and every page that an office of them reaches.

For the journey that judges every page, and for the pictures.
"""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import xlsxwriter
from playwright.sync_api import Page

BRANCH = "GB-LONDON-CENTRAL"
TREASURER = "treasurer.gb@example.org"
HEADER = ("Full name", "E-mail", "Mobile", "Town", "Joined", "Tags")
NEW = (
    "Zoë Ångström", "Bríd Ní Dhomhnaill", "Łukasz Żak", "Małgorzata Wójcik", "Iñaki Etxeberría",
    "Chloë O’Shea", "Jürgen Weiß", "Søren Kjær", "Agnès Lefèvre", "Nguyễn Thị Hạnh", "Gökçe Yıldız",
    "Oluwaseun Adébáyọ̀", "Siân Llewellyn", "Tomáš Dvořák", "João Conceição", "Ioana Țepeș",
    "Ása Þórsdóttir", "Dilys ap Rhys", "Ferenc Győrffy", "Mehmet Şahin",
)  # fmt: skip

# Every page that an office reaches, by a word of its own; what is in braces is filled in by `furnish`.
PAGES: dict[tuple[str, str], dict[str, str]] = {
    ("organiser", BRANCH): {
        "today": "/",
        "people": "/people/",
        "people-found": "/people/?status=member&unit=GB-LONDON-CENTRAL&tag=tea+urn",
        "people-nobody": "/people/?q=Xyzzyq",
        "person": "/people/{person}/",
        "person-edit": "/people/{person}/edit/",
        "person-more": "/people/{person}/fields/",
        "person-transfer": "/people/{person}/transfer/",
        "same": "/people/{person}/same/?q=an",
        "pair-seen": "/people/duplicates/{pair}/",
        "duplicates": "/people/duplicates/",
        "person-ask-leave": "/people/{person}/ask-leave/",
        "person-new": "/people/new/",
        "asked-elsewhere": "/people/asked/",
        "gatherings": "/gatherings/",
        "gathering": "/gatherings/{gathering}/",
        "gathering-found": "/gatherings/{gathering}/?q=an",
        "gathering-new": "/gatherings/new/",
        "gathering-edit": "/gatherings/{gathering}/edit/",
        "import": "/lists/import/",
        "import-columns": "/lists/import/files/{upload}/",
        "import-preview": "/lists/import/{staged}/",
        "import-done": "/lists/import/{done}/",
        "import-undo": "/lists/import/{done}/undo/",
        "export": "/lists/export/?unit=GB-LONDON-CENTRAL",
        "export-larger": "/lists/export/larger/",
        "units": "/units/",
        "branch": "/units/GB-LONDON-CENTRAL/",
        "offices-seen": "/offices/",
        "sessions": "/accounts/sessions/",
        "factors": "/accounts/factors/",
        "password": "/accounts/password/",
        "me": "/me/",
    },
    ("secretary", "GB"): {
        "today-secretary": "/",
        "people-section": "/people/",
        "person-secretary": "/people/{person}/",
        "person-leave": "/people/{person}/leave/",
        "person-kind": "/people/{person}/kind/",
        "person-guest": "/people/{person}/guest/",
        "person-paid": "/people/{person}/paid/",
        "person-correct": "/people/{person}/correct/",
        "person-invite": "/accounts/invite/{person}/",
        "contact-join": "/people/{contact}/join/",
        "contact-apply": "/people/{contact}/apply/",
        "fields": "/people/fields/?unit=GB",
        "field": "/people/fields/{field}/",
        "rules": "/people/rules/?unit=GB",
        "asked": "/people/asked/",
        "section": "/units/GB/",
        "unit": "/units/GB-LONDON-CENTRAL/",
        "proposals": "/units/proposals/",
        "promotion": "/units/promotion/",
        "kinds": "/units/kinds/",
        "found": "/units/GB/found/",
        "rename": "/units/GB-LONDON-CENTRAL/rename/",
        "call-off": "/units/GB-LEEDS-CENTRE/prepared/{prepared}/call-off/",
        "move": "/units/GB-LONDON-CENTRAL/move/",
        "split": "/units/GB-LONDON-CENTRAL/split/",
        "merge": "/units/GB-LONDON-CENTRAL/merge/",
        "promote": "/units/GB-LONDON-CENTRAL/promote/",
        "found-anew": "/units/GB-LONDON-CENTRAL/found-anew/",
        "dissolve": "/units/GB-LONDON-CENTRAL/dissolve/",
        "limits": "/units/GB/limits/",
        "seat": "/units/GB-LONDON-CENTRAL/seat/",
        "protect": "/units/GB-LONDON-CENTRAL/protect/",
        "offices": "/offices/",
        "office-give": "/offices/give/GB/",
        "office-end": "/offices/{office}/end/",
        "office-hand-over": "/offices/{office}/hand-over/",
        "consents": "/protection/consents/",
        "consent-text": "/protection/consents/1/?unit=GB",
        "ages": "/protection/ages/",
        "trail-secretary": "/trail/",
    },
    ("secretary", "INT"): {
        "second-factors": "/offices/factors/",
        "kind": "/units/kinds/branch/",
        "kinds-changed": "/units/kinds/",
        "promotion-rule": "/units/promotion/group/",
        "purposes": "/protection/purposes/",
    },
    ("auditor", "GB"): {
        "samples": "/protection/sample/",
        "sample": "/protection/sample/{sample}/",
        "sample-person": "/people/{drawn}/",
    },
    ("dpo", "GB"): {
        "protection": "/protection/",
        "request": "/protection/requests/{request}/",
        "record": "/protection/record/",
        "trail": "/trail/",
        "person-officer": "/people/{person}/",
        "pair": "/people/duplicates/{pair}/",
        "hold": "/protection/people/{person}/hold/",
        "breaches": "/protection/breaches/",
        "breach-new": "/protection/breaches/new/",
        "breach": "/protection/breaches/{breach}/",
        "breach-tell": "/protection/breaches/{breach}/tell/",
        "person-asks": "/protection/people/{person}/ask/",
    },
}
SignIn = Callable[[str, str], Page]


def spreadsheet(path: Path, names: Sequence[str], *others: Sequence[object]) -> Path:
    """Write a sheet of new people, one of a day that can be read in two ways, and of other rows."""
    rows: list[Sequence[object]] = [
        (name, f"person{place}@list.example", f"07700 9001{place:02}", "London", dt.date(2024, 5, 1), "list")
        for place, name in ((NEW.index(name), name) for name in names)
    ]
    # Day first or month first: nobody can tell from the list alone.
    rows[1] = (*rows[1][:2], f"020 7946 00{18 + len(names)}", "London", "03/05/2024", "list; choir")
    with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate((HEADER, *rows, *others)):
            sheet.write_row(number, 0, row)
    return path


def furnish(address: str, sign_in: SignIn, folder: Path, work: Callable[[], None]) -> dict[str, str]:
    """Let the offices do a little of everything; return the numbers that the addresses of PAGES need."""
    found = _organiser(address, sign_in("organiser", BRANCH), folder, work)
    found |= _secretary(address, sign_in("secretary", "GB"))
    member = sign_in("member", BRANCH)
    member.goto(address + "/me/")
    member.get_by_label("In your words").fill("I have moved abroad. Please forget me.")
    member.get_by_role("button", name="Erase me").click()
    officer = sign_in("dpo", "GB")
    officer.goto(address + "/protection/")
    found["request"] = _number(officer.get_by_role("link", name="Answer").get_attribute("href"))
    found["breach"] = _breach(address, officer)
    return found | _auditor(address, sign_in("auditor", "GB"))


def _breach(address: str, page: Page) -> str:
    page.goto(address + "/protection/breaches/new/")
    page.get_by_label("What happened").fill("A phone was left on a train, signed in.")
    page.get_by_label("When it was found out").fill("2024-06-10T20:00")
    page.get_by_label("From when data could be read").fill("2024-06-10T18:30")
    page.get_by_label("Through which accounts").fill("organiser.gb-london-central@example.org")
    page.get_by_role("button", name="Write it down").click()
    page.wait_for_url(re.compile(r"/breaches/[0-9]+/$"))
    return _number(page.url)


def _auditor(address: str, page: Page) -> dict[str, str]:
    page.goto(address + "/protection/sample/")
    page.get_by_label("How many records").fill("5")
    page.get_by_role("button", name="Draw").click()
    page.get_by_role("heading", name="How it was drawn").wait_for()
    drawn = page.locator("tbody th a").first.get_attribute("href")
    return {"sample": _number(page.url), "drawn": _number(drawn)}


def _organiser(address: str, page: Page, folder: Path, work: Callable[[], None]) -> dict[str, str]:
    page.goto(f"{address}/people/new/?unit={BRANCH}")
    page.get_by_label("Name, as she writes it").fill("Aaliyah Abara")
    page.get_by_label("Phone").fill("07700 900199")
    page.get_by_role("group", name="Is she at least").get_by_label("yes", exact=True).check()
    page.get_by_role("button", name="Write her down").click()
    contact = _number(page.url)
    page.goto(f"{address}/people/?unit={BRANCH}&status=member")
    persons = [_number(one.get_attribute("href")) for one in page.locator("tbody th a").all()]
    page.goto(f"{address}/people/{persons[0]}/same/?q=an")
    page.get_by_role("button", name="Look at both").first.click()
    page.get_by_role("heading", name="One person or two?").wait_for()
    pair = _number(page.url)
    page.goto(f"{address}/people/{persons[0]}/")
    page.get_by_text("Change the tags").click()
    page.locator("details[open]").get_by_label("Tags").fill("tea urn, stall, speaks Bengali")
    page.get_by_role("button", name="Save").click()
    page.get_by_label("Note", exact=True).fill("Brings the tea urn; knows the hall’s caretaker.")
    page.get_by_role("button", name="Keep the note").click()
    page.goto(f"{address}/people/{persons[-1]}/transfer/")
    page.get_by_label("To which unit").fill("Leeds Centre")
    page.get_by_label("A word to those who decide").fill("She starts at the hospital on Monday.")
    page.get_by_role("button", name="Ask for it").click()

    page.goto(address + "/gatherings/new/")
    page.get_by_label("What is it called").fill("Reading room: the year’s report")
    page.get_by_label("It begins at").fill("19:30")
    page.get_by_role("button", name="Save").click()
    gathering = _number(page.url)
    for person in persons[:3]:
        page.locator("li", has=page.locator(f"input[name=person][value='{person}']")).get_by_role(
            "button"
        ).click()
    page.get_by_text("3 came.").wait_for()
    nameless = ("", "nameless@list.example", "", "London", "", "")
    upload = _number(_chosen(address, page, spreadsheet(folder / "sign-up sheet.xlsx", NEW)))
    _chosen(address, page, spreadsheet(folder / "stall of 3 May.xlsx", NEW[:9], nameless))
    staged = _number(_understood(page))
    _chosen(address, page, spreadsheet(folder / "first evening.xlsx", NEW[9:], nameless))
    done = _number(_understood(page))
    page.get_by_role("button", name="Bring them in").first.click()
    work()
    page.get_by_role("heading", name=re.compile("of 12 rows were brought in")).wait_for()
    return {
        "pair": pair,
        "person": persons[0],
        "contact": contact,
        "gathering": gathering,
        "upload": upload,
        "staged": staged,
        "done": done,
    }


def _chosen(address: str, page: Page, file: Path) -> str:
    page.goto(address + "/lists/import/")
    page.get_by_label("Where these people belong").select_option(BRANCH)
    page.get_by_label("The list", exact=True).set_input_files(file)
    page.get_by_role("button", name="Read the list").click()
    page.get_by_role("heading", name="What do the columns mean?").wait_for()
    return page.url


def _understood(page: Page) -> str:
    page.get_by_label("How are the days written that can be read in two ways?").select_option("dmy")
    page.get_by_label("They are members, former members or in regular contact with us.").check()
    page.get_by_label("Where does the list come from?").fill("sign-up sheet of the first evening")
    page.get_by_role("button", name="Show what becomes of every row").click()
    page.get_by_text("This is a preview. Nothing has been done.").wait_for()
    return page.url


def _secretary(address: str, page: Page) -> dict[str, str]:
    page.goto(address + "/offices/give/GB/")
    page.get_by_label("The e-mail she signs in with").fill(TREASURER)
    page.get_by_label("Office", exact=True).select_option("organiser")
    page.get_by_role("button", name="Give the office").click()
    page.get_by_text("The office is given").wait_for()
    office = _number(page.locator("main a[href$='/hand-over/']").first.get_attribute("href"))
    page.goto(address + "/people/fields/?unit=GB")
    page.get_by_label("What is asked").fill("Drives a van")
    page.get_by_label("What is written into it").select_option("yesno")
    page.get_by_role("button", name="Add it").click()
    field = _number(page.get_by_role("link", name="Drives a van").get_attribute("href"))
    page.goto(address + "/units/GB-LEEDS-CENTRE/rename/")
    page.get_by_label("Name (English)").fill("Leeds City")
    page.get_by_label("From which day on").fill("2024-07-01")
    page.get_by_role("button", name="Show what changes").click()
    page.get_by_role("button", name="Prepare it").click()
    prepared = _number(page.get_by_role("link", name="Call off").get_attribute("href"))
    return {"office": office, "field": field, "prepared": prepared}


def preview_a_split(address: str, page: Page) -> None:
    """Go as far as the preview of a split."""
    page.goto(f"{address}/units/{BRANCH}/split/")
    page.get_by_label(re.compile(r"^Name \(")).first.fill("London Canal Side")
    for box in page.locator("#choices input").all()[:12]:
        box.check()
    page.get_by_role("button", name="Show what changes").click()
    page.get_by_text("This is a preview. Nothing has been done.").wait_for()


def _number(address: str | None) -> str:
    """Return the last number of an address."""
    return re.findall(r"\d+", (address or "").removeprefix("http://").partition("/")[2])[-1]
