"""Lines in which nobody stands are passed over with their reason; nobody who stands in a list is."""

import csv
import io

import files
import pytest
from hypothesis import strategies as st
from test_import_own_fields import taken_in
from test_import_pages import ZOE, staged

from groundswell.access.actor import OPERATOR
from groundswell.exchange import actions, previewpage, queries
from groundswell.exchange.exporting import formats
from groundswell.exchange.importing import footers
from groundswell.exchange.importing.mapping import ColumnMapping
from groundswell.exchange.importing.reading import Row
from groundswell.exchange.models import Batch, Line
from groundswell.kernel.errors import Refusal
from groundswell.people.models import Person
from sampling import sampled
from stage import NOW, sql

COLUMNS = ("Name", "E-Mail", "Phone", "Town", "PLZ", "Joined", "Dues")
FIELDS = ("name", "email", "phone", "town", "postcode", "joined", "")
MAPPING = ColumnMapping(FIELDS, ("", "", "", "", "", "dmy", ""))


def why(*cells: str) -> str:
    found = footers.found_in(Row(9, cells), MAPPING, COLUMNS)
    return found.why if found else ""


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (("Total: 52",), footers.SUM),
        (("TOTAL",), footers.SUM),
        (("Summe 52",), footers.SUM),
        (("Gesamt",), footers.SUM),
        (("Sum",), footers.SUM),
        (("Total", "", "", "", "", "", "1,234.50 €"), footers.SUM),
        (("Grand total:", "52", "52"), footers.SUM),
        (("Total of all members = 52",), footers.SUM),
        (("Mitglieder gesamt", "", "", "", "", "", "52"), footers.SUM),
        (("Anzahl der Mitglieder: 52",), footers.SUM),
        (("Anzahl", "", "", "52"), footers.SUM),
        (("52 Mitglieder",), footers.SUM),
        (("Members: 52",), footers.SUM),
        (("Total général", "", "", "", "", "", "1 234,00 EUR"), footers.SUM),
        (("Suma", "", "", "52"), footers.SUM),
        (("Razem: 12 osób",), footers.SUM),
        (("合計 52",), footers.SUM),
        (("52",), footers.NUMBER),
        (("", "", "", "", "", "", "52"), footers.NUMBER),
        (("52", "50", "31"), footers.NUMBER),
        (("Seite 1 von 2",), footers.PAGE),
        (("Page 1/2",), footers.PAGE),
        (("Página 1 de 2",), footers.PAGE),
        (("2 of 3",), footers.PAGE),
        (("Exported on 3 May 2024",), footers.MADE),
        (("Exported on", "3 May 2024"), footers.MADE),
        (("Stand: 3.5.2024",), footers.MADE),
        (("Gedruckt am 03.05.2024 10:15 Uhr",), footers.MADE),
        (("Imprimé le 03/05/2024 à 10:15",), footers.MADE),
        (("As of 2024-05-03",), footers.MADE),
        (("gez. Huber",), footers.SIGNED),
        (("gez.", "", "", "Huber"), footers.SIGNED),
        (("i.A. Meier",), footers.SIGNED),
        (("Für die Richtigkeit: Meier", "", "", "Wien"), footers.SIGNED),
        (("Signed: Cora Cole",), footers.SIGNED),
        (("Signé par Jean Dupont",), footers.SIGNED),
        (("Podpis",), footers.SIGNED),
        (COLUMNS, footers.HEADER),
        (("name", "e-mail"), footers.HEADER),
        (("-----", "***"), footers.RULE),
        (("Taken out by Ada Amber on 2024-07-15 12:00 (UTC), for: x.",), footers.OURS),
    ],
)
def test_a_line_of_sums_pages_or_printing_is_no_person(cells, reason):
    assert why(*cells) == reason


@pytest.mark.parametrize(
    "cells",
    [
        ("Total Nguyen", "total@example.org"),
        ("Total Nguyen",),
        ("Total", "total@example.org"),
        ("Sum", "", "0660 123456"),
        ("Sum", "", "", "Wien"),
        ("Sum", "", "", "", "1010"),
        ("Sum", "", "", "", "", "3.5.2024"),
        ("Summe, Anna",),
        ("Le Sum",),
        ("Sum Yi",),
        ("Soma",),
        ("Anna Gesamt",),
        ("Stand, Anna", "", "", "", "", "3.5.2024"),
        ("Stand", "", "", "", "", "3.5.2024"),
        ("Anna Stand 3.5.2024",),
        ("Exportmann",),
        ("I.A. Meier",),
        ("Signe Hansen",),
        ("Gez Huber",),
        ("Ida von Signed",),
        ("gez. Huber", "huber@example.org"),
        ("Signed Ali", "", "0660 1234567"),
        ("Page",),
        ("Jimmy Page", "", "", "", "", "1.2.2024"),
        ("Page Seite",),
        ("Member 17",),
        ("Name 4",),
        ("Alle",),
        ("De Page",),
        ("Mitglieder",),
        ("", "", "0660 1234567"),
        ("", "nobody@example.org"),
        ("Exported by anna@example.org on 3 May 2024",),
        ("4711 Total GmbH",),
        ("Name", "name@example.org"),
    ],
)
def test_somebody_who_is_called_like_such_a_line_is_not_lost(cells):
    assert why(*cells) == ""


def test_nothing_but_what_was_recognised_is_kept_of_such_a_line():
    def kept(text):
        found = footers.found_in(Row(9, (text,)), MAPPING, COLUMNS)
        return found.text if found else None

    assert kept("Exported by Anna Muster on 3 May 2024") == "Exported …"
    assert kept("Gedruckt am 3.5.2024 von Anna Muster") == "Gedruckt am …"
    assert kept("Taken out by Anna Muster on 2024-07-15 12:00 (UTC), for: a call.") == ""
    assert kept("Gedruckt am 3. Mai 2024 um 10:15 Uhr") == "Gedruckt am 3. Mai 2024 um 10:15 Uhr"


NAMES = st.text(st.characters(categories=["Lu", "Ll", "Lo"]), min_size=2, max_size=12)


@sampled(20, 500, given_name=NAMES, family=NAMES)
def test_whoever_has_an_e_mail_is_never_passed_over(given_name, family):
    assert why(f"{given_name} {family}", "x@example.org") == ""
    assert why("Total", "x@example.org", "52") == ""


def test_such_lines_are_shown_with_their_reason_and_are_no_rows_of_the_list(world, browser_of, work):
    ada = browser_of("ada")
    total = ("Total", "", "", "", "", "", "", "1")
    batch = staged(ada, ZOE, total, ("Total Nguyen", *ZOE[1:3], *[""] * 5), ("Seite 1 von 2", *[""] * 7))
    assert (batch.rows, batch.passed, batch.refused) == (2, 2, 0)
    page = ada.get(f"/lists/import/{batch.pk}/").content.decode()
    assert "2 passed over" in page
    assert "A line of sums, and no person." in page
    assert "The number of a page." in page
    assert "Total · 1" in page
    alone = ada.get(f"/lists/import/{batch.pk}/?only=passed").content.decode()
    assert "Seite 1 von 2" in alone
    assert "Zoe Zinc" not in alone
    ada.post(f"/lists/import/{batch.pk}/start/", {"step": "start"})
    work(batch)
    assert not Person.objects.filter(name__in=("Total", "Total · 1", "Seite 1 von 2")).exists()
    page = ada.get(f"/lists/import/{batch.pk}/").content.decode()
    assert "What was passed over" in page
    assert "Total · 1" in page
    assert "2 of 2 rows" not in page  # of two who share an e-mail one is asked about
    assert "<h1>1 of 2 rows were brought in.</h1>" in page
    actions.undo(batch, actor=OPERATOR, at=NOW)
    assert not Line.objects.filter(batch=batch, sealed__isnull=False).exists()


CARDS = """BEGIN:VCARD
VERSION:4.0
{kind}
FN:Choir of the Quay
EMAIL:choir@example.org
END:VCARD
BEGIN:VCARD
VERSION:4.0
KIND:individual
FN:Zoe Zinc
END:VCARD
"""


@pytest.mark.parametrize("kind", ["KIND:group", "kind:Org", "X-ADDRESSBOOKSERVER-KIND:group"])
def test_a_card_that_says_it_is_of_a_group_is_nobody_s(world, tmp_path, kind):
    path = files.written(tmp_path, CARDS.format(kind=kind), name="cards.vcf")
    said = {"wanted": actions.Wanted(), "actor": OPERATOR, "at": NOW}
    batch = actions.stage(path, name="l", unit=world.unit["DEPOT"], **said)
    assert [row.word for row in previewpage.preview(batch).rows] == ["passed over", "new"]
    assert "choir@example.org" not in str(queries.lines(batch, "passed"))


def test_our_own_last_line_is_passed_over_and_seen_and_her_name_is_not_kept(world, bring):
    line = "Taken out by Ada Amber on 2024-07-15 12:00 (UTC), for: a call. Number 7 in the trail."
    batch = bring(("Zoe Zinc", ""), (line, ""), header=("Name", "Ort"))
    (shown,) = queries.lines(batch, "passed")
    assert (shown.name, shown.reasons) == (
        "",
        ("The line that says when and for what the list was taken out of here.",),
    )
    assert [row.word for row in previewpage.preview(batch).rows] == ["new", "passed over"]
    assert taken_in(batch).new == 1
    with pytest.raises(Refusal, match="nobody stands in this list"):
        bring((line, ""), header=("Name", "Ort"))
    with pytest.raises(Refusal, match="nobody stands in this list"):
        bring(("Total", "1"), header=("Name", "Ort"))
    assert Batch.objects.count() == 1


def test_a_list_of_ours_ends_in_a_line_that_is_ours(world):
    written = formats.made("csv", [], "Taken out by X on 2024-07-15 12:00 (UTC), for: y.", NOW).decode(
        "utf-8-sig"
    )
    rows = list(csv.reader(io.StringIO(written)))
    assert footers.found_in(Row(2, tuple(rows[-1])), MAPPING, COLUMNS) == footers.Footer(footers.OURS, "")


def test_a_card_of_somebody_called_so_is_taken(world, tmp_path):
    cards = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Sum\r\nEND:VCARD\r\n"
    path = files.written(tmp_path, cards, "c.vcf")
    said = {"unit": world.unit["DEPOT"], "wanted": actions.Wanted(), "actor": OPERATOR, "at": NOW}
    assert taken_in(actions.stage(path, name="c", **said)).new == 1


def test_no_outcome_that_there_is_not_is_written(world, bring):
    from django.db import IntegrityError, transaction

    batch = bring(("Zoe Zinc",), header=("Name",))
    with pytest.raises(IntegrityError, match="exchange_line_outcome"), transaction.atomic():
        sql("update exchange_line set outcome = 'lost' where batch_id = %s", batch.pk)
