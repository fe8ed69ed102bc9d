import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import world as stage
from groundswell.access import scope
from groundswell.access.actor import OPERATOR
from groundswell.accounts import actions as accounts
from groundswell.reports import actions as reports
from groundswell.reports import asking
from groundswell.structure import actions as structure
from stage import NOW, newcomer

WHOLE = "Federation of Transport Workers"
REPORT = "/report/?as_of=2024-06-30&since=2023-12-31"


def body(response) -> str:
    return response.content.decode()


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body(response)))


def test_a_stranger_sees_the_front_and_no_member_and_no_unpublished_figure(browser_of):
    answer = browser_of("").get("/")
    assert answer.status_code == 200
    page = body(answer)
    assert "Federation of Transport Workers" in page
    assert not [name for name, *_ in stage.MEMBERS.values() if name in page]
    assert "Nothing has been published yet." in page
    assert 'href="/units/"' not in page


def test_the_front_names_a_contact_where_one_is_set(browser_of, settings):
    assert "mailto:" not in body(browser_of("").get("/"))
    settings.CONTACT = "hello@example.org"
    assert '<a href="mailto:hello@example.org">hello@example.org</a>' in body(browser_of("").get("/"))


@pytest.mark.parametrize(
    "address",
    [
        "/units/",
        "/map/",
        REPORT,
        "/report/drill/",
        "/report/report.csv",
        "/report/report.json",
        "/first/",
    ],
)
def test_a_stranger_is_asked_to_sign_in_and_led_back(browser_of, address):
    answer = browser_of("").get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=/")


def test_the_secretary_of_the_whole_reads_the_report_in_a_sentence_and_in_rows(browser_of):
    answer = browser_of("ines").get(REPORT)
    assert answer.status_code == 200
    page = text_of(answer)
    assert "Organisational report to the executive, 30 June 2024" in page
    assert "Sixty-two members" in page
    for name in ("Tramworkers&#x27; Union", "Sailors&#x27; Union", "Busworkers&#x27; Association"):
        assert name in page


def test_a_section_secretary_reads_her_own_report_and_not_the_whole(browser_of):
    bela = browser_of("bela")
    assert "Organisational report of Tramworkers&#x27; Union, 30 June 2024" in body(bela.get(REPORT))
    assert bela.get(REPORT + "&unit=FED").status_code == 400
    assert bela.get(REPORT + "&unit=FERRY").status_code == 404


# Pages whose figures stand in cells of numbers, great, or in a note below.
FIGURED = (REPORT, "/units/TRAM/?on=2024-06-30", "/map/?as_of=2024-06-30", "/")
OPENS = re.compile(r'<a class="opens" href="([^"]+)">(.*?)</a>', re.DOTALL)
NUMBERS = re.compile(r'<(td class="n|dd class="big)[^>]*>(.*?)</(?:td|dd)>', re.DOTALL)
# What opens to its own units, days or terms says itself again at the top.
SAID_AGAIN = ("members", "previous", "joined", "left", "moved_in", "moved_out", "growth", "rate", "share")


def plain(part: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", part)).strip()


@pytest.mark.parametrize("page", FIGURED)
def test_every_figure_opens_to_what_it_counts(browser_of, page):
    ines = browser_of("ines")
    page = body(ines.get(page))
    closed = [plain(cell) for _, cell in NUMBERS.findall(page) if not OPENS.search(cell)]
    assert [figure for figure in closed if re.search("[1-9]", figure)] == []
    found = dict(OPENS.findall(page))
    assert len(found) >= 2
    for link, shown in found.items():
        opened = ines.get(link.replace("&amp;", "&"))
        assert opened.status_code == 200, link
        figure = re.search("figure=([a-z_]+)", link)[1]
        if figure in SAID_AGAIN and "of" not in plain(shown):
            assert plain(shown) in plain(re.search("<h1>(.*?)</h1>", body(opened), re.DOTALL)[1]), link


def test_what_a_unit_adds_to_a_figure_opens_by_day_and_by_year_and_adds_up(browser_of):
    ines = browser_of("ines")
    address = "/report/drill/?as_of=2024-06-30&since=2023-12-31&row=TRAM&figure="
    for figure, head in (("joined", "Day by day"), ("members", "Year by year")):
        found = OPENS.findall(body(ines.get(address + figure)))
        assert len(found) == 3
        for link, shown in found:
            page = body(ines.get(link.replace("&amp;", "&")))
            assert plain(re.search("<h1><em>(.*?)</em>", page)[1]) == shown
            assert head in page
            assert NUMBERS.findall(page)[-1][1] == shown
    assert ines.get(address + "joined&part=PIER").status_code == 404


def test_a_section_is_told_of_its_targets_and_of_what_its_committee_decided(world, browser_of):
    with scope.operator("a target"):
        reports.declare_target(
            world.unit["TRAM"],
            figure="members",
            value=20,
            by=stage.day("31 December 2024"),
            declared_on=stage.day("1 June 2024"),
            declared_by="Congress",
            actor=OPERATOR,
            at=stage.at("1 June 2024"),
        )
    bela = browser_of("bela")
    page = body(bela.get(REPORT))
    link = next(link for link, shown in OPENS.findall(page) if shown == "20")
    opened = text_of(bela.get(link.replace("&amp;", "&")))
    assert "1 target is declared: Tramworkers&#x27; Union at the end of 30 June 2024." in opened
    assert "declared on 1 June 2024 by the Congress 10 now, 10 missing" in opened
    assert "0 decisions" in text_of(bela.get("/report/drill/?as_of=2024-06-30&figure=decisions"))


def test_the_published_figures_open_to_sums_and_to_no_unit_by_itself(world, browser_of):
    stranger = browser_of("")
    assert stranger.get("/published/").status_code == 404
    with scope.operator("a report for everybody"):
        days = {"as_of": stage.day("30 June 2024"), "since": stage.day("31 December 2023")}
        at = stage.at("15 July 2024")
        reports.publish_report(world.unit["FED"], **days, actor=OPERATOR, at=at)
    front = body(stranger.get("/"))
    assert {link for link, _ in OPENS.findall(front)} == {"/published/"}
    page = text_of(stranger.get("/published/"))
    assert "62 members at the end of 30 June 2024, +11 since the end of 31 December 2023." in page
    assert "Members at the end of 31 December 2023 51 Joined + 14 Left − 3" in page
    assert not [name for _kind, _parent, name, *_ in stage.UNITS.values() if name in page and name != WHOLE]
    part = stranger.get("/published/", headers={"HX-Request": "true"})
    assert "<html" not in body(part)
    assert "HX-Request" in part["Vary"]


def test_a_figure_opened_by_the_page_is_a_part_and_by_itself_a_page(browser_of):
    ines = browser_of("ines")
    part = ines.get("/report/drill/?as_of=2024-06-30&since=2023-12-31", headers={"HX-Request": "true"})
    assert "<html" not in body(part)
    assert "HX-Request" in part["Vary"]
    assert "<html" in body(ines.get("/report/drill/?as_of=2024-06-30&since=2023-12-31"))


def test_names_stop_at_the_section_and_are_open_within_it(browser_of):
    address = "/report/drill/?as_of=2024-06-30&since=2023-12-31&figure=members&unit=TRAM"
    above, within = body(browser_of("ines").get(address)), body(browser_of("bela").get(address))
    assert "Jonas Juniper" not in above
    assert "Names stop at the section" in above
    assert "Jonas Juniper" in within


def test_the_files_say_what_the_page_says(browser_of):
    ines = browser_of("ines")
    made = ines.get(REPORT.replace("/report/", "/report/report.json")).json()
    sheet = body(ines.get(REPORT.replace("/report/", "/report/report.csv")))
    assert made["total"]["members"] == 62
    assert [row.split(",")[0] for row in sheet.lstrip("\ufeff").split("\r\n")[1:4]] == [
        unit["code"] for unit in made["units"]
    ]


def test_no_sheet_takes_the_name_of_a_unit_for_a_formula(world, browser_of):
    named = {"names": {"en": "\uff1d1+1;=2"}, "day": stage.day("1 May 2024"), "at": stage.at("1 May 2024")}
    with scope.operator("a name"):
        structure.rename_unit(world.unit["FERRY"], actor=OPERATOR, **named)
    sheet = body(browser_of("ines").get(REPORT.replace("/report/", "/report/report.csv")))
    assert "FERRY,'\uff1d1+1;'=2,section" in sheet


def test_the_tree_of_a_day_carries_the_names_of_that_day(browser_of):
    ines = browser_of("ines")
    before, after = body(ines.get("/units/?on=2024-04-30")), body(ines.get("/units/?on=2024-05-01"))
    assert "Ferry Crews&#x27; Union" in before
    assert "Sailors&#x27; Union" not in before
    assert "Sailors&#x27; Union" in after
    early = body(ines.get("/units/?on=1999-12-31"))
    assert "Nothing had been founded yet." in early
    assert "No unit on 31 December 1999." in early


def test_what_was_founded_this_month_has_a_report_and_a_map_and_what_happened_is_told_by_name(
    world, browser_of
):
    """Whoever founds an organisation today presses “Report” on the first evening."""
    today, said = stage.TODAY, {"actor": OPERATOR, "at": stage.at("15 July 2024")}
    new = structure.NewUnit("EAST", {"en": "East"}, "region", "TRAM", stage.day("10 July 2024"))
    with scope.operator("a founding"):
        east = structure.found_unit(new, **said)
        accounts.give_mandate(world.person["chidi"], unit=east, office="secretary", day=today, **said)
        assert (asking.default_day("EAST"), asking.default_day("TRAM") < today) == (today, True)
        structure.merge_units(world.unit["DEPOT"], into=world.unit["LINE4"], day=today, **said)
    chidi = browser_of("chidi")
    for address in ("/report/", "/map/", *re.findall(r'href="(/report/[^"]*)"', body(chidi.get("/")))[:1]):
        answer = chidi.get(address.replace("&amp;", "&"))
        assert (answer.status_code, "15 July 2024" in body(answer)) == (200, True), address
    told = body(browser_of("bela").get("/report/?unit=NORTH&as_of=2024-07-15&since=2024-06-30"))
    assert "took in Depot" in told
    assert "LINE4<" not in told


def test_units_are_not_told_of_a_day_that_has_not_come_or_on_which_they_were_not_there(browser_of):
    bela = browser_of("bela")
    for who, page in (("bela", "/units/"), ("bela", "/units/HILL/"), ("femi", "/units/DEPOT/")):
        answer = browser_of(who).get(f"{page}?on=2024-07-16")
        assert (answer.status_code, "The day 16 July 2024 has not come yet" in body(answer)) == (400, True)
    assert bela.get("/units/?on=2024-07-15").status_code == 200
    said = "On the day you chose it had not been founded yet."
    assert said in body(bela.get("/units/HILL/?on=1999-12-31"))
    assert said not in body(bela.get("/units/HILL/?on=2000-01-01"))


def test_the_tree_is_narrowed_by_name_code_or_town_and_keeps_the_way_down(browser_of):
    page = body(browser_of("ines").get("/units/?q=dock"))
    assert "Dock" in page
    assert "Sailors&#x27; Union" in page
    assert "Hill Line" not in page
    assert "No unit is called that." in body(browser_of("ines").get("/units/?q=nowhere"))


def test_a_unit_tells_its_names_kinds_and_what_lies_in_it(browser_of):
    page = text_of(browser_of("ines").get("/units/FERRY/"))
    for said in (
        "Sailors&#x27; Union",
        "Ferry Crews&#x27; Union",
        "since 1 May 2024",
        "Pier",
        "Dock",
        "section",
    ):
        assert said in page


def test_a_page_of_a_unit_out_of_reach_and_of_one_that_is_not_look_alike(browser_of):
    sven = browser_of("sven")
    hidden, missing = sven.get("/units/DEPOT/rename/"), sven.get("/units/NOWHERE/rename/")
    assert hidden.status_code == missing.status_code == 404
    assert body(hidden) == body(missing)


def test_the_map_counts_members_and_says_the_same_as_a_table(world, browser_of):
    new = structure.NewUnit("RAIL", {"en": "Railway"}, "group", "FED", stage.day("1 June 2024"), country="HU")
    with scope.operator("a test"):
        newcomer(world, "TRAM", "10 June 2024")
        structure.found_unit(new, actor=OPERATOR, at=NOW)
    page = text_of(browser_of("ines").get("/map/?as_of=2024-06-30"))
    assert "63 members in 1 country." in page
    assert "The same as a table" in page
    assert "Directly in Tramworkers&#x27; Union 1 " in text_of(
        browser_of("bela").get("/map/?as_of=2024-06-30")
    )


def test_today_says_what_is_new_to_an_office_and_greets_a_member(browser_of):
    assert "joined since 30 June" in text_of(browser_of("ines").get("/")) or "Nobody has joined" in text_of(
        browser_of("ines").get("/")
    )
    assert "Good day, Chidi Cove." in text_of(browser_of("chidi").get("/"))


def test_german_is_spoken_where_the_browser_asks_for_it(browser_of):
    page = body(browser_of("").get("/", headers={"accept-language": "de"}))
    assert '<html lang="de" dir="ltr"' in page
    assert "Anmelden" in page


def test_a_browser_remembers_language_and_appearance_without_script(browser_of):
    stranger = browser_of("")
    assert stranger.post("/language/", {"language": "de", "next": "/source/"})["Location"] == "/source/"
    stranger.post("/appearance/", {"appearance": "dark"})
    page = body(stranger.get("/"))
    assert 'lang="de"' in page
    assert 'data-appearance="dark"' in page
    stranger.post("/appearance/", {"appearance": "device"})
    assert "data-appearance" not in body(stranger.get("/"))


@pytest.mark.parametrize(
    "elsewhere", ["//example.org/", "https://example.org/", "/\\example.org", "javascript:1", ""]
)
def test_nobody_is_led_elsewhere(browser_of, elsewhere):
    for address in ("/language/", "/appearance/"):
        assert browser_of("").post(address, {"next": elsewhere})["Location"] == "/"


def test_urdu_turns_the_page_round(browser_of, settings):
    settings.LANGUAGES = [*settings.LANGUAGES, ("ur", "Urdu")]
    page = body(browser_of("").get("/", headers={"accept-language": "ur"}))
    assert '<html lang="ur" dir="rtl"' in page


def questions(browser, address) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert browser.get(address).status_code == 200
    return len(asked)


def found_branches(world, number):
    with scope.operator("more branches"):
        structure.found_units(
            [
                structure.NewUnit(
                    code=f"MORE{index}",
                    names={"en": f"More {index}"},
                    kind="branch",
                    parent="SOUTH",
                    founded_on=stage.day(stage.FOUNDED),
                    country="AT",
                    recorded_at=stage.at(stage.FOUNDED),
                )
                for index in range(number)
            ],
            actor=OPERATOR,
            at=stage.at(stage.FOUNDED),
        )


@pytest.mark.parametrize(
    ("who", "address", "number"),
    [
        ("ines", "/", 26),
        ("bela", "/", 45),
        ("ines", "/units/", 10),
        ("ines", "/units/SOUTH/", 34),
        ("ines", "/report/?unit=SOUTH&as_of=2024-06-30&since=2023-12-31", 19),
        ("ines", "/map/?unit=SOUTH&as_of=2024-06-30", 14),
    ],
)
def test_a_list_asks_the_same_number_of_questions_with_one_row_and_with_three(
    world, browser_of, who, address, number
):
    reader = browser_of(who)
    reader.get(address)
    one = questions(reader, address)
    found_branches(world, 2)
    assert (one, questions(reader, address)) == (number, number)
