"""What the crawler reads: in an answer of each kind it finds a word wherever it stands."""

import io

import pytest
import typst
import xlsxwriter
from bodies import told
from django.http import HttpResponse, JsonResponse

from groundswell.exchange.exporting import formats
from groundswell.exchange.exporting.rows import Told
from stage import NOW

WORD = "Kanarie ‘below’, Ольга (1)"
MAIL = "kanarie-below@example.org"


def in_a_sheet() -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        book.set_properties({"author": MAIL})
        book.add_worksheet().write_string(0, 0, WORD)
    return buffer.getvalue()


def in_a_document(folder) -> bytes:
    """Return a document of several pages and fonts, with the words on the last."""
    source = folder / "document.typ"
    source.write_text(
        f'= A page\n#pagebreak()\n*bold* {WORD} #"{MAIL}"\n',
        encoding="utf-8",
    )
    return typst.compile(source, format="pdf")


def answers(folder):
    page = f'<p title="{WORD}">nothing</p><a href="mailto:{MAIL.replace("@", "%40")}">write</a>'
    broken = "<p>Kanarie &lsquo;bel<wbr>ow&rsquo;, <b>Ольга</b> (1)</p><i>kanarie-<wbr>below</i>@example.org"
    card = Told(1, 1, "DEPOT", WORD, "", "", emails=(MAIL,), tags=("a tag that folds the line",) * 3)
    return {
        "attributes": HttpResponse(page),
        "text": HttpResponse(broken),
        "json": JsonResponse({WORD: [MAIL]}),
        "csv": HttpResponse(f'"{WORD}",{MAIL}', content_type="text/csv; charset=utf-8"),
        "vcf": HttpResponse(formats.made("vcf", [card], MAIL, NOW), content_type=formats.MEDIA["vcf"]),
        "xlsx": HttpResponse(in_a_sheet(), content_type=formats.MEDIA["xlsx"]),
        "pdf": HttpResponse(in_a_document(folder), content_type="application/pdf"),
        "headers": HttpResponse(headers={"Content-Disposition": f'filename="{MAIL}"', "X-Name": "Kanarie"}),
    }


def test_a_word_is_found_in_each_kind_of_answer(tmp_path):
    found = {kind: told(answer) for kind, answer in answers(tmp_path).items()}
    assert [kind for kind, text in found.items() if MAIL not in text] == []
    missing = [kind for kind, text in found.items() if "".join(WORD.split()) not in text]
    assert missing == ["headers"]


def test_a_kind_of_answer_that_no_reader_knows_is_no_silence():
    with pytest.raises(KeyError, match="image/png"):
        told(HttpResponse(b"...", content_type="image/png"))
