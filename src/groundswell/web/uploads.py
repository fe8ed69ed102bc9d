"""What is uploaded is kept up to a bound; the rest of a larger file is read and forgotten.

Django writes whatever comes to the disk before a page is asked: who may see no page could fill it.
"""

from typing import Any, Final

from django.core.files.uploadhandler import FileUploadHandler

# No page takes more than ten; what is beyond shows that there was more.
MOST_KEPT: Final = 11 * 1024 * 1024


class BoundedUploads(FileUploadHandler):
    """Stands before the handlers that keep files, and hands on no more of a request than MOST_KEPT."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.kept = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Return the part for the handlers after this one, None when there is enough."""
        del start
        left = MOST_KEPT - self.kept
        if left <= 0:
            return None
        self.kept += len(raw_data)
        return raw_data[:left]

    def file_complete(self, file_size: int) -> None:
        """Keep nothing here."""
        del file_size
