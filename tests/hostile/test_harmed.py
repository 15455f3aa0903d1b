"""A workbook cut short or with a flipped bit is refused, or read as what it was: never as other data."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from auditor.engines.duckdb import DuckDBEngine
from auditor.errors import BadInput
from auditor.tables.declaration import load_declaration
from auditor.tables.read import read_tables
from hostile.archives import MAIN, zipped
from hostile.bad_books import ods, ods_content

pytestmark = pytest.mark.slow

XLS = Path(__file__).parents[1] / "unit" / "tables" / "workbooks" / "epoch-1904.xls"
DECLARATION = load_declaration()
SHARED = "xl/sharedStrings.xml"
Read = dict[str, list[tuple[Any, ...]]]
"""The rows of every table."""


def read(content: bytes, path: Path) -> Read | None:
    """Return what a workbook is read as; None where it is refused."""
    path.write_bytes(content)
    with DuckDBEngine() as engine:
        try:
            reading = read_tables(path, DECLARATION, engine)
        except BadInput:
            return None
        if reading.problems:
            return None
        return {
            table: sorted(engine.rows(f"SELECT * FROM {table} ORDER BY row_no"), key=str)
            for table in DECLARATION.tables
        }


def xlsx() -> bytes:
    """Return a workbook of two sheets with texts, days, numbers and shared strings, packed as offices pack it."""
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    units = book.create_sheet("单位")
    units.append(["单位编号", "单位名称", "单位类型"])
    for number in range(1, 30):
        units.append([f"{number:03}", f"示例单位{number}", "高校" if number == 1 else "院系部门"])
    activities = book.create_sheet("活动")
    activities.append(["活动编号", "单位编号", "活动类型", "举办日期", "学时", "发言人数", "第一议题"])
    for number in range(1, 200):
        day = date(2024, 1, 1) + timedelta(days=number)
        activities.append(
            [f"A{number:04}", f"{number % 29 + 1:03}", "学习", day, number / 4, number % 7, number % 2 == 0]
        )
    saved = io.BytesIO()
    book.save(saved)
    with zipfile.ZipFile(saved) as archive:
        # the properties hold the time of day
        return zipped(_sharing({n: archive.read(n) for n in archive.namelist() if "docProps" not in n}))


def _sharing(parts: dict[str, bytes]) -> dict[str, bytes]:
    """Return the parts with every text in the shared strings, where Excel puts it, and openpyxl may not."""
    texts: dict[bytes, int] = {}

    def shared(cell: re.Match[bytes]) -> bytes:
        number = texts.setdefault(cell[2], len(texts))
        return b'<c r="%s" t="s"><v>%d</v></c>' % (cell[1], number)

    inline = re.compile(rb'<c r="([A-Z0-9]+)" t="inlineStr"><is><t>([^<]*)</t></is></c>')
    made = {name: inline.sub(shared, part) for name, part in parts.items()}
    assert len(texts) > 200
    listed = b"".join(b"<si><t>%s</t></si>" % text for text in texts)
    return {**made, SHARED: b'<sst xmlns="%s">%s</sst>' % (MAIN.encode(), listed)}


GOOD = {
    ".xlsx": xlsx(),
    ".xls": XLS.read_bytes(),
    ".ods": ods(ods_content("")),
}


@pytest.fixture(scope="module")
def unharmed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Read]:
    """What the good workbooks are read as."""
    folder, found = tmp_path_factory.mktemp("good"), {}
    for ending, content in GOOD.items():
        whole = read(content, folder / f"units{ending}")
        assert whole is not None
        assert whole["units"]
        found[ending] = whole
    assert len(found[".xlsx"]["activities"]) == 199
    return found


def cuts(ending: str, count: int) -> Iterator[tuple[int, bytes]]:
    """Yield a workbook cut at places all over it, and at the last bytes."""
    content, dice = GOOD[ending], random.Random(f"cuts of {ending}")
    places = {*range(len(content) - 10, len(content))}
    while len(places) < count:
        places.add(dice.randrange(len(content)))
    for at in sorted(places):
        yield at, content[:at]


def flips(ending: str, count: int, within: str = "") -> Iterator[tuple[str, bytes]]:
    """Yield a workbook with one bit of it flipped: anywhere, or within the bytes of one member."""
    content, dice = GOOD[ending], random.Random(f"flips of {ending} {within}")
    first, last = _bytes_of(content, within) if within else (0, len(content))
    for _ in range(count):
        at, bit = dice.randrange(first, last), dice.randrange(8)
        harmed = bytearray(content)
        harmed[at] ^= 1 << bit
        yield f"{at} bit {bit}", bytes(harmed)


def _bytes_of(content: bytes, name: str) -> tuple[int, int]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        member = archive.getinfo(name)
    first = member.header_offset + 30 + len(name)
    return first, first + member.compress_size


@pytest.mark.parametrize(("ending", "count"), [(".xlsx", 200), (".xls", 100), (".ods", 50)])
def test_a_workbook_cut_short_is_never_other_data(
    ending: str, count: int, unharmed: dict[str, Read], tmp_path: Path
) -> None:
    told = {at: read(content, tmp_path / f"units{ending}") for at, content in cuts(ending, count)}
    assert len(told) == count
    assert [at for at, found in told.items() if found not in (None, unharmed[ending])] == []
    assert sum(found is None for found in told.values()) > count * 0.9


@pytest.mark.parametrize(
    ("ending", "count", "within"),
    [
        (".xlsx", 300, ""),
        (".xlsx", 100, SHARED),
        (".xlsx", 100, "xl/worksheets/sheet2.xml"),
        (".ods", 100, ""),
    ],
)
def test_a_workbook_with_a_flipped_bit_is_never_other_data(
    ending: str, count: int, within: str, unharmed: dict[str, Read], tmp_path: Path
) -> None:
    """Only formats with checksums can promise it; xls has none."""
    path = tmp_path / f"units{ending}"
    told = {where: read(content, path) for where, content in flips(ending, count, within)}
    assert [where for where, found in told.items() if found not in (None, unharmed[ending])] == []
    assert sum(found is None for found in told.values()) > (count * 0.9 if within else 0)
