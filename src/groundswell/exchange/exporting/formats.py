"""Lists as files: CSV, XLSX, vCard. The last row says who took it out, when and for what."""

import csv
import datetime as dt
import io
import uuid
from collections.abc import Sequence
from typing import Final

import xlsxwriter
from django.utils.translation import gettext as _

from groundswell.access.secrets import blind_index
from groundswell.exchange.exporting import rows
from groundswell.exchange.exporting.rows import Told
from groundswell.exchange.importing.reading.cards import STANDING
from groundswell.kernel import separated
from groundswell.kernel.guarding import guarded

CSV: Final = "csv"
XLSX: Final = "xlsx"
VCARD: Final = "vcf"
MEDIA: Final = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    VCARD: "text/vcard; charset=utf-8",
}
# RFC 6350, 3.2: a line has at most 75 octets.
_OCTETS: Final = 75
_ESCAPED: Final = str.maketrans({"\\": "\\\\", ",": "\\,", ";": "\\;", "\n": "\\n", "\r": None})


def made(form: str, listed: Sequence[Told], watermark: str, at: dt.datetime) -> bytes:
    """Return the file as of a moment; an unknown form is a fault of the program: KeyError."""
    if form == VCARD:
        return "".join(_vcard(one, watermark, at) for one in listed).encode()
    return {CSV: _csv, XLSX: _xlsx}[form](listed, watermark)


def _csv(listed: Sequence[Told], watermark: str) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([separated.guarded(cell) for cell in rows.columns(listed, days=True)])
    writer.writerows([separated.guarded(cell) for cell in row] for row in rows.table(listed, days=True))
    writer.writerow([separated.guarded(watermark)])
    return buffer.getvalue().encode("utf-8-sig")


def _xlsx(listed: Sequence[Told], watermark: str) -> bytes:
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"comments": watermark})
        sheet = book.add_worksheet(_("People")[:31])
        bold = book.add_format({"bold": True})
        for place, label in enumerate(rows.columns(listed, days=True)):
            sheet.write_string(0, place, guarded(label), bold)
        table = rows.table(listed, days=True)
        for number, row in enumerate(table, start=1):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, guarded(cell))
        sheet.write_string(len(table) + 1, 0, guarded(watermark))
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return buffer.getvalue()


def _vcard(one: Told, watermark: str, at: dt.datetime) -> str:
    lines = [
        "BEGIN:VCARD",
        "VERSION:4.0",
        "KIND:individual",
        f"UID:urn:uuid:{_uid(one.pk)}",
        f"REV:{at.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}",
        f"FN:{_text(one.name)}",
    ]
    if one.call_name:
        lines.append(f"NICKNAME:{_text(one.call_name)}")
    lines += [f"EMAIL:{_text(email)}" for email in one.emails]
    lines += [f"TEL;VALUE=uri:tel:{phone}" for phone in one.phones]
    if one.town or one.postcode:
        lines.append(f"ADR:;;;{_text(one.town)};;{_text(one.postcode)};")
    lines += [f"LANG:{language}" for language in one.languages]
    if one.tags:
        lines.append("CATEGORIES:" + ",".join(_text(tag) for tag in one.tags))
    # Address books show notes, to be read by a person; properties of our own making they hide. What somebody
    # is stands in these: it is for whoever brings the cards in again.
    lines += [f"NOTE:{_text(f'{own.label}: {own.read}')}" for own in one.own]
    lines += [f"{name}:{_text(said)}" for name, said in zip(STANDING, _standing(one), strict=True) if said]
    lines += [f"ORG:{_text(one.unit)}", f"NOTE:{_text(watermark)}", "END:VCARD"]
    return "".join(_folded(line) + "\r\n" for line in lines)


def _standing(one: Told) -> tuple[str, ...]:
    """Return what a card says in our own properties, in their order."""
    return one.unit, _("yes") if one.minor else "", one.kind, one.joined, one.left, one.paid_until


def _uid(person: int) -> uuid.UUID:
    """Return by what an address book knows her card again; it tells her number to nobody."""
    return uuid.UUID(bytes=blind_index("vcard", str(person))[:16], version=5)


def _text(value: str) -> str:
    return value.translate(_ESCAPED)


def _folded(line: str) -> str:
    """Break a line after 75 octets, never inside a character."""
    parts, size = [""], 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > _OCTETS:
            parts.append(" ")
            size = 1
        parts[-1] += sign
        size += octets
    return "\r\n".join(parts)
