"""A sheet that claims too much is told so, with the bound; one that is broken is told damaged, at once."""

import zipfile

import files
import pytest

from groundswell.exchange.importing import reading
from groundswell.exchange.importing.reading import archives
from groundswell.kernel.errors import Refusal

CELL = (
    '<table:table-cell office:value-type="string" table:number-columns-repeated="16000">'
    "<text:p>x</text:p></table:table-cell>"
)


def refusal(path):
    with pytest.raises(Refusal) as caught:
        list(reading.rows(path).rows)
    return caught.value.code, caught.value.sentence


# Beyond the library's bound of cells, beyond what a number holds, and within both but beyond the memory.
@pytest.mark.parametrize("times", ["1000000", "9" * 40, pytest.param("5000", marks=pytest.mark.drill)])
def test_a_row_repeated_without_end_is_told_too_large_with_the_bounds(tmp_path, times):
    rows = f'<table:table-row table:number-rows-repeated="{times}">{CELL}</table:table-row>'
    code, sentence = refusal(files.ods(tmp_path / "b.ods", rows))
    assert code == "too-large-inside"
    assert "takes more than 1024 MB of memory, 300 seconds or 100 million cells." in sentence


@pytest.mark.parametrize(
    "inside",
    [
        "<table:table-row",  # the library would read on for ever
        '<table:table-row><table:table-cell office:value-type="string"><text:p>Ada</table:table-cell>',
        '<table:table-row table:number-rows-repeated="-1"><table:table-cell/></table:table-row>',
    ],
)
def test_a_sheet_whose_text_breaks_off_is_told_damaged(tmp_path, inside):
    code, sentence = refusal(files.ods(tmp_path / "b.ods", inside))
    assert (code, "too large" in sentence) == ("damaged", False)


def test_a_sheet_that_is_cut_off_or_holds_gibberish_is_told_damaged(tmp_path):
    whole = files.xlsx(tmp_path / "a.xlsx", [["Name"], ["Ada"]]).read_bytes()
    assert refusal(files.written(tmp_path, whole[:-200]))[0] == "damaged"
    path = tmp_path / "gibberish.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<a")
    assert refusal(path)[0] == "damaged"


def test_an_archive_of_very_many_files_is_told_so(tmp_path):
    path = tmp_path / "many.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", b"<a/>")
        for number in range(archives.MOST_ENTRIES):
            archive.writestr(f"{number}", b"")
    code, sentence = refusal(path)
    assert code == "too-large-inside"
    assert "more than 2000 files" in sentence


def test_an_archive_beyond_the_bound_is_told_the_bound(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "LARGEST_INSIDE", 1 << 20)
    path = tmp_path / "large.xlsx"
    for inside, told in ((bytes(1 << 20) + b"x", "larger than 1 MB"), (b"<a", "damaged")):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("xl/workbook.xml", inside)
        assert told in refusal(path)[1]


def test_a_file_that_unpacks_to_two_hundred_times_its_size_is_told_so(tmp_path):
    path = tmp_path / "steep.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", bytes(32 << 20))
    code, sentence = refusal(path)
    assert code == "too-large-inside"
    assert "more than 200 times as large as the file" in sentence
