"""What stands in a list that somebody keeps by hand, and what a careful reader would write down of it."""

import files
import pytest
from django.utils.translation import override
from mapped import proposed, understood

from groundswell.access.actor import OPERATOR
from groundswell.exchange import actions, refusals
from groundswell.exchange.exporting import formats
from groundswell.exchange.exporting.rows import Told
from groundswell.exchange.importing import dittos, mapping
from groundswell.exchange.importing.entries import Entry
from groundswell.exchange.importing.reading import rows
from groundswell.kernel import separated
from stage import NOW


def codes(made):
    return () if isinstance(made, Entry) else tuple(problem.code for problem in made)


def test_name_beside_given_name_is_the_family_s_and_nobody_loses_her_given_name():
    header = ("Name", "Vorname", "E-Mail")
    row = ("Amber", "Ada", "ada@example.org")
    found = proposed(header, row, ("Birch", "", ""))
    assert found.fields == ("family", "given", "email")
    assert understood(header, row).name == "Ada Amber"
    # As chosen once before this was told apart; and where the whole name does hold the given one.
    assert proposed(header, row, remembered=("name", "given", "email")).fields[0] == "family"
    assert proposed(header, ("Ada Amber", "Ada", ""), ("Bela", "", "")).fields == ("name", "given", "email")


@pytest.mark.parametrize("said", ["1", "yes", "2023-05-05", "Deceased", "verstorben"])
def test_nobody_who_has_died_becomes_a_member(said):
    fields = ("name", "died" if said[0] != "v" else "kind")
    made = understood(("Name", "Deceased"), ("Ada", said), fields)
    assert codes(made) == ("died",)
    for living in ("0", "no", "0000-00-00", "", "–"):
        assert understood(("Name", "Deceased"), ("Ada", living), ("name", "died")).name == "Ada"
    assert codes(understood(("Name", "Deceased"), ("Ada", "perhaps"), ("name", "died"))) == ("no-yes",)


def test_programs_say_who_has_died_and_whose_membership_is_over():
    civicrm = ("Contact ID", "Sort Name", "First Name", "Deceased", "Deceased Date", "Membership Status")
    row = ("7", "x", "Ada", "1", "2023-05-05", "Deceased")
    found = proposed(civicrm, row, ("8", "y", "Bela", "0", "", "Expired"))
    assert found.fields == ("", "", "given", "died", "died", "kind")
    assert codes(understood(civicrm, row, found.fields)) == ("died",)
    assert understood(civicrm, ("8", "y", "Bela", "0", "", "Expired"), found.fields).kind == "contact"
    assert understood(civicrm, ("9", "z", "Cem", "0", "", "Current"), found.fields).kind == "member"
    builder = ("nationbuilder_id", "support_level", "first_name", "is_deceased", "membership_status")
    assert proposed(builder, ("1", "1", "Ada", "FALSE", "active")).fields[2:] == ("given", "died", "kind")


@pytest.mark.parametrize(
    "two",
    [
        "Ada & Béla Birch",
        "Amber Ada u. Béla",
        "Ada Amber / Béla Birch",
        "Ada und Béla Birch",
        "Ada und Béla von Birch",
        "Ada von Amber und Béla Birch",
    ],
)
def test_two_people_in_one_row_are_not_counted_as_one(two):
    assert codes(understood(("Name",), (two,), ("name",))) == ("two-people",)


@pytest.mark.parametrize(
    "one",
    [
        "Ada U. Amber",
        "Ada von und zu Amber",
        "Ada von Amber und Birch",
        "Ada Amber von und zu Birch und Cove",
        "Ada Amber y Birch",
        "Ada And",
        "Ada Amber-Birch",
    ],
)
def test_one_person_with_such_words_in_her_name_is_one(one):
    assert understood(("Name",), (one,), ("name",)).name == one


def test_what_stands_behind_the_name_stays_behind_it():
    assert understood(("Name",), ("Ada Amber, MSc",), ("name",)).name == "Ada Amber, MSc"
    assert understood(("Name",), ("Amber, Ada",), ("name",)).name == "Ada Amber"


def test_a_postcode_before_the_town_is_one_unless_there_is_a_column_for_it():
    two = ("Name", "Ort")
    made = understood(two, ("Ada", "A-1100 Wien"), ("name", "town"))
    assert (made.postcode, made.town) == ("1100", "Wien")
    assert understood(two, ("Ada", "100 Mile House"), ("name", "town")).town == "100 Mile House"
    kept = understood((*two, "PLZ"), ("Ada", "1100 Wien", ""), ("name", "town", "postcode"))
    assert (kept.postcode, kept.town) == ("", "1100 Wien")


def test_a_note_beside_a_sheet_keeps_nobody_out_and_can_be_taken(tmp_path):
    sheet = [("Name", "E-Mail"), ("Ada Amber", "ada@example.org"), ("Béla Birch", "", "", "ring her in May")]
    table = rows(files.xlsx(tmp_path / "list.xlsx", sheet))
    listed = list(table.rows)
    assert table.columns == ("Name", "E-Mail", "", "")
    made = understood(table.columns, listed[1].values, ("name", "email", "", "note"))
    assert (made.name, made.note) == ("Béla Birch", "ring her in May")
    # In a text a separator stands inside a cell, and nobody knows where.
    text = rows(files.written(tmp_path, "Name,E-Mail\nAda,,,x\n"))
    assert codes(understood(text.columns, next(text.rows).values, ("name", "email"))) == ("too-many-cells",)


def test_the_first_of_a_list_of_names_is_somebody_where_no_header_stands_above(tmp_path):
    names = rows(files.written(tmp_path, "Ada Amber\nBéla Birch\n"))
    assert (names.named, len(list(names.rows))) == (False, 2)
    beside = rows(files.written(tmp_path, "Ada Amber;;Wien\nBéla Birch;0664 1234567;Graz\n"))
    assert (beside.named, len(list(beside.rows))) == (False, 2)
    # A header in a language that is not known stands above what looks otherwise.
    header = rows(files.written(tmp_path, "სახელი;ტელეფონი\nAda Amber;0664 1234567\n"))
    assert (header.named, header.columns) == (True, ("სახელი", "ტელეფონი"))
    assert rows(files.written(tmp_path, "Mitglied\nBéla Birch\n")).columns == ("Mitglied",)


def test_a_ditto_mark_says_what_stands_above(tmp_path):
    sheet = [("Name", "Ort"), ("Ada Amber", "Wien"), ("Béla Birch", '"'), ("Cem Do", "dto."), ("Do", "")]
    table = rows(files.xlsx(tmp_path / "list.xlsx", sheet))
    assert [row.values for row in dittos.filled(table.rows)] == [
        ("Ada Amber", "Wien"),
        ("Béla Birch", "Wien"),
        ("Cem Do", "Wien"),
        ("Do", ""),
    ]


def test_who_has_no_address_is_kept_without_one():
    fields = ("name", "email", "phone")
    for nothing in ("kein", "keine E-Mail", "/o=ExchangeLabs/ou=x/cn=ada"):
        made = understood(fields, ("Ada", nothing, ""), fields)
        assert (made.name, made.emails) == ("Ada", ())


def test_a_number_copied_from_a_phone_is_one_by_its_looks():
    copied = "\N{LEFT-TO-RIGHT EMBEDDING}+43 664 1234567\N{POP DIRECTIONAL FORMATTING}"
    found = proposed(("Name", "Number"), ("Ada", copied), ("Bela", copied))
    assert found.fields == ("name", "phone")
    mapping.check(found, 2)


def test_several_addresses_in_a_cell_are_several_and_another_word_beside_them_is_asked_about():
    for cell in ("a@x.org / b@y.org", "a@x.org b@y.org", "a@x.org und b@y.org", "a@x.org, b@y.org"):
        assert understood(("N", "M"), ("Ada", cell), ("name", "email")).emails == ("a@x.org", "b@y.org")
    assert codes(understood(("N", "M"), ("Ada", "a@x.org old b@y.org"), ("name", "email"))) == ("no-email",)


def test_refused_rows_that_were_mended_come_in_again_whatever_their_reasons_say(world, tmp_path):
    said = {"unit": world.unit["DEPOT"], "wanted": actions.Wanted(), "actor": OPERATOR, "at": NOW}
    path = files.written(tmp_path, "Name,Nr.,E-Mail\nZoe Zinc,1,zoe@old@example.org\nBela,2,\n")
    first = actions.stage(path, name="l", **said)
    for language in ("en", "de"):
        with override(language):
            fetched = refusals.text(first)
        assert "zoe@old" in fetched.splitlines()[1].partition(",1,")[2]
        mended = fetched.replace("zoe@old@example.org", "zoe@example.org", 1)
        again = actions.stage(files.written(tmp_path, mended), name="l", **said)
        assert (again.rows, again.refused, again.columns) == (1, 0, first.columns)


def test_a_column_called_by_a_formula_comes_back_as_text(world, tmp_path):
    path = files.written(tmp_path, "Name,=1+1,E-Mail\nAda,2,nowhere\nBela,3,bela@example.org\n")
    said = {"unit": world.unit["DEPOT"], "wanted": actions.Wanted(), "actor": OPERATOR, "at": NOW}
    header, row = refusals.lines(actions.stage(path, name="l", **said))
    assert (header[:3], row[:3]) == (["Name", "'=1+1", "E-Mail"], ["Ada", "2", "nowhere"])


def test_no_part_of_a_cell_is_a_formula_where_a_sheet_parts_it_at_semicolons(world, tmp_path):
    for cell, said in (
        ('Ada;=HYPERLINK("x")', 'Ada;\'=HYPERLINK("x")'),
        ("=1;@x;-y", "'=1;'@x;'-y"),
        ("+43 660 1234567; +43 660 1;-1", "+43 660 1234567; +43 660 1;-1"),
        ("a;'b;'1", "a;'b;'1"),
    ):
        assert separated.guarded(cell) == said
        assert separated.unguarded(said) == cell
    told = Told(pk=1, unit_id=1, unit="X", name="Ada;=1+1", standing="", paid_until="")
    listed = formats.made("csv", [told], "taken;=out", NOW).decode("utf-8-sig")
    assert [";=" in line for line in listed.splitlines()] == [False, False, False]
    path = files.written(tmp_path, 'Name,E-Mail\nAda;=2+2,"x;=1+1"\nBela,bela@example.org\n')
    said = {"unit": world.unit["DEPOT"], "wanted": actions.Wanted(), "actor": OPERATOR, "at": NOW}
    _header, row = refusals.lines(actions.stage(path, name="l", **said))
    assert row[:2] == ["Ada;'=2+2", "x;'=1+1"]
    assert ";=" not in row[2]


def test_several_numbers_in_a_cell_are_several_whatever_stands_between_them():
    two = ("+4316041234", "+436641234567")
    fields = ("name", "phone")
    for between in (" / ", ", ", "; ", " oder ", " or "):
        cell = f"01 604 1234{between}0664 1234567"
        assert proposed(("Name", "Privat / mobil"), ("Ada", cell)).fields == fields, between
        assert understood(fields, ("Ada", cell), fields).phones == two
    for one in ("0664/1234567", "0664 1234567 / 12", "0664 1234567, abends"):
        made = understood(fields, ("Ada", one), fields)
        assert (len(made.phones), made.unread) in {(1, ()), (0, (one,))}


def test_figures_of_any_script_make_a_phone():
    found = proposed(("الاسم", "الهاتف", "x"), ("ليلى", "٠٦٦٤١٢٣٤٥٦٧", "٠٦٦٤١٢٣٤٥٦٨"))
    assert found.fields == ("name", "phone", "phone")
    made = understood(("a", "b"), ("ليلى", "٠٦٦٤١٢٣٤٥٦٧"), ("name", "phone"))
    assert made.phones == ("+436641234567",)
