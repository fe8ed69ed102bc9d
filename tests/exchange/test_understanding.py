"""Columns are recognised, cells understood, and what is open is asked, not guessed."""

import contextlib
import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import strategies as st

from groundswell.exchange.importing import days, looks, mapping, reading, sealing, values
from groundswell.exchange.importing.entries import Entry, Setting, entry_of
from groundswell.exchange.importing.fields import BY_KEY, Field, meaning_of, presets
from groundswell.exchange.importing.reading import Row
from groundswell.kernel import signs
from groundswell.kernel.errors import Refusal
from groundswell.people.folding import fold_phone
from sampling import sampled

TODAY = dt.date(2024, 7, 15)
SETTING = Setting(unit="DEPOT", units={"DEPOT": 1, "HILL": 2}, today=TODAY, locale="de-AT", country="AT")
NASTY = json.loads((Path(__file__).parent.parent / "data" / "naughty.json").read_text(encoding="utf-8"))


def profiles_of(rows, width):
    made = [looks.Profile() for _ in range(width)]
    for cells in rows:
        for profile, cell in zip(made, cells, strict=False):
            profile.take(cell)
    return made


def proposed(columns, *rows, **more):
    profiles = profiles_of(rows, len(columns))
    return mapping.propose(columns, profiles, rows, **more)


def understood(columns, row, fields=None, order="dmy"):
    chosen = fields or proposed(columns, row, order=order).fields
    made = mapping.ColumnMapping(tuple(chosen), tuple(order for _ in columns))
    return entry_of(Row(2, tuple(row)), made, SETTING)


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Vorname", "given"),
        ("Prénom", "given"),
        ("Cognome", "family"),
        ("Apellidos", "family"),
        ("E-Mail 2", "email"),
        ("e_mail", "email"),
        ("Correo electrónico", "email"),
        ("Telefonnummer*", "phone"),
        ("Mobil (privat)", "phone"),
        ("PLZ", "postcode"),
        ("Kod pocztowy", "postcode"),
        ("Wohnort", "town"),
        ("Mitglied seit", "joined"),
        ("Medlem sedan", "joined"),
        ("Lid sinds", "joined"),
        ("Bezahlt bis", "paid_until"),
        ("Ausgetreten am", "left"),
        ("Data de nascimento", "born"),
        ("Фамилия", "family"),
        ("氏名", "name"),
        ("Eingetreten am", "joined"),
        ("Beitritt am:", "joined"),
        ("Date d'adhésion", "joined"),
        ("Iscritto/a dal", "joined"),
        ("Fecha de afiliación", "joined"),
        ("Sócio desde", "joined"),
        ("Lid vanaf", "joined"),
        ("Data przystąpienia", "joined"),
        ("Inträdde", "joined"),
        ("Üyelik başlangıç tarihi", "joined"),
        ("Date of Admission", "joined"),
        ("Austritt", "left"),
        ("Gekündigt zum", "left"),
        ("Démission", "left"),
        ("Data di dimissioni", "left"),
        ("Fecha de baja", "left"),
        ("Data de saída", "left"),
        ("Opgezegd per", "left"),
        ("Data rezygnacji", "left"),
        ("Utträde", "left"),
        ("İstifa tarihi", "left"),
        ("Gültig bis", "paid_until"),
        ("À jour de cotisation jusqu'au", "paid_until"),
        ("Né(e) le", "born"),
        ("Nato/a il", "born"),
        ("Prénom(s)", "given"),
        ("Segundo apellido", "family"),
        ("N° de téléphone", "phone"),
        ("Cep tel.", "phone"),
        ("Dirección de correo electrónico", "email"),
        ("Straße + Hausnr.", "street"),
        ("PLZ/Ort", "place"),
        ("Postcode en woonplaats", "place"),
        ("Prefix", ""),  # a title in most of the world
        ("Shoe size", ""),
        ("", ""),
    ],
)
def test_headers_are_understood_in_many_languages(header, field):
    assert meaning_of(header) == field


# Header and field of each column, as these programs export (left out: "").
PRESET_HEADERS = {
    "hitobito": (
        "Vorname=given|Nachname=family|Übername=call_name|Firmenname=|Firma=|Haupt-E-Mail=email|"
        "Adresse=street|PLZ=postcode|Ort=town|Land=country|Geschlecht=|Geburtstag=born|Rollen="
    ),
    "civicrm": (
        "Contact ID=|Contact Type=|Sort Name=|Display Name=|First Name=given|Last Name=family|"
        "Street Address=street|City=town|Postal Code=postcode|Email=email|Phone=phone"
    ),
    "action-network": (
        "first_name=given|last_name=family|email=email|zip_code=postcode|can2_user_city=town|"
        "can2_county=|can2_state_abbreviated=|can2_user_tags=tags|can2_subscription_date=|"
        "can2_phone=phone"
    ),
    "nationbuilder": (
        "nationbuilder_id=|first_name=given|last_name=family|email1=email|phone_number=phone|"
        "mobile_number=phone|primary_city=town|primary_zip=postcode|tag_list=tags|support_level="
    ),
    "google": (
        "First Name=given|Middle Name=middle|Last Name=family|Phonetic First Name=|"
        "Nickname=call_name|Birthday=born|Notes=note|Labels=tags|E-mail 1 - Label=|"
        "E-mail 1 - Value=email|Phone 1 - Label=|Phone 1 - Value=phone|Address 1 - City=town"
    ),
    "outlook": (
        "Title=|First Name=given|Last Name=family|Home Street=street|Home City=town|"
        "Home Postal Code=postcode|Business Street=|Business Phone=phone|Mobile Phone=phone|"
        "E-mail Address=email|E-mail 2 Address=email|Notes=note|Categories=tags|Pager=|IMAddress=|"
        "Government ID Number="
    ),
    "outlook German": (
        "Vorname=given|Nachname=family|Straße geschäftlich=|Straße privat=street|Ort privat=town|"
        "Postleitzahl privat=postcode|E-Mail 2: Adresse=email|Konto=|Regierungs-Nr.=|Rückmeldung="
    ),
    "hitobito French": (
        "Prénom=given|Nom=family|Surnom=call_name|Adresse e-mail principale=email|Rue=street|"
        "Numéro de la maison=street|NPA=postcode|Lieu=town|Niveau=|Données supplémentaires=note|"
        "Numéro de téléphone Portable=phone|Numéro de téléphone Fax=|"
        "Adresse e-mail supplémentaire Privé=email"
    ),
    "hitobito Italian": (
        "Nome=given|Cognome=family|Soprannome=call_name|Email principale=email|Strada=street|NAP=postcode|"
        "Luogo=town|Livello principale=|numero di telefono Cellulare=phone|altro email Privato=email"
    ),
    "hitobito English": (
        "First name=given|Last name=family|Main e-mail=email|Main layer=|Postal Code=postcode|Place=town|"
        "Phone number Mobile=phone|Further e-mail Work=email|Administrators="
    ),
}
# Of somebody else, or of an account: what looks like an e-mail there is none of hers.
NOT_HERS = {
    "civicrm": ("Contact ID", "Contact Type", "Spouse of-Email", "IM Screen Name", "Employee of-Phone"),
    "nationbuilder": (
        "nationbuilder_id",
        "support_level",
        "recruiter_name_or_email",
        "point_person_name_or_email",
    ),
    "google": ("Group Membership", "Given Name Yomi", "IM 1 - Value", "Jot 1 - Value"),
    "outlook": ("E-mail 2 Address", "Home Street", "Account", "IMAddress"),
    "hitobito": ("Rollen", "Hauptebene", "Verwalter*innen"),
}


@pytest.mark.parametrize("program", NOT_HERS)
def test_what_another_program_says_of_somebody_else_is_left_out(program):
    headers = ["Vorname" if program == "hitobito" else "First Name", *NOT_HERS[program]]
    found = proposed(headers, ["Ada", "", "", *["bela@example.org"] * (len(headers) - 3)])
    assert (found.preset, found.fields[3:]) == (program, ("",) * (len(headers) - 3))


@pytest.mark.parametrize("program", PRESET_HEADERS)
def test_a_program_s_own_headers_are_recognised_and_mapped(program):
    pairs = [pair.rpartition("=") for pair in PRESET_HEADERS[program].split("|")]
    headers, fields = [pair[0] for pair in pairs], [pair[2] for pair in pairs]
    found = proposed(headers, ["x"] * len(headers))
    assert (found.preset, list(found.fields)) == (program.partition(" ")[0], fields)


# As these programs write them, whole headers and invented people (sources: importing/data/README.md).
EXPORTS = sorted((Path(__file__).parent / "exports").glob("*.csv"))


@pytest.mark.parametrize("path", EXPORTS, ids=lambda path: path.stem)
def test_an_export_of_another_program_brings_in_who_stands_in_it(path):
    program, table = path.stem, reading.rows(path)
    rows = list(table.rows)
    found = proposed(table.columns, *(row.values for row in rows))
    assert found.preset == program.removesuffix("-german")
    mapping.check(found, len(table.columns))
    ada = entry_of(rows[0], replace(found, orders=("ymd",) * len(found.orders)), SETTING)
    if program in {"hitobito", "nationbuilder", "outlook-german"}:
        ada = entry_of(rows[0], found, SETTING)  # whose days are written as they say
    two = ("ada@example.org", "ada.a@example.net")[: 1 if program in {"civicrm", "action-network"} else 2]
    phones = ("+41791234567", "+41313112233")[: 2 if program == "hitobito" else 1]
    assert (ada.name, ada.emails, ada.phones, ada.unread) == ("Ada Amber", two, phones, ())
    assert (ada.postcode, ada.town, ada.address.splitlines()[0]) == ("3011", "Bern", "Ringstrasse 12a")
    assert "Depotweg" not in ada.address
    assert ada.call_name == (
        "" if program in {"action-network", "nationbuilder", "outlook-german"} else "Addi"
    )
    tags = {"outlook": (), "hitobito": ("Chor", "Presse"), "outlook-german": ("Chor", "Presse")}
    assert ada.tags == tags.get(program, ("choir", "press"))
    assert ada.note in {"sings", "singt", ""}
    for row in rows[1:]:  # a birthday without its year says nothing, and keeps nobody out
        assert entry_of(row, found, SETTING).name == "Ada Birch"


def test_no_word_of_a_header_means_two_things():
    listed = json.loads((Path(values.__file__).parent / "data" / "headers.json").read_text(encoding="utf-8"))
    assert set(listed) == set(BY_KEY)
    meant = [(word, meaning_of(word), key) for key, words in listed.items() for word in words]
    assert [one for one in meant if one[1] != one[2]] == []
    assert len(meant) > 2_500


def test_every_preset_and_every_header_word_leads_to_a_field_that_there_is():
    for preset in presets().values():
        targets = {*preset.columns.values(), *preset.starts.values(), *preset.values.values()}
        assert targets <= {"", *BY_KEY}, preset.key


def test_a_column_with_an_unknown_header_is_known_by_its_cells():
    found = proposed(
        ["Wer", "Wie", "Name"], ["x", "ada@example.org", "Ada"], ["y", "bela@example.org", "Béla"]
    )
    assert found.fields == ("", "email", "name")


def test_a_status_that_is_no_kind_of_membership_is_left_out():
    assert proposed(["Name", "Status"], ["Ada", "married"]).fields == ("name", "")
    assert proposed(["Name", "Status"], ["Ada", "Fördermitglied"]).fields == ("name", "kind")
    # Of one word that nobody knows no other row becomes a member who is none.
    rows = [["Ada", "Fördermitglied"], ["Bela", "Kontakt"], ["Chidi", "Oberbootsmann"]]
    assert proposed(["Name", "Status"], *rows).fields == ("name", "kind")
    (problem,) = understood(["Name", "Status"], rows[2], ("name", "kind"))
    assert problem.code == "no-kind"


def test_a_number_to_which_one_sends_faxes_is_no_phone():
    number, two = "+43 1 5131234", ("Name", "Phone")
    heads = (
        *("Fax", "Telefax", "Fax (geschäftlich)", "Telefonnummer Fax", "Privatfax", "Home-Phone-Fax"),
        *("N° de télécopie", "Факс", "FAX番号", "传真", "팩스", "פקס"),
    )
    found = proposed(["Name", *heads], ["Ada", *[number] * len(heads)])
    assert found.fields == ("name", *[""] * len(heads))
    for preset in presets():
        assert proposed(["Name", *heads], ["Ada"], preset=preset).fields[1:] == ("",) * len(heads)
    # Of the same machine in both words the number is a phone; and what a unit itself calls so is its own.
    assert proposed(["Name", "Tel./Fax", "電話・FAX"], ["Ada", number, number]).fields[1:] == ("phone",) * 2
    mine = {"own_1": Field("own_1", "Fax", number=1, type="text", titles=("Fax",))}
    assert proposed(["Name", "Fax"], ["Ada", number], added=mine).fields == ("name", "own_1")
    made = understood(two, ["Ada", f"Fax: {number}; Büro: 0664 1234567"], ("name", "phone"))
    assert (made.phones, made.unread) == (("+436641234567",), (f"Fax: {number}",))


def test_a_mapping_chosen_before_comes_first():
    found = proposed(["Name", "Tel"], ["Ada", "1"], remembered=("name", ""))
    assert found.fields == ("name", "")


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["3/4/2024", "31/1/2024"], "dmy"),
        (["3/4/2024", "1/31/2024"], "mdy"),
        (["2024-04-03"], "ymd"),
        (["3.4.2024"], "dmy"),
        (["3/4/2024", "5/5/2024"], ""),
        (["31/1/2024", "1/31/2024"], ""),
    ],
)
def test_a_column_s_own_cells_settle_its_days_or_it_is_asked(cells, order):
    (profile,) = profiles_of([[cell] for cell in cells], 1)
    assert mapping.order_of(profile) == order
    found = proposed(["Name", "Joined"], *(["Ada", cell] for cell in cells))
    assert bool(found.open_days()) == (order == "")
    assert not proposed(["Name", "Joined"], *(["Ada", cell] for cell in cells), order="mdy").open_days()


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
    for cell in ("12/2023", "Dezember 2023", "2023"):
        (problem,) = understood(["Name", "Paid", "Joined"], ["Ada", "2024", cell], fields)
        assert (problem.field, problem.code) == ("joined", "no-day"), cell


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


def test_a_mapping_without_a_name_or_with_a_field_twice_is_refused():
    for fields, code in (
        (("email",), "no-name-column"),
        (("name", "name"), "twice"),
        (("name", "nope"), "no-field"),
    ):
        with pytest.raises(Refusal) as caught:
            mapping.check(mapping.ColumnMapping(fields, ("",) * len(fields)), len(fields))
        assert caught.value.code == code


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


def test_english_headers_are_not_taken_for_another_programs_that_hides_the_name():
    header = ("Given name", "Family name", "E-mail", "Phone", "Nickname")
    made = proposed(header, ("Ada", "Amber", "ada@example.org", "+43 660 1234567", "Add"))
    assert made.fields == ("given", "family", "email", "phone", "call_name")


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
