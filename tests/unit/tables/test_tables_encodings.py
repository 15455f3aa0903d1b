"""CSV in the encodings that offices send: the same rows from each, and the reading says which it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from tables_samples import UNITS, codes

from auditor.engines.duckdb import DuckDBEngine
from auditor.tables.door.text_files import encoding_of, look
from auditor.tables.read import Reading

Read = Callable[..., Reading]

TEXT = '活动编号,单位编号,举办日期,佐证材料\r\nA1,U1,2024年3月5日,"喆、㐀，\r\n第二行"\r\nA2,U1,,镕\r\n'
ROWS = [("A1", date(2024, 3, 5), "喆、㐀，\r\n第二行", 2), ("A2", None, "镕", 3)]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (TEXT.encode(), []),
        (TEXT.encode("utf-8-sig"), []),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), ["UTF-16"]),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), ["UTF-16"]),
        (TEXT.encode("gb18030"), ["GB18030"]),
    ],
    ids=["utf-8", "utf-8 with mark", "utf-16 le", "utf-16 be", "gb18030"],
)
def test_every_encoding_gives_the_same_rows(
    read: Read, engine: DuckDBEngine, content: bytes, said: list[str]
) -> None:
    reading = read({"units.csv": UNITS, "activities.csv": content})
    assert codes(reading) == []
    assert engine.rows("SELECT activity_id, held_on, evidence, row_no FROM activities ORDER BY 4") == ROWS
    assert [(w.code, w.place.file, w.figures["value"]) for w in reading.warnings] == [
        ("table.read_encoding", "activities.csv", value) for value in said
    ]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("只有 ASCII 以外的一行\n".encode("gb18030"), "gb18030"),
        ("会议\n一\n".encode("gb18030"), "gb18030"),  # the second line alone would be UTF-8 too
        ("会议\n".encode() + "会议\n".encode("gb18030"), "utf-8-sig"),  # both: no one encoding
        ("繁體中文檔案內容測試資料\n".encode("big5"), "utf-8-sig"),  # decodes, but into rare characters
        ("会议".encode("gb18030")[:-1], "utf-8-sig"),  # cut short
        ("a\xe9\n".encode("latin-1"), "utf-8-sig"),
        (b"\xff\xfea", None),
        ("unit_id,type\n".encode("utf-16-le"), None),  # without its mark
        (b"unit_id,type\n0\x0001,university\n", None),
    ],
)
def test_what_is_no_gb18030_is_not_taken_for_it(tmp_path: Path, content: bytes, encoding: str | None) -> None:
    path = tmp_path / "units.csv"
    path.write_bytes(content)
    assert encoding_of(path, look(path)) == encoding
