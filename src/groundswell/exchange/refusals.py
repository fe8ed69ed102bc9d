"""The rows of a list that were not taken in, as a file with a column that says why."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from groundswell.exchange.importing import sealing
from groundswell.exchange.importing.reading.table import reason_title
from groundswell.exchange.models import Batch, Line
from groundswell.kernel.separated import guarded


def lines(batch: Batch) -> Iterator[list[str]]:
    """Yield the header and the refused rows of a batch, each with the sentences that say why."""
    yield [*map(guarded, batch.columns), reason_title()]
    width = len(batch.columns)
    refused = Line.objects.filter(batch=batch, outcome="refused", sealed__isnull=False).order_by("number")
    for number, sealed in refused.values_list("number", "sealed").iterator():
        said = sealing.opened(batch.pk, number, bytes(sealed or b""))
        cells = [guarded(str(cell)) for cell in said["cells"]]
        padded = cells + [""] * (width - len(cells))
        yield [*padded, guarded(" ".join(said["problems"]))]


def write(batch: Batch, path: Path) -> Path:
    """Write them as CSV in UTF-8 with a mark that sheets understand; return the path."""
    path.touch(mode=0o600)
    path.chmod(0o600)  # one that was there already may have been open to others
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows(lines(batch))
    return path


def text(batch: Batch) -> str:
    """Return the same as one text."""
    buffer = io.StringIO(newline="")
    buffer.write("\ufeff")
    csv.writer(buffer).writerows(lines(batch))
    return buffer.getvalue()
