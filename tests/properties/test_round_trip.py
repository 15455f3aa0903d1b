"""Any small table, written in each format that is read, is read as the same table: cell for cell."""

from __future__ import annotations

import csv
import importlib
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from auditor.engines.duckdb import DuckDBEngine
from auditor.tables.declaration import load_declaration
from auditor.tables.read import read_tables

pytestmark = pytest.mark.slow

FIXTURES = Path(__file__).parents[2] / "fixtures"
UNITS = (("单位编号", "单位类型"), ("U1", "高校"))
COLUMNS = {
    "活动编号": "activity_id", "单位编号": "unit_id", "活动类型": "kind", "举办日期": "held_on", "学时": "hours",
    "发言人数": "speakers", "第一议题": "first_topic", "佐证材料": "evidence",
}  # fmt: skip
TYPES = ("VARCHAR", "VARCHAR", "VARCHAR", "DATE", "DECIMAL(18, 6)", "BIGINT", "BOOLEAN", "VARCHAR")
Row = tuple[str, date | None, Decimal | None, int | None, bool | None, str | None]
"""An activity: its identifier, day, hours, speakers, whether the topic came first, evidence."""

IDS = (
    *("007", "7", "0", "00", "000123456789012345", "123456789012345678", "987654321098765432"),
    *("A-1", "a_1", "1.0", "1E5", "TRUE", "2024-03-05", "编号一", "a,b", 'a"b', "a\nb", "N/A", "#1", "'1"),
)
PIECES = (
    *("党委", "中心组学习", "档案盒", "Ａ类材料", "０１２", "（一）", "“会议”", "。", "、"),
    *(
        ",",
        '"',
        '""',
        "\n",
        "\t",
        ";",
        "'",
        "|",
        "\\",
        "%",
        "&",
        "<b>",
        "-",
        "x",
        "007",
        "1,200",
        " ",
        "null",
    ),
)


def tidied(pieces: list[str]) -> str | None:
    """Return a text as a cell keeps it: without blanks at the ends, of which XML forgets those within, too."""
    text = re.sub("[ \t]*\n[ \t]*", "\n", re.sub("[ \t]+", " ", "".join(pieces)))
    return text.strip() or None


def rows() -> st.SearchStrategy[list[Row]]:
    text = st.lists(st.sampled_from(PIECES), max_size=8).map(tidied)
    row = st.tuples(
        st.sampled_from(IDS),
        st.none() | st.dates(date(1949, 10, 1), date(2100, 12, 31)),
        st.none() | st.decimals(0, 1000, places=2),
        st.none() | st.integers(0, 10**6),
        st.none() | st.booleans(),
        text,
    )
    return st.lists(row, min_size=1, max_size=6, unique_by=lambda each: each[0])


# ---- The formats ---------------------------------------------------------------------------------


def typed(row: Row, yes: Any = True, no: Any = False) -> list[Any]:
    """Return the cells of a row, booleans as the format has them."""
    key, day, hours, speakers, first, evidence = row
    return [key, "U1", "学习", day, hours, speakers, {None: None, True: yes, False: no}[first], evidence]


def csv_file(encoding: str, bom: bytes = b"") -> Callable[[list[Row], Path], None]:
    def write(rows: list[Row], folder: Path) -> None:
        for name, lines in {
            "单位": UNITS,
            "活动": [list(COLUMNS), *(typed(r, "是", "否") for r in rows)],
        }.items():
            text = io.StringIO()
            csv.writer(text, lineterminator="\n").writerows(lines)
            (folder / f"{name}.csv").write_bytes(bom + text.getvalue().encode(encoding))

    return write


def json_lines(rows: list[Row], folder: Path) -> None:
    lines = [dict(zip(COLUMNS, typed(row), strict=True)) for row in rows]
    said = [json.dumps(line, ensure_ascii=False, default=_plain) for line in lines]
    (folder / "活动.jsonl").write_text("\n".join(said) + "\n", encoding="utf-8")
    csv_file("utf-8")([], folder)
    (folder / "活动.csv").unlink()


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value.isoformat()


def parquet(is_typed: bool) -> Callable[[list[Row], Path], None]:
    def write(rows: list[Row], folder: Path) -> None:
        types = TYPES if is_typed else ("VARCHAR",) * len(TYPES)
        columns = ", ".join(f'"{name}" {kind}' for name, kind in zip(COLUMNS, types, strict=True))
        with duckdb.connect() as engine:
            engine.execute(f"CREATE TABLE t ({columns})")
            for row in rows:
                cells = [each if is_typed or each is None else str(each) for each in typed(row)]
                engine.execute(f"INSERT INTO t VALUES ({', '.join('?' * len(cells))})", cells)
            engine.execute(f"COPY t TO '{folder / '活动.parquet'}' (FORMAT parquet)")
        csv_file("utf-8")([], folder)
        (folder / "活动.csv").unlink()

    return write


def xlsx(rows: list[Row], folder: Path) -> None:
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, lines in {"单位": UNITS, "活动": [list(COLUMNS), *map(typed, rows)]}.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    book.save(folder / "台账.xlsx")


@dataclass
class Sheet:
    """A sheet as the corpus's writers want it: days are `{"day": …}`, blanks are empty texts."""

    name: str
    rows: Sequence[Sequence[Any]]
    merged: tuple[str, ...] = ()
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    is_hidden: bool = field(default=False)


def _sheets(rows: list[Row], yes: Any, no: Any) -> list[Sheet]:
    lines = [[_cell(each) for each in typed(row, yes, no)] for row in rows]
    return [Sheet("单位", UNITS), Sheet("活动", [list(COLUMNS), *lines])]


def _cell(value: Any) -> Any:
    if isinstance(value, date):
        return {"day": value}
    return "" if value is None else float(value) if isinstance(value, Decimal) else value


def ods(rows: list[Row], folder: Path) -> None:
    importlib.import_module("messy_workbooks").write_ods(_sheets(rows, "是", "否"), folder / "台账.ods")


def xls(rows: list[Row], folder: Path) -> None:
    sheets = _sheets(rows, True, False)
    importlib.import_module("messy_workbooks").write_xls(sheets, date(1899, 12, 30), folder / "台账.xls")


FORMATS: dict[str, Callable[[list[Row], Path], None]] = {
    "csv utf-8": csv_file("utf-8"),
    "csv utf-8 with BOM": csv_file("utf-8-sig"),
    "csv utf-16": csv_file("utf-16-le", b"\xff\xfe"),
    "csv utf-16, the other way": csv_file("utf-16-be", b"\xfe\xff"),
    "csv gb18030": csv_file("gb18030"),
    "jsonl": json_lines,
    "parquet of types": parquet(is_typed=True),
    "parquet of texts": parquet(is_typed=False),
    "xlsx": xlsx,
    "ods": ods,
    "xls": xls,
}


# ---- The law -------------------------------------------------------------------------------------


@pytest.fixture(scope="module", autouse=True)
def writers() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(FIXTURES))
        yield


def as_read(write: Callable[[list[Row], Path], None], rows: list[Row]) -> list[tuple[Any, ...]]:
    with TemporaryDirectory() as folder, DuckDBEngine() as engine:
        write(rows, Path(folder))
        reading = read_tables(Path(folder), load_declaration(), engine)
        assert reading.problems == ()
        return engine.rows(f"SELECT {', '.join(COLUMNS.values())} FROM activities ORDER BY row_no")


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=12, derandomize=True)
@given(rows())
@example(
    [
        (
            key,
            date(2024, 2, 29),
            Decimal("0.10"),
            0,
            at % 2 == 0,
            f'"{piece}",{piece}\n“{piece.strip()}”'.strip(),
        )
        for at, (key, piece) in enumerate(zip(IDS, [*PIECES, *PIECES], strict=False))
        if piece.strip()
    ]
)
def test_a_table_is_read_as_it_was_written(name: str, rows: list[Row]) -> None:
    if name == "xls":
        pytest.importorskip("xlwt")
    rows = [(*row[:-1], tidied([row[-1] or ""])) for row in rows]
    assert as_read(FORMATS[name], rows) == [
        (key, "U1", "study_session", day, hours, speakers, first, evidence)
        for key, day, hours, speakers, first, evidence in rows
    ]
