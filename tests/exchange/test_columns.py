"""Columns are recognised by their headers, by the program that wrote them and by their cells."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from mapped import SETTING, profiles_of, proposed, understood

from groundswell.exchange.importing import mapping, reading, values
from groundswell.exchange.importing.entries import entry_of
from groundswell.exchange.importing.fields import BY_KEY, Field, meaning_of, presets
from groundswell.kernel.errors import Refusal


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


def test_a_mapping_without_a_name_or_with_a_field_twice_is_refused():
    for fields, code in (
        (("email",), "no-name-column"),
        (("name", "name"), "twice"),
        (("name", "nope"), "no-field"),
    ):
        with pytest.raises(Refusal) as caught:
            mapping.check(mapping.ColumnMapping(fields, ("",) * len(fields)), len(fields))
        assert caught.value.code == code


def test_english_headers_are_not_taken_for_another_programs_that_hides_the_name():
    header = ("Given name", "Family name", "E-mail", "Phone", "Nickname")
    made = proposed(header, ("Ada", "Amber", "ada@example.org", "+43 660 1234567", "Add"))
    assert made.fields == ("given", "family", "email", "phone", "call_name")
