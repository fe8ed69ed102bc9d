"""Files of every kind become the same table; what cannot be read is one sentence."""

import contextlib
import csv
import datetime as dt
import io
import json
import os
import zipfile
from pathlib import Path

import files
import pytest
import xlsxwriter
from hypothesis import strategies as st

from groundswell.exchange.importing import reading
from groundswell.exchange.importing.reading import archives, sniffing
from groundswell.kernel.errors import Refusal
from sampling import sampled

EXPECTED = [tuple(row) for row in files.PEOPLE]


def read(path: Path):
    table = reading.rows(path)
    return table, [row.values for row in table.rows]


def refused(path: Path) -> str:
    with pytest.raises(Refusal) as caught:
        list(reading.rows(path).rows)
    assert caught.value.sentence.endswith(".")
    return caught.value.code


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252"]
)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_every_encoding_and_separator_gives_the_same_table(tmp_path, encoding, separator):
    table, rows = read(files.written(tmp_path, files.text(separator), encoding=encoding))
    assert table.columns == files.HEADER
    assert rows == EXPECTED


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_every_end_of_line_is_one(tmp_path, ends):
    assert read(files.written(tmp_path, files.text(ends=ends)))[1] == EXPECTED


def test_ends_of_lines_may_be_mixed_and_the_number_is_that_of_the_line(tmp_path):
    path = files.written(tmp_path, 'Name,Note\r\nAda,"two\nlines"\rBéla,x\nChidi,y\r\n')
    assert [(row.number, row.values) for row in reading.rows(path).rows] == [
        (2, ("Ada", "two\nlines")),
        (4, ("Béla", "x")),
        (5, ("Chidi", "y")),
    ]


def test_the_euro_sign_of_windows_is_read(tmp_path):
    assert read(files.written(tmp_path, "Name,Dues\nZoë,5 €\n", encoding="cp1252"))[1] == [("Zoë", "5 €")]


def test_a_title_above_the_header_is_passed_over_and_empty_rows_are_left_out(tmp_path):
    content = "Members 2024\n\n" + files.text(";") + ";;;;\n"
    table, rows = read(files.written(tmp_path, content))
    assert (table.columns, rows) == (files.HEADER, EXPECTED)
    for title, columns in (("Members 2024", ("Who", "Town")), ("Name", ("Name",))):
        table, rows = read(files.written(tmp_path, f"{title};\nWho;Town\nAda;Wien\n"))
        assert (table.columns, rows[-1]) == (columns, ("Ada", "Wien"))


def test_a_list_without_a_header_names_its_columns_by_place(tmp_path):
    table, rows = read(files.written(tmp_path, "Ada Amber,ada@example.org\nBéla Birch,bela@example.org\n"))
    assert (table.columns, table.named, len(rows)) == (("Column 1", "Column 2"), False, 2)


def test_nobody_is_lost_above_addresses_with_names_and_one_empty_byte_makes_no_wide_letters(tmp_path):
    table, rows = read(files.written(tmp_path, "Ada Amber <ada@example.org>\nBéla <bela@example.org>\n"))
    assert (table.named, len(rows)) == (False, 2)
    table, rows = read(files.written(tmp_path, "Name;Ort\nAda;Wi\0en\n"))
    assert (table.columns, rows) == (("Name", "Ort"), [("Ada", "Wi\0en")])


def test_a_hint_of_the_separator_is_heeded(tmp_path):
    table, rows = read(files.written(tmp_path, "sep=;\n" + files.text(";")))
    assert (table.columns, rows) == (files.HEADER, EXPECTED)


def test_a_quote_never_closed_is_named_by_its_line(tmp_path):
    path = files.written(tmp_path, 'Name,Town\nAda,Wien\n"Béla,Graz\nChidi,Linz\n')
    with pytest.raises(Refusal, match="opens in line 3 is never closed"):
        list(reading.rows(path).rows)


def test_a_quote_that_ends_inside_a_cell_is_named_by_its_line(tmp_path):
    path = files.written(tmp_path, 'Name,Town\n"Ada "the" Amber",Wien\n')
    with pytest.raises(Refusal, match="In line 2 a quote ends"):
        list(reading.rows(path).rows)


def test_an_open_quote_in_a_large_file_ends_at_a_cell_s_length(tmp_path):
    path = files.written(tmp_path, 'Name,Town\n"Ada,Wien\n' + "Béla,Graz\n" * 100_000)
    assert refused(path) == "open-quote"


def test_a_cell_that_is_too_long_is_called_so_and_no_open_quote(tmp_path):
    long = "x" * 200_000
    with pytest.raises(Refusal, match="A cell in line 3 has more than 131072 characters"):
        list(reading.rows(files.written(tmp_path, f"Name,Note\nAda,\nBéla,{long}\n")).rows)
    lines = "y\n" * 100_000
    with pytest.raises(Refusal, match="opens in line 2 is not closed down to line 65538, after 131072"):
        list(reading.rows(files.written(tmp_path, f'Name,Note\nAda,"{lines}"\n')).rows)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty-file"),
        (b"\n \n", "empty-file"),
        (b"%PDF-1.7 ...", "not-a-list"),
        (b"\x89PNG\r\n", "not-a-list"),
        (b"\x1f\x8b\x08", "not-a-list"),
        (bytes(range(256)) * 4, "not-a-list"),
        ("Name\nZoë\n".encode() + b"Ren\xe9e\n", "mixed-encodings"),
        ("Name\nAda\n".encode("utf-16")[:-1], "broken-text"),
        (b"PK\x03\x04 broken", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 broken", "damaged"),
        (b"BEGIN:VCARD\nFN:Ada\n", "open-card"),
        (b"<html><table><tr><td>Name</td></tr></table></html>", "not-a-list"),
        (b'\xef\xbb\xbf [{"name": "Ada"}]', "not-a-list"),
        (b"dn: cn=Ada\ncn: Ada\n", "not-a-list"),
    ],
)
def test_what_is_no_list_is_refused_in_a_sentence(tmp_path, content, code):
    assert refused(files.written(tmp_path, content)) == code


def test_two_gigabytes_are_refused_without_being_read(tmp_path):
    path = files.written(tmp_path, files.text())
    os.truncate(path, 2 * 1024**3)
    assert refused(path) == "too-large"
    assert sniffing.LARGEST_TEXT == 512 * 1024**2


def test_a_sheet_gives_its_values_as_people_write_them(tmp_path):
    path = files.xlsx(
        tmp_path / "a.xlsx", [["Name", "Plz", "Sum"], ["Ada", 1010, "x"], ["Béla", 8010.5, True]]
    )
    table, rows = read(path)
    assert (table.columns, table.form) == (("Name", "Plz", "Sum"), "XLSX")
    assert rows == [("Ada", "1010", "x"), ("Béla", "8010.5", "yes")]


def test_formulas_are_read_as_their_values_and_days_as_days(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "f.xlsx", {"default_date_format": "dd.mm.yy"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Name", "Joined", "Fee"])
        sheet.write(1, 0, "Ada")
        sheet.write_datetime(1, 1, dt.datetime(2024, 3, 1))  # noqa: DTZ001 - a sheet knows no zone
        sheet.write_formula(1, 2, "=2+3", None, 5)
    assert read(tmp_path / "f.xlsx")[1] == [("Ada", "2024-03-01", "5")]


def test_what_is_one_cell_down_rows_is_said_of_each_and_other_sheets_are_counted(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "m.xlsx") as book:
        book.add_worksheet("empty")
        sheet = book.add_worksheet("members")
        sheet.merge_range("C3:E3", "Members 2024")
        sheet.write_row("C4", ["Unit", "Name", "Town"])
        sheet.merge_range("C5:C6", "Depot")
        for place, row in enumerate((["Ada", "Wien"], ["Béla", ""], ["Chidi", "Graz"]), start=5):
            sheet.write_row(f"D{place}", row)
        for name in ("left", "empty too"):
            book.add_worksheet(name).write(0, 0, "Old Oak" if name == "left" else None)
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "=members!$A$1:$A$2"})
        book.add_chartsheet("a chart").set_chart(chart)
    table = reading.rows(tmp_path / "m.xlsx")
    assert [(row.number, *row.values) for row in table.rows] == [
        (5, "Depot", "Ada", "Wien"),
        (6, "Depot", "Béla", ""),
        (7, "", "Chidi", "Graz"),
    ]
    assert sum(table.others) == 1


def test_an_opendocument_sheet_is_read(tmp_path):
    def row(*cells: str) -> str:
        inside = "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
            for cell in cells
        )
        return f"<table:table-row>{inside}</table:table-row>"

    path = files.ods(tmp_path / "a.ods", row("Name", "Ort") + row("Åsa", "Linz"))
    table, rows = read(path)
    assert (table.form, table.columns, rows) == ("ODS", ("Name", "Ort"), [("Åsa", "Linz")])


def test_an_opendocument_sheet_with_a_password_is_locked_and_not_damaged(tmp_path):
    of_old, whole = tmp_path / "old.ods", tmp_path / "whole.ods"
    manifest = '<manifest><file-entry full-path="content.xml"><encryption-data/></file-entry></manifest>'
    for path, entry in ((of_old, "content.xml"), (whole, "encrypted-package")):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("META-INF/manifest.xml", manifest)
            archive.writestr(entry, b"\x8f\x02 what a password turns a list into")
        assert refused(path) == "locked"


def test_a_bomb_is_not_opened(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<a/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (32 * 1024 * 1024))
    assert refused(path) == "too-large-inside"


def test_an_archive_that_says_less_than_it_holds_is_not_opened(tmp_path):
    path = files.lying_archive(tmp_path / "liar.xlsx", 70_000_001, 3_000)
    assert refused(path) == "too-large-inside"


def test_a_cell_repeated_without_end_ends_at_the_process_s_ceiling(tmp_path):
    repeated = 'office:value-type="string" table:number-columns-repeated="16000"'
    cell = f"<table:table-cell {repeated}><text:p>x</text:p></table:table-cell>"
    rows = f'<table:table-row table:number-rows-repeated="1000000">{cell}</table:table-row>'
    assert refused(files.ods(tmp_path / "b.ods", rows)) == "too-large-inside"


def test_a_sheet_whose_text_breaks_off_is_damaged_and_not_too_large(tmp_path):
    assert refused(files.ods(tmp_path / "cut.ods", "<table:table-row><table:table-cell>")) == "damaged"


def test_two_cells_at_the_far_ends_of_a_sheet_end_at_the_ceiling_too(tmp_path):
    path = tmp_path / "far.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "x")
        sheet.write(1_048_575, 16_383, "x")
    assert refused(path) == "too-large-inside"


def test_an_archive_of_something_else_is_refused(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("list.csv", files.text())
    assert refused(path) == "not-a-list"
    assert archives.STEEPEST == 200


def test_a_number_says_that_it_is_a_fax_where_the_cell_beside_it_does(tmp_path):
    lines = (
        "Name,Phone 1 - Label,Phone 1 - Value,Phone,Phone Type\n"
        "Ada,* Work Fax,1,2,Fax\nBéla,Mobile,3,4,Phone\nChidi,Fax,,,\n"
    )
    assert [(row[2], row[3]) for row in read(files.written(tmp_path, lines))[1]] == [
        ("Work Fax: 1", "Fax: 2"),
        ("3", "4"),
        ("", ""),
    ]


OLD_CARD = """BEGIN:VCARD
VERSION:2.1
N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCller;J=F6rg
FN;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:J=C3=B6rg M=C3=
=BCller
TEL;CELL;PREF:+43 1 2345678
EMAIL;INTERNET:joerg@example.org
PHOTO;ENCODING=BASE64;TYPE=JPEG:/9j/4AAQ
 SkZJRgABAQ
END:VCARD
"""
NEW_CARDS = """BEGIN:VCARD
VERSION:4.0
FN:Ada Amber
N:Amber;Ada;Maria;;
item1.EMAIL;TYPE=home:ada@example.org
EMAIL:a.amber@example.net
TEL;VALUE=uri:tel:+43-1-234567
ADR;TYPE=home:;;Ring 1;Wien;;1010;Austria
NOTE:first\\nsecond\\, with a comma
CATEGORIES:choir,bakers
BDAY:19900101
END:VCARD
BEGIN:VCARD
VERSION:3.0
N:Birch;Béla;;;
FN:Béla Bi
 rch
END:VCARD
"""


def test_cards_of_every_version_are_read(tmp_path):
    table, rows = read(files.written(tmp_path, OLD_CARD + NEW_CARDS.replace("\n", "\r\n")))
    cards = [{name: cell for name, cell in zip(table.columns, row, strict=True) if cell} for row in rows]
    assert cards == [
        {
            "FN": "Jörg Müller",
            "Given name": "Jörg",
            "Family name": "Müller",
            "TEL": "+43 1 2345678",
            "EMAIL": "joerg@example.org",
        },
        {
            "FN": "Ada Amber",
            "Given name": "Ada Maria",
            "Family name": "Amber",
            "EMAIL": "ada@example.org\na.amber@example.net",
            "TEL": "+43-1-234567",
            "Street": "Ring 1",
            "Town": "Wien",
            "Postcode": "1010",
            "Country": "Austria",
            "NOTE": "first\nsecond, with a comma",
            "CATEGORIES": "choir,bakers",
            "BDAY": "19900101",
        },
        {"FN": "Béla Birch", "Given name": "Béla", "Family name": "Birch"},
    ]


ODD_CARDS = """BEGIN:VCARD
VERSION:2.1
N;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:M=C3=BCller;Anna
NOTE;ENCODING=QUOTED-PRINTABLE:sings=
 loud
END:VCARD
BEGIN:VCARD
VERSION:4.0
FN:Ada Amber
ADR;GEO="geo:48.2,16.4";LABEL="Ring 1: second; floor":;;Ring 1;Wien;;1010;
TEL;VALUE=uri;TYPE="voice,work":tel:+43-1-5131234;ext=12
TEL;VALUE=uri:tel:5131234;phone-context=+43-1
TEL;TYPE=WORK;TYPE=FAX:+43 1 1
TEL;FAX;HOME:+43 1 2
item2.TEL;VALUE=uri;TYPE="work,fax":tel:+43-1-3
TEL;TYPE=fax,voice:+43 1 4
item3.TEL:+43 1 5
item3.X-ABLabel:_$!<HomeFAX>!$_
item4.EMAIL:ada@example.org
item4.X-ABLabel:Telefax
item5.X-ABLabel:Telefax
item5.TEL:+43 1 6
item6.X-ABLabel:Fabrik
item6.TEL:+43 1 7
END:VCARD
"""


def test_cards_go_on_with_a_blank_say_parameters_in_quotes_and_name_by_parts(tmp_path):
    table, rows = read(files.written(tmp_path, ODD_CARDS))
    anna, ada = [{name: cell for name, cell in zip(table.columns, row, strict=True) if cell} for row in rows]
    assert anna == {
        "FN": "Anna Müller",
        "Given name": "Anna",
        "Family name": "Müller",
        "NOTE": "sings loud",
    }
    assert ada == {
        "FN": "Ada Amber",
        "Street": "Ring 1",
        "Town": "Wien",
        "Postcode": "1010",
        "EMAIL": "ada@example.org",
        "TEL": "+43-1-5131234 ext. 12\n5131234\n+43 1 4\n+43 1 7",  # and no fax
    }


NASTY = json.loads((Path(__file__).parent.parent / "data" / "naughty.json").read_text(encoding="utf-8"))
CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), max_size=20)
BARE = CELLS.filter(lambda text: not text.startswith("'"))  # a program guards a formula with it


def test_nasty_strings_come_back_as_they_were(tmp_path):
    strings = [text for text in NASTY if text.strip() and "\0" not in text and text.isprintable()]
    strings.remove("'-alert(1)-'")  # as programs guard what a sheet would take for a formula
    assert len(strings) > 300
    buffer = io.StringIO()
    csv.writer(buffer).writerows([["Name", "Note"], *([text, "x"] for text in strings)])
    assert [row[0] for row in read(files.written(tmp_path, buffer.getvalue()))[1]] == strings
    guarded = "Name,Note\n'=SUM(1),'+43 1 2345\n'-alert(1)-',O'Brien\n"
    assert read(files.written(tmp_path, guarded))[1] == [
        ("=SUM(1)", "+43 1 2345"),
        ("-alert(1)-'", "O'Brien"),
    ]


@sampled(
    15,
    400,
    rows=st.lists(st.tuples(CELLS, BARE, BARE), min_size=1, max_size=8),
    separator=st.sampled_from([",", ";", "\t", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_whatever_a_spreadsheet_writes_is_read_back(tmp_path, rows, separator, encoding):
    # Every cell is quoted, so that lines of text cannot pass for other separators.
    table = [("Name", "E-Mail", "Ort"), *(("A", *row[1:]) for row in rows)]
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=separator, quoting=csv.QUOTE_ALL).writerows(table)
    path = files.written(tmp_path, buffer.getvalue(), encoding=encoding)
    assert [row.values for row in reading.rows(path).rows] == table[1:]


@sampled(
    15,
    400,
    content=st.binary(max_size=400) | st.binary(max_size=200).map(lambda tail: b"BEGIN:VCARD\n" + tail),
)
def test_no_bytes_end_in_anything_but_rows_or_a_sentence(tmp_path, content):
    path = files.written(tmp_path, content)
    with contextlib.suppress(Refusal):
        assert all(isinstance(row.number, int) for row in reading.rows(path).rows)
