"""A list of people who are known: the preview says what is added and what stays, the run does just that."""

import datetime as dt
import io

import xlsxwriter
from test_import_own_fields import taken_in
from test_import_pages import chosen, file_of, staged, understood

from groundswell.access.actor import OPERATOR
from groundswell.exchange import actions, previewpage
from groundswell.exchange.models import Batch
from groundswell.kernel.periods import days
from groundswell.people import actions as people
from groundswell.people import queries
from groundswell.people.models import Contact, Counting, Membership, Person, Standing, Tag
from groundswell.structure import actions as structure
from stage import NOW, judge_now, own, signed_in
from world import day

HEADER = (
    *("Name", "Pronomen", "E-Mail", "Telefon", "PLZ", "Ort", "Sprachen", "Geburtsdatum", "Eintritt"),
    *("Bezahlt bis", "Tags", "Bemerkung", "Spitzname"),
)
CHIDI = (
    *("Chidi Cove", "they", "chidi@example.org", "0660 1111111", "1010", "Wien", "de", "2008-01-31"),
    *("2019-01-01", "2025-06-30", "choir", "sings", ""),
)
ADDED = [
    *("Town", "Postcode", "Languages", "Age", "E-mail", "Phone", "Tags", "Paid until"),
    "Note for organisers",
]
LATER = NOW + dt.timedelta(hours=1)


def seen(batch) -> list[tuple[str, list[str], list[str]]]:
    """Return what the preview says of each row: the word, what is added, what stays."""
    return [(row.word, list(row.adds), list(row.stays)) for row in previewpage.preview(batch).rows]


def held(person) -> list[object]:
    """Return all that a list can write of a person, as it is kept."""
    one = Person.objects.get(pk=person.pk)
    told = [
        *(one.unit.code, one.call_name, one.pronoun, one.town, one.postcode, one.languages, one.minor),
        one.folded,
    ]
    hanging = [
        sorted(Tag.objects.filter(person=one).values_list("word", flat=True)),
        sorted(contact.value for contact in queries.contacts_of([one])[one.pk]),
        list(Standing.objects.filter(person=one, superseded_at=None).values_list("paid_until", flat=True)),
        sorted(note.text for note in queries.notes_of(one)),
    ]
    stays = Membership.objects.filter(person=one, recorded__upper_inf=True)
    return [*told, *hanging, sorted((str(stay.valid), stay.unit_id, stay.entry_flow) for stay in stays)]


def test_the_preview_says_what_is_added_and_the_run_does_just_that_once_and_undone_all_of_it_is_gone(
    world, bring
):
    chidi = world.person["chidi"]
    people.change_person(chidi, changes={"pronoun": "he"}, before={"pronoun": ""}, actor=OPERATOR)
    people.put_paid_until(chidi, day=day("1 May 2024"), source="hand", actor=OPERATOR, at=NOW)
    before, figures = held(chidi), own("DEPOT", "15 July 2024")
    batch = bring(CHIDI, header=HEADER)
    ((word, adds, stays),) = seen(batch)
    assert word == "known already"
    assert [one.partition(":")[0] for one in adds] == ADDED
    assert {
        "Postcode: 1010",
        "Age: under 18 until 1 February 2026",
        "Paid until: 30 June 2025",
        "Languages: German",
    } <= set(adds)
    assert stays == [
        "Pronoun: the list says they; it stays he",
        "Joined on: the list says 1 January 2019; it stays 3 May 2024",
    ]
    assert held(chidi) == before
    taken_in(batch)
    after = held(chidi)
    assert after[:8] == ["DEPOT", "Chidi", "he", "Wien", "1010", ["de"], True, before[7]]
    assert after[8:] == [
        ["choir"],
        ["+436601111111", "chidi@example.org"],
        [day("30 June 2025")],
        ["sings"],
        before[12],
    ]
    again = bring(CHIDI, header=HEADER)
    assert seen(again) == [("known already", [], stays)]
    assert previewpage.preview(again).rows[0].nothing
    taken_in(again, LATER)
    assert held(chidi) == after
    actions.undo(again, actor=OPERATOR, at=LATER)
    assert held(chidi) == after
    actions.undo(batch, actor=OPERATOR, at=LATER)
    assert held(chidi) == before
    assert own("DEPOT", "15 July 2024") == figures


def test_an_earlier_day_of_what_is_paid_and_another_name_stay(world, bring):
    chidi = world.person["chidi"]
    people.put_contact(chidi, kind="email", text="chidi@example.org", actor=OPERATOR, at=NOW)
    people.put_paid_until(chidi, day=day("1 May 2025"), source="hand", actor=OPERATOR, at=NOW)
    header = ("Name", "E-Mail", "Bezahlt bis", "Mitgliedsart", "Mitglied seit")
    # Of a year alone it is known that she joined in it, which is no other day than hers.
    batch = bring(("Chidi", "chidi@example.org", "2024-12-31", "supporter", "2024"), header=header)
    assert previewpage.vague_days(batch).startswith("1 row says only the month or the year")
    ((_word, adds, stays),) = seen(batch)
    assert adds == []
    assert stays == [
        "Name, whole: the list says Chidi; it stays Chidi Cove",
        "Paid until: the list says 31 December 2024; it stays 1 May 2025",
        "Kind of membership: the list says supporter; it stays member",
    ]
    taken_in(batch)
    assert queries.paid_until(chidi) == day("1 May 2025")


def test_until_when_a_contact_has_paid_is_shown_as_it_is_written(world, bring):
    batch = bring(("Zoe Zinc", "contact", "12/2025"), header=("Name", "Mitgliedsart", "Bezahlt bis"))
    assert previewpage.preview(batch).rows[0].told == "contact · Paid until: 31 December 2025"
    taken_in(batch)
    assert queries.paid_until(Person.objects.get(name="Zoe Zinc")) == day("31 December 2025")


def test_people_who_are_known_can_be_left_as_they_are_and_new_ones_come_all_the_same(world, browser_of):
    ada = browser_of("ada")
    chidi = world.person["chidi"]
    before = held(chidi)
    new = ("Zoe Zinc", "she", "zoe@example.org", "", *CHIDI[4:])
    batch = staged(ada, CHIDI, new, header=HEADER)
    page = ada.get(f"/lists/import/{batch.pk}/").content.decode()
    assert "+ Town: Wien" in page
    assert 'name="known" value="add"' in page
    assert 'name="former"' not in page
    ada.post(f"/lists/import/{batch.pk}/start/", {"step": "start", "known": "leave"})
    batch.refresh_from_db()
    while actions.run_chunk(batch, at=NOW):
        pass
    batch = actions.finish(batch, actor=OPERATOR, at=NOW)
    assert (batch.new, batch.known) == (1, 1)
    assert held(chidi) == before
    assert Person.objects.get(name="Zoe Zinc").town == "Wien"


def test_a_former_member_is_called_one_and_joins_again_only_on_a_day_that_is_said(world, browser_of, bring):
    ada = browser_of("ada")
    dana, header = world.person["dana"], ("Name", "Eintritt")
    before = held(dana)
    batch = staged(ada, ("Dana Dale", ""), header=header)
    page = ada.get(f"/lists/import/{batch.pk}/").content.decode()
    assert "<strong>former member</strong>" in page
    assert "She was a member before." in page
    assert "They stay former members" in page
    start = f"/lists/import/{batch.pk}/start/"
    for day_said, sentence in (("", "Choose the day"), ("2024-07-16", "has not come yet")):
        refused = ada.post(start, {"step": "start", "former": "join", "rejoin_on": day_said})
        assert refused.status_code == 422
        assert sentence in refused.content.decode()
    ada.post(start, {"step": "start", "former": "join", "rejoin_on": "2024-07-01"})
    batch.refresh_from_db()
    actions.run_chunk(batch, at=NOW)
    batch = actions.finish(batch, actor=OPERATOR, at=NOW)
    assert queries.home_of(dana).valid.lower == day("1 July 2024")
    actions.undo(batch, actor=OPERATOR, at=LATER)
    assert held(dana) == before
    # Not asked again, nothing is done; a row that says the day is believed, and called what it is.
    taken_in(bring(("Dana Dale", ""), header=header))
    assert held(dana) == before
    rows = [("Dana Dale", "2020-01-09"), ("Dana Dale", "2024-06-01")]
    told = bring(*rows, header=header)
    assert seen(told) == [
        ("former member", [], []),
        ("joins again", ["Membership: member, Depot, since 1 June 2024"], []),
    ]
    taken_in(told, LATER)
    assert queries.home_of(dana).valid.lower == day("1 June 2024")


def test_somebody_whom_only_a_branch_knew_becomes_a_member_there_by_a_list_of_her_union(world, bring):
    pavel = world.person["pavel"]
    before = held(pavel)
    header = ("Name", "E-Mail", "Unit")
    people.put_contact(pavel, kind="email", text="pavel@example.org", actor=OPERATOR, at=NOW)
    whole = bring(("Pavel Pine", "pavel@example.org", ""), header=header, unit="TRAM")
    assert seen(whole)[0][1] == ["Membership: member, Depot, since when is not known"]
    elsewhere = bring(("Pavel Pine", "pavel@example.org", "HILL"), header=header, unit="TRAM")
    assert seen(elsewhere)[0][1] == ["Membership: member, Hill Line, since when is not known"]
    taken_in(elsewhere)
    assert held(pavel)[0] == "HILL"
    actions.undo(elsewhere, actor=OPERATOR, at=LATER)
    Contact.objects.filter(person=pavel).delete()
    assert held(pavel) == before


def test_two_rows_of_one_person_add_up_and_the_second_names_the_first(world, bring):
    header = ("Name", "E-Mail", "Telefon", "Ort", "Eintritt", "Left on")
    rows = [
        ("Zoe Zinc", "zoe@example.org", "", "Wien", "2010-01-01", "2015-01-01"),
        ("Zoe Zinc", "zoe@example.org", "0660 2222222", "Graz", "2020-01-01", ""),
    ]
    batch = bring(*rows, header=header)
    (first, second) = previewpage.preview(batch).rows
    assert (first.word, second.word, second.reasons) == (
        "new",
        "twice in the list",
        ["The same person as in row 2."],
    )
    assert second.adds == [
        "Membership: member, Depot, since 1 January 2020",
        "Phone: +43 660 2222222",
    ]
    assert second.stays == ["Town: the list says Graz; it stays Wien"]
    taken_in(batch)
    zoe = Person.objects.get(name="Zoe Zinc")
    assert zoe.town == "Wien"
    assert Membership.objects.filter(person=zoe).count() == 2
    assert actions.undo(batch, actor=OPERATOR, at=LATER).erased == 1


def test_what_somebody_changed_since_stays_when_the_list_is_undone(world, bring):
    chidi = world.person["chidi"]
    paid = {"source": "hand", "actor": OPERATOR}
    people.put_paid_until(chidi, day=day("1 May 2024"), **paid, at=NOW - dt.timedelta(days=1))
    batch = taken_in(bring(CHIDI, header=HEADER))
    said = {"town": "Linz"}
    people.change_person(chidi, changes=said, before={"town": "Wien"}, actor=OPERATOR)
    people.put_paid_until(chidi, day=day("1 May 2026"), **paid, at=LATER)
    with signed_in(world, "ada") as ada:
        people.put_contact(chidi, kind="phone", text="0660 1111111", label="at work", actor=ada, at=LATER)
        for words in ((), ("choir",)):
            people.put_tags(chidi, words=words, actor=ada)
    actions.undo(batch, actor=OPERATOR, at=LATER)
    assert queries.paid_until(chidi) == day("1 May 2026")
    chidi.refresh_from_db()
    assert (chidi.town, chidi.postcode, chidi.pronoun) == ("Linz", "", "")
    assert [one.value for one in queries.contacts_of([chidi])[chidi.pk]] == ["+436601111111"]
    assert queries.tags_of(chidi) == ["choir"]


def test_whoever_only_comes_as_a_guest_is_made_no_member_twice_on_one_day(world, bring):
    pavel, hill = world.person["pavel"], world.unit["HILL"]
    people.be_guest(pavel, unit=world.unit["DEPOT"], day=day("1 June 2024"), actor=OPERATOR, at=NOW)
    people.be_guest(pavel, unit=hill, day=day("1 June 2024"), actor=OPERATOR, at=NOW)
    batch = bring(("Pavel Pine", "2024-07-01"), header=("Name", "Eintritt"))
    assert seen(batch) == [("known already", [], [])]
    assert taken_in(batch).known == 1
    assert queries.home_of(pavel) is None


def test_columns_that_are_not_taken_are_named_and_a_list_of_nobody_is_refused(world, browser_of):
    ada, content = browser_of("ada"), io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        for row in (("Zoe Zinc", "9", "x"), ("Old Oak", "", "")):
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, ("Name", "Shoe size", "Sternzeichen"))
            sheet.write_row(1, 0, row)
    batch = staged(ada, content=content.getvalue(), name="two sheets.xlsx")
    page = ada.get(f"/lists/import/{batch.pk}/").content.decode()
    assert "Only the first sheet with something in it was read; 1 other holds something too." in page
    assert "Old Oak" not in page
    assert "These columns are not taken: “Shoe size” and “Sternzeichen”." in page
    # What is empty is no loss and not asked about, nor the parts of a name that is taken whole.
    answer = chosen(ada, ("Zoe Zinc", "Zinc", ""), header=("Name", "Nachname", "Telefon"))
    page = ada.get(answer.url).content.decode()
    assert [f'name="column_{place}"' in page for place in range(3)] == [True, True, False]
    answer = understood(ada, answer, column_1="")
    batch = Batch.objects.get(pk=int(answer.url.split("/")[-2]))
    assert batch.mapping["fields"] == ["name", "", "phone"]
    assert "are not taken" not in ada.get(f"/lists/import/{batch.pk}/").content.decode()
    answer = ada.post("/lists/import/", {"unit": "DEPOT", "file": file_of(content=b"Name,Ort\n")})
    assert answer.status_code == 422
    assert "There is no row below the first one" in answer.content.decode()


def test_the_rows_of_one_word_are_shown_alone(world, browser_of):
    ada = browser_of("ada")
    batch = staged(ada, CHIDI, ("Zoe Zinc", "she", "zoe@example.org", "", *CHIDI[4:]), header=HEADER)
    page = ada.get(f"/lists/import/{batch.pk}/?only=known").content.decode()
    assert "Chidi Cove" in page
    assert "Zoe Zinc" not in page
    assert "Zoe Zinc" in ada.get(f"/lists/import/{batch.pk}/?only=nonsense").content.decode()


def test_a_unit_that_reports_by_number_takes_nobody_from_a_list_and_stops_no_other_row(world, bring):
    row = {"kind": "branch", "parent": "SOUTH", "country": "AT", "recorded_at": NOW}
    new = [
        structure.NewUnit(code=code, names={"en": code}, founded_on=day("1 January 2024"), **row)
        for code in ("BYNUM", "WAS", "ENDS")
    ]
    made = structure.found_units(new, actor=OPERATOR, at=NOW)
    people.report_by_number(made["BYNUM"], day=day("1 March 2024"), actor=OPERATOR, at=NOW)
    # Until the end of May this one reported by number: since then its people are counted.
    Counting.objects.create(
        unit=made["WAS"], valid=days(day("1 March 2024"), day("1 June 2024")), recorded_at=NOW
    )
    rows = [("Zoe Zinc", "BYNUM"), ("Yvo Yarrow", "WAS"), ("Wim Willow", "ENDS"), ("Una Umber", "HILL")]
    header = ("Name", "Unit", "Eintritt")
    batch = bring(*((*one, "2024-04-01") for one in rows), header=header, unit="TRAM")
    structure.dissolve_unit(made["ENDS"], day=day("15 July 2024"), actor=OPERATOR, at=NOW)
    done = taken_in(batch)
    judge_now()
    assert (done.new, done.doubtful, done.refused) == (2, 1, 1)
    yvo = Membership.objects.get(person__name="Yvo Yarrow")
    assert (yvo.valid.lower, yvo.entry_flow) == (day("1 June 2024"), "opening")
