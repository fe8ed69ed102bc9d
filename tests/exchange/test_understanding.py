"""Cells are understood, and what is open is asked, not guessed."""

import contextlib
import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import strategies as st
from mapped import TODAY, proposed, understood

from groundswell.exchange.importing import days, looks, sealing, values
from groundswell.exchange.importing.entries import Entry
from groundswell.exchange.importing.fields import BY_KEY, meaning_of
from groundswell.kernel import signs
from groundswell.kernel.errors import Refusal
from groundswell.people.folding import fold_phone
from sampling import sampled

NASTY = json.loads((Path(__file__).parent.parent / "data" / "naughty.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2024-03-01", (2024, 3, 1)),
        ("1.3.2024", (2024, 3, 1)),
        ("01/03/24", (2024, 3, 1)),
        ("1. März 2024", (2024, 3, 1)),
        ("March 1st, 2024", (2024, 3, 1)),
        ("1er mars 2024", (2024, 3, 1)),
        ("1 de marzo de 2024", (2024, 3, 1)),
        ("2024. március 1.", (2024, 3, 1)),
        ("1 марта 2024 г.", (2024, 3, 1)),
        ("2024年3月1日", (2024, 3, 1)),
        ("令和6年3月1日", (2024, 3, 1)),
        ("2024년 3월 1일", (2024, 3, 1)),
        ("١/٣/٢٠٢٤", (2024, 3, 1)),
        ("1/3/2567", (2024, 3, 1)),
        ("20240301", (2024, 3, 1)),
        ("45352", (2024, 3, 1)),
        ("01.03.2024 18:30", (2024, 3, 1)),
        ("2024-03-01T12:00:00Z", (2024, 3, 1)),
        ("29.2.68", (1968, 2, 29)),
    ],
)
def test_days_are_read_in_every_national_writing(cell, day):
    assert days.read(cell, "dmy", today=TODAY, field="joined") == dt.date(*day)


def test_paid_until_a_month_or_a_year_is_paid_to_its_end_and_no_other_day_is_taken_so():
    december = (
        *("12/2024", "2024-12", "12.2024", "12-2024", "12 / 2024", "2024/12", "Dec 2024", "Dec. 2024"),
        *("Dezember 2024", "December, 2024", "diciembre de 2024", "2024. december", "декабрь 2024 г."),
        *(
            "2024年12月",
            "2024년 12월",
            "١٢/٢٠٢٤",
            "12/2567",
            "2024",
            "2024.",
            "2024年",
            "2024-12-31",
            "31.12.2024",
        ),
    )
    fields = ("name", "paid_until", "joined")
    for cell in december:
        made = understood(["Name", "Paid", "Joined"], ["Ada", cell, ""], fields)
        assert made.paid_until == dt.date(2024, 12, 31), cell
    for cell, day in (("2/2024", (2024, 2, 29)), ("Feb 2023", (2023, 2, 28)), ("1/12/2024", (2024, 12, 1))):
        assert days.read_until(cell, "dmy", today=TODAY, field="paid_until") == dt.date(*day)
    # A day or a year of two figures, no month at all, since instead of until: none of them is guessed.
    for cell in ("12/24", "Dec 24", "13/2024", "0/2024", "24", "202412", "2300", "seit Dez 2024", "12/2024?"):
        (problem,) = understood(["Name", "Paid", "Joined"], ["Ada", cell, ""], fields)
        assert (problem.field, problem.code) == ("paid_until", "no-day"), cell


def test_who_joined_in_a_month_or_a_year_joined_on_its_first_day_and_left_on_the_last_of_hers():
    fields = ("name", "joined", "left")
    for joined, left, since, until in (
        ("2019", "2021", (2019, 1, 1), (2021, 12, 31)),
        ("12/2019", "Feb 2020", (2019, 12, 1), (2020, 2, 29)),
        ("Mai 2019", "2019", (2019, 5, 1), (2019, 12, 31)),
    ):
        made = understood(["Name", "Joined", "Left"], ["Ada", joined, left], fields)
        assert (made.joined, made.left, made.vague) == (
            dt.date(*since), dt.date(*until), ("joined", "left"),
        )  # fmt: skip
    assert understood(["Name", "Joined", "Left"], ["Ada", "3.5.2019", ""], fields).vague == ()
    for joined, left, field, code in (
        ("2019", "2018", "left", "ends-before-it-began"),
        ("2150", "", "joined", "in-the-future"),
        ("5/19", "", "joined", "no-day"),
        ("13/2019", "", "joined", "no-day"),
        ("1019", "", "joined", "no-day"),
    ):
        (problem,) = understood(["Name", "Joined", "Left"], ["Ada", joined, left], fields)
        assert (problem.field, problem.code) == (field, code), joined


def test_an_open_day_is_refused_as_open_and_an_impossible_one_as_none():
    for cell, order, code in (
        ("3/4/2024", "", "either-day"),
        ("31.2.2024", "dmy", "no-day"),
        ("2019", "dmy", "no-day"),
        ("0/0/0000", "dmy", "no-day"),
        ("1.1.1700", "dmy", "no-day"),
        ("soon", "dmy", "no-day"),
    ):
        with pytest.raises(Refusal) as caught:
            days.read(cell, order, today=TODAY, field="joined")
        assert caught.value.code == code


@sampled(25, 500, st.dates(dt.date(1930, 1, 1), dt.date(2030, 1, 1)))
def test_what_is_written_day_first_is_read_day_first_and_month_first_month_first(day):
    for pattern, order in (("%d/%m/%Y", "dmy"), ("%m/%d/%Y", "mdy"), ("%Y-%m-%d", ""), ("%d-%m-%y", "dmy")):
        cell = day.strftime(pattern)
        assert days.order_of(cell) in {order, "either", "ymd"}
        read = days.read(cell, order, today=TODAY, field="joined")
        assert (read.year % 100, read.month, read.day) == (day.year % 100, day.month, day.day)


@sampled(12, 400, st.text(max_size=40))
def test_no_text_breaks_the_reader_of_days(cell):
    assert days.order_of(cell) in {*days.ORDERS, "either", "none"}
    for order in ("", *days.ORDERS):
        with contextlib.suppress(Refusal):
            assert isinstance(days.read(cell, order, today=TODAY, field="joined"), dt.date)


def test_a_row_becomes_an_entry():
    columns = [
        "Nachname",
        "Vorname",
        "E-Mail",
        "Handy",
        "Strasse",
        "PLZ",
        "Ort",
        "Mitglied seit",
        "Sprache",
        "Tags",
    ]
    mails, tongues, tags = "Ada@Example.ORG; ada.a@example.net", "Deutsch, English", "choir; bakers"
    row = ["Amber", "Ada", mails, "0664 1234567", "Ring 1", "1010", "Wien", "3.5.2021", tongues, tags]
    assert understood(columns, row) == Entry(
        number=2,
        unit="DEPOT",
        name="Ada Amber",
        kind="member",
        emails=("ada@example.org", "ada.a@example.net"),
        phones=("+436641234567",),
        address="Ring 1\n1010 Wien",
        postcode="1010",
        town="Wien",
        languages=("de", "en"),
        tags=("choir", "bakers"),
        joined=dt.date(2021, 5, 3),
    )


@pytest.mark.parametrize(
    ("locale", "name"), [("de-AT", "Jun Mori"), ("hu", "Mori Jun"), ("ja", "Mori Jun"), ("", "Jun Mori")]
)
def test_the_parts_of_a_name_stand_in_the_order_of_the_language(locale, name):
    assert values.joined_name("Jun", "", "", "Mori", locale) == name


def test_names_without_blanks_stay_without_and_turned_ones_are_turned():
    assert values.joined_name("潤", "", "", "森", "ja") == "森潤"
    assert values.turned("Amber, Ada") == "Ada Amber"
    assert values.joined_name("Anna", "", "van den", "Berg", "nl") == "Anna van den Berg"


def test_what_stands_in_two_columns_or_two_in_one_is_put_right():
    columns = ["Nombre", "Primer apellido", "Segundo apellido", "Straße", "Hausnr.", "PLZ/Ort"]
    made = understood(columns, ["Ana", "García", "Luna", "Ring", "12 a", "A-1010 Wien Mitte"])
    assert (made.name, made.address) == ("Ana García Luna", "Ring 12 a\n1010 Wien Mitte")
    assert (made.postcode, made.town) == ("1010", "Wien Mitte")
    for cell, found in (
        ("1012 AB Amsterdam", ("1012 AB", "Amsterdam")),
        ("00-950, Warszawa", ("00-950", "Warszawa")),
        ("114 55 Stockholm", ("114 55", "Stockholm")),
        ("4000-123 Porto", ("4000-123", "Porto")),
        ("Linz", ("", "Linz")),
    ):
        assert values.place(cell) == found


def test_a_phone_that_is_none_keeps_nobody_out_and_is_not_lost():
    made = understood(
        ["Name", "Telefon"], ["Ada", "12; 0664 1234567; Büro: 01 5131234; +43 1 513 12 34 ext. 5"]
    )
    assert made.phones == ("+436641234567", "+4315131234")
    assert made.unread == ("12", "+43 1 513 12 34 ext. 5")
    assert made.note == "Phone, as the list has it: 12\nPhone, as the list has it: +43 1 513 12 34 ext. 5"
    assert sealing.entry_of(1, 2, sealing.seal_entry(1, made)) == made
    # A number of a range that was opened since is one; a number without its area code reaches nobody.
    assert fold_phone("+43 699 99999999", "AT") == "+4369999999999"
    with pytest.raises(Refusal, match="is no phone number"):
        fold_phone("555-0199", "US")


def test_a_day_of_noughts_is_no_day():
    for cell in ("0000-00-00", "0/0/00", "00.00.0000"):
        made = understood(
            ["Name", "Eintritt", "Geburtstag"], ["Ada", cell, "1604-04-12"], ("name", "joined", "born")
        )
        assert (made.joined, made.minor) == (None, False)


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("E-Mail", "ada(at)example.org", "no-email"),
        ("Eintritt", "31.2.2020", "no-day"),
        ("Eintritt", "1.8.2024", "in-the-future"),
        ("Branch", "FERRY", "no-unit"),
        ("Tags", "x" * 61, "too-long"),
        ("Ort", "Wien\u0000", "bad-character"),
    ],
)
def test_a_cell_that_cannot_be_kept_refuses_its_row_with_a_sentence(column, cell, code):
    fields = ("name", meaning_of(column))
    (problem,) = understood(["Name", column], ["Ada", cell], fields)
    assert (problem.code, problem.sentence[-1]) == (code, ".")


def test_every_problem_of_a_row_is_named_and_a_cell_too_many_is_one():
    problems = understood(["Name", "E-Mail", "Ort"], ["", "no", "x" * 121], ("name", "email", "town"))
    assert [problem.code for problem in problems] == ["no-name", "no-email", "too-long"]
    (problem,) = understood(["Name", "Town"], ["Ada", "Wien", "Graz"], ("name", "town"))
    assert problem.code == "too-many-cells"


@pytest.mark.parametrize(
    ("born", "minor", "of_age_on"),
    [
        ("16.7.2006", True, dt.date(2024, 8, 1)),
        ("15.7.2006", False, None),
        ("1.12.2006", True, dt.date(2024, 12, 1)),
        ("29.2.2008", True, dt.date(2026, 3, 1)),
        ("31.12.2008", True, dt.date(2027, 1, 1)),
    ],
)
def test_of_a_birth_date_only_minority_and_its_month_are_kept(born, minor, of_age_on):
    entry = understood(["Name", "Born"], ["Ada", born], ("name", "born"))
    assert (entry.minor, entry.of_age_on) == (minor, of_age_on)
    assert "2006" not in repr(entry)
    assert "2008" not in repr(entry)


def test_a_column_says_who_is_under_18_and_a_day_of_birth_says_it_better():
    fields = ("name", meaning_of("Minderjährig"), "born")
    assert fields[1] == meaning_of("Under 18") == "minor"
    asked = [("ja", ""), ("no", ""), ("", ""), ("no", "1.1.2010"), ("yes", "1.1.2000")]
    entries = [understood(["Name", "Minor", "Born"], ["Ada", *cells], fields) for cells in asked]
    assert [one.minor for one in entries] == [True, False, False, True, False]
    assert [one.of_age_on for one in entries] == [None, None, None, dt.date(2028, 1, 1), None]
    (problem,) = understood(["Name", "Minor", "Born"], ["Ada", "perhaps", ""], fields)
    assert (problem.field, problem.code) == ("minor", "no-yes")


# Each column gets every sixth string, beginning one further down: all of them stand in four columns.
@pytest.mark.parametrize("every", [6, pytest.param(1, marks=pytest.mark.drill)])
@pytest.mark.parametrize("field", sorted(BY_KEY))
def test_nasty_strings_in_every_column_are_kept_or_refused_with_a_reason(field, every):
    fields = ("name", field) if field != "name" else ("name", "note")
    for text in NASTY[sorted(BY_KEY).index(field) % every :: every]:
        row = ["Ada", text] if field != "name" else [text, ""]
        made = understood(["a", "b"], row, fields, order="dmy")
        if not isinstance(made, Entry):
            assert all(problem.sentence for problem in made), text
            if "no-letter" in {problem.code for problem in made}:
                assert line(values.turned(text.strip()))[:40] in made[0].sentence
        elif field == "name":
            assert signs.holds_letter(text)
            assert made.name == line(values.turned(text.strip()))
        elif field in {"note", "town", "call_name", "pronoun"}:
            kept = getattr(made, field)
            if field == "town" and looks.says_nothing(text):
                text = ""  # noqa: PLW2901 - what is kept of it
            assert kept == (text.strip() if field == "note" else line(text))


def line(text):
    return " ".join(signs.without_unseen(text).split())


def test_a_cell_that_says_that_nothing_is_known_keeps_nobody_out():
    columns = ["Name", "E-Mail", "Telefon", "Ort", "Eintritt", "Mitgliedsart"]
    for cell in ("-", "–", "NULL", "n/a", "k. A.", "unbekannt"):
        made = understood(columns, ["Ada Null", *[cell] * 4, ""], tuple(map(meaning_of, columns)))
        assert made == Entry(number=2, unit="DEPOT", name="Ada Null", kind="member")
    assert understood(["Name", "Kind"], ["Null", "none"], ("name", "kind")).kind == "contact"
    assert understood(["Name", "Unit"], ["Ada", "-"], ("name", "unit"))[0].code == "no-unit"
    found = proposed(["Name", "Mail"], *(["Ada", cell] for cell in ("-", "n/a", "-", "ada@example.org")))
    assert found.fields == ("name", "email")


@pytest.mark.parametrize(
    ("cell", "grown"),
    [("1985", True), ("00.00.1985", True), ("12/1985", True), ("31.12.", False), ("2005", True)],
)
def test_a_year_of_birth_says_who_is_of_age_and_a_day_without_one_says_nothing(cell, grown):
    made = understood(["Name", "Geburtsdatum"], ["Ada", cell], ("name", "born"))
    assert (made.grown, made.minor) == (grown, False)
    # Who may be under 18 by it is not guessed to be of age.
    (problem,) = understood(["Name", "Geburtsdatum"], ["Ada", "2006"], ("name", "born"))
    assert problem.code == "no-day"


def test_kinds_of_membership_are_known_by_the_words_of_associations():
    words = ("Ehrenmitglied", "passiv", "ausgetreten", "Vollmitglied")
    assert [values.kind(word) for word in words] == ["member", "supporter", "contact", "member"]
    assert understood(["Name", "Straße", "Hausnr."], ["Ada", "Ring", "12/3/4"]).address == "Ring 12/3/4"
