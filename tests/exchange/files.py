"""Files of people, made by hand in every dialect, for the tests of importing."""

import io
import zipfile
from pathlib import Path
from typing import Any

import xlsxwriter

HEADER = ("Name", "E-Mail", "Telefon", "Ort", "Eintritt")
PEOPLE = (
    ("Ada Amber", "ada@example.org", "01 2345678", "Wien", "2024-01-31"),
    ("Béla Birch", "bela@example.org", "0316 123456", "Graz", "2023-05-04"),
)

MANIFEST = (
    '<?xml version="1.0"?><manifest:manifest '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
)


def text(separator: str = ",", ends: str = "\n", rows=PEOPLE, header=HEADER) -> str:
    """Return a table of plain cells as text."""
    return ends.join(separator.join(row) for row in (header, *rows)) + ends


def written(folder: Path, content: str | bytes, name: str = "list", encoding: str = "utf-8") -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def xlsx(path: Path, rows: Any) -> Path:
    """Write a sheet of these rows."""
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return path


def ods(path: Path, table: str) -> Path:
    """Write an OpenDocument sheet whose only table has this XML inside."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="A">{table}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("content.xml", content)
    return path


def lying_archive(path: Path, inside: int, says: int) -> Path:
    """Write a sheet whose only entry holds more than its directory says."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"a" * inside)
    data = buffer.getvalue().replace(inside.to_bytes(4, "little"), says.to_bytes(4, "little"))
    path.write_bytes(data)
    return path
