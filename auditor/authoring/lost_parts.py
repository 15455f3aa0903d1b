"""What a copy of a workbook cannot keep: read from the names of the parts in its archive."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

LOST: Mapping[str, tuple[str, ...]] = {
    "macros": ("xl/vbaproject", "xl/macrosheets/"),
    "pictures": ("xl/media/",),
    "charts": ("xl/charts/", "xl/chartsheets/"),
    "pivots": ("xl/pivottables/", "xl/pivotcache/"),
    "slicers": ("xl/slicers/", "xl/slicercaches/", "xl/timelines/"),
    "controls": ("xl/activex/", "xl/ctrlprops/", "xl/embeddings/"),
    "connections": ("xl/connections.xml", "xl/querytables/"),
    "threads": ("xl/threadedcomments/",),
    "signatures": ("_xmlsignatures/",),
}
"""What is lost -> how the names of its parts begin, in lower case."""

_DRAWINGS, _SHAPES = "xl/drawings/drawing", (b":sp>", b":sp ", b":cxnSp", b":grpSp")
_LOOKED_AT = 1 << 22


def lost_parts(path: Path) -> tuple[str, ...]:
    """Return what of a workbook a copy of its cells lacks, by the words of `LOST`, and `shapes`."""
    with zipfile.ZipFile(path) as archive:
        names = [name.lower() for name in archive.namelist()]
        found = [lost for lost, starts in LOST.items() if any(name.startswith(starts) for name in names)]
        return (*found, *(["shapes"] if any(_shapes(archive)) else []))


def _shapes(archive: zipfile.ZipFile) -> Iterator[bool]:
    """Yield whether a drawing holds more than pictures and charts."""
    for name in archive.namelist():
        if name.lower().startswith(_DRAWINGS):
            with archive.open(name) as part:
                drawn = part.read(_LOOKED_AT)
            yield any(shape in drawn for shape in _SHAPES)
