"""A workbook as bytes: the same workbook gives the same bytes, whenever and wherever it is written."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

_WRITTEN_AT = datetime(2024, 1, 1)  # noqa: DTZ001 - a fixed moment, not somebody's local time
_PACKED_AT = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip archive can name."""


def workbook_bytes(book: Workbook) -> bytes:
    """Return the file of a workbook, without the moment at which it was written."""
    book.properties.creator = "ducha"
    book.properties.created = book.properties.modified = _WRITTEN_AT
    written, packed = io.BytesIO(), io.BytesIO()
    # Workbook.save would enter the clock's time.
    ExcelWriter(book, zipfile.ZipFile(written, "w", zipfile.ZIP_STORED)).save()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(packed, "w") as archive:
        for name in source.namelist():
            part = zipfile.ZipInfo(name, _PACKED_AT)
            part.compress_type, part.create_system = zipfile.ZIP_DEFLATED, 0
            archive.writestr(part, source.read(name))
    return packed.getvalue()
