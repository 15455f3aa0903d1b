"""Whether the archive that a workbook is can be unpacked: its directory against its bytes, sizes and checksums.

The file format is PKWARE's APPNOTE.TXT; the tricks are those of D. Fifield, "A better zip bomb" (WOOT 2019).
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from auditor.tables.door.handing import Refused
from auditor.tables.door.limits import MIB, MOST_PARTS, MOST_RATIO, MOST_UNPACKED_BYTES, RATIO_FROM_BYTES

_CHUNK = 1 << 20
_OVERLAP = 64
_LOCAL_HEADER = 30
_ENCRYPTED = 0x1
_DAMAGED = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, EOFError, OSError),
    *(KeyError, ValueError, RuntimeError, NotImplementedError),
)

Look = Callable[[bytes], None]
"""What looks at the bytes of a part as they pass: each chunk with the end of the one before it."""


@contextmanager
def sound_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open an archive whose directory fits its bytes. Raises Refused, also for damage met within the block."""
    try:
        with zipfile.ZipFile(path) as archive:
            _check_directory(archive, path.stat().st_size)
            yield archive
    except _DAMAGED as error:
        code = "table.wrong_checksum" if "Bad CRC" in str(error) else "table.corrupt_file"
        code = "table.overlapping_entries" if "Overlapped entries" in str(error) else code
        raise Refused(code) from error


def read_through(archive: zipfile.ZipFile, part: zipfile.ZipInfo, look: Look | None = None) -> int:
    """Unpack a part to its end, so that its checksum is compared; return its true size."""
    size, last = 0, b""
    with archive.open(part) as file:
        while chunk := file.read(_CHUNK):
            size += len(chunk)
            if look is not None:
                look(last + chunk)
                last = chunk[-_OVERLAP:]
    if size != part.file_size:
        raise Refused("table.wrong_checksum")
    return size


def _check_directory(archive: zipfile.ZipFile, size: int) -> None:
    parts = archive.infolist()
    # Readers differ in what they take for one name: a letter's case, or what stands behind a NUL.
    names = {part.filename.lower() for part in parts}
    if len(names) < len(parts):
        raise Refused("table.overlapping_entries")
    if any("\0" in part.orig_filename for part in parts):
        raise Refused("table.corrupt_file")
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise Refused("table.password_protected")
    _check_sizes(parts)
    end = 0
    for part in sorted(parts, key=lambda each: each.header_offset):
        if part.header_offset < end:
            raise Refused("table.overlapping_entries")
        end = part.header_offset + _LOCAL_HEADER + len(part.orig_filename) + part.compress_size
    if end > size:
        raise Refused("table.corrupt_file")


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(part.file_size for part in parts)
    is_bomb = len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED_BYTES
    for part in parts:
        swollen = part.file_size > MOST_RATIO * max(part.compress_size, 1)
        is_bomb = is_bomb or (swollen and part.file_size > RATIO_FROM_BYTES)
    if is_bomb:
        raise Refused("table.zip_bomb", {"value": f"{unpacked // MIB:,} MiB"})
