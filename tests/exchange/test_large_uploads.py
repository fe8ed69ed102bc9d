"""Files that are enormous, or claim to be, through the real page: a sentence, nothing kept, bounded memory.

The server's real memory is measured by a drill: tests/exchange/test_large_uploads_served.py.
"""

import io
import zipfile

import files
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from test_import_pages import Browser

from groundswell.exchange import actions
from groundswell.exchange.models import Upload
from groundswell.web import uploads


@pytest.fixture
def ada(world):
    client = Browser(headers={"accept-language": "en"})
    client.force_login(world.account["ada"])
    return client


def bomb(inside: int = 40 << 20, name: str = "xl/workbook.xml") -> bytes:
    """Return an archive of a few hundred kilobytes that holds so many bytes of nothing."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w") as entry:
        for _block in range(inside >> 20):
            entry.write(bytes(1 << 20))
    return buffer.getvalue()


def sent(ada, content, name="list.csv"):
    return ada.post("/lists/import/", {"unit": "DEPOT", "file": SimpleUploadedFile(name, content)})


def test_a_file_beyond_the_bound_is_refused_with_a_sentence_and_kept_nowhere(ada, monkeypatch):
    seen, receive = [], actions.receive

    def received(content, **said):
        seen.append(len(content))
        return receive(content, **said)

    monkeypatch.setattr(actions, "receive", received)
    answer = sent(ada, b"Name\n" + b"Ada Amber\n" * 2_000_000)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "The file is larger than 10 MB" in page
    assert '<option value="DEPOT" selected>' in page
    assert seen == [(10 << 20) + 1]
    assert not Upload.objects.exists()


def test_no_more_than_the_bound_is_handed_to_whatever_keeps_files():
    handler = uploads.BoundedUploads()
    block = bytes(1 << 20)
    handed = [handler.receive_data_chunk(block, number << 20) for number in range(40)]
    assert sum(len(one) for one in handed if one) == uploads.MOST_KEPT
    assert handed[-1] is None


@pytest.mark.parametrize("name", ["xl/workbook.xml", "content.xml"])
def test_a_sheet_that_explodes_is_refused_with_a_sentence_and_kept_nowhere(ada, name):
    content = bomb(name=name)
    assert len(content) < 1 << 20
    answer = sent(ada, content, "list.xlsx")
    assert answer.status_code == 422
    assert "Unpacked, this sheet would be more than" in answer.content.decode()
    assert not Upload.objects.exists()


def test_a_sheet_that_repeats_a_cell_without_end_is_refused_with_a_sentence(ada, tmp_path):
    endless = (
        '<table:table-row table:number-rows-repeated="1048576"><table:table-cell'
        ' table:number-columns-repeated="16384" office:value-type="string"><text:p>Ada</text:p>'
        "</table:table-cell></table:table-row>"
    )
    answer = sent(ada, files.ods(tmp_path / "list.ods", endless).read_bytes(), "list.ods")
    assert answer.status_code == 422
    assert not Upload.objects.exists()
