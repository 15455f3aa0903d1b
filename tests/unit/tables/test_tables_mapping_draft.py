"""The draft of a mapping: what is known stands there, what is not is blank; filled in, it reads the data."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from auditor.engines.duckdb import DuckDBEngine
from auditor.errors import BadInput
from auditor.tables.declaration import Declaration, Table
from auditor.tables.headers import Headers
from auditor.tables.mapping_draft import SheetSeen, unknown_sheets, unknown_values, write_mapping
from auditor.tables.mapping_file import load_mapping
from auditor.tables.read import Reading, read_tables
from auditor.texts import LANGUAGES

pytestmark = pytest.mark.slow

TEXTS = ("序号", "单位编号", "活动类型", "举办日期", "主持人姓名", "备注", "", "备 注")
ROWS = "A1,U1,业务培训,2024-03-05,甲,x,,\nA2,U1,学习,2024-03-06,乙,y,,\n"
FILE = "学院活动明细2024.csv"


def seen(
    table: Table | None, unknown: Mapping[str, tuple[str, ...]] | None = None, **how: object
) -> SheetSeen:
    slots = [table.column(text) if table and text else None for text in TEXTS]
    headers = Headers(TEXTS, 3, tuple(each.name if each else None for each in slots) if table else (), **how)  # type: ignore[arg-type]
    return SheetSeen(FILE, None, table, headers, unknown or {})


def data_set(folder: Path) -> Path:
    folder.mkdir()
    (folder / "units.csv").write_text("unit_id,type\nU1,university\n", encoding="utf-8")
    header = "活动明细,,,,,,,\n,,,,,,,\n" + ",".join(TEXTS) + "\n"
    (folder / FILE).write_text(header + ROWS, encoding="utf-8")
    return folder


def reading_of(folder: Path, declaration: Declaration, mapping: Path | None = None) -> Reading:
    with DuckDBEngine() as engine:
        return read_tables(folder, declaration, engine, mapping=mapping)


def filled(text: str, **blanks: str) -> str:
    """Return a draft with each blank filled in, by the word before it."""
    for key, value in blanks.items():
        assert text.count(f"{key}: null") == 1, text
        text = text.replace(f"{key}: null", f"{key}: {value}")
    assert "null" not in yaml.safe_dump(yaml.safe_load(text))
    return text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_draft_says_what_is_known_and_leaves_the_rest_blank(lang: str, declaration: Declaration) -> None:
    sheet = seen(declaration.tables["activities"], {"kind": ("业务培训",)}, dropped=frozenset({"备注"}))
    text = write_mapping(declaration, [sheet], lang)  # type: ignore[arg-type]
    (entry,) = yaml.safe_load(text)["files"]
    assert entry == {
        "file": FILE,
        "table": "activities",
        "header_row": 3,
        "columns": {"序号": None, "单位编号": "unit_id", "活动类型": "kind", "举办日期": "held_on"},
        "values": {"kind": {"业务培训": None}},
        "drop": ["主持人姓名", "备注"],
    }
    assert "学院活动明细*.csv" in text
    assert "training" in next(line for line in text.splitlines() if "业务培训" in line)


def test_the_draft_of_a_real_reading_reads_once_it_is_filled_in(
    tmp_path: Path, declaration: Declaration
) -> None:
    data, mapping = data_set(tmp_path / "data"), tmp_path / "mapping.yaml"
    first = reading_of(data, declaration)
    assert [each.code for each in first.problems] == ["table.unknown_table"]
    (nobodys,) = unknown_sheets(first.problems)  # its name is near to a table's
    draft = write_mapping(declaration, [nobodys])
    assert "activities 活动" in next(line for line in draft.splitlines() if "table: null" in line)
    mapping.write_text(filled(draft, table="activities"), encoding="utf-8")

    second = reading_of(data, declaration, mapping)
    table = declaration.tables["activities"]
    unknown = unknown_values(second.problems, FILE, None)
    assert unknown == {"kind": ("业务培训",)}
    draft = write_mapping(declaration, [seen(table, unknown)])
    for line in draft.splitlines():
        if '"备注": null' in line:
            draft = draft.replace(line + "\n", "").rstrip("\n") + '\n      - "备注"\n'
    mapping.write_text(filled(draft, **{'"序号"': "activity_id", '"业务培训"': "培训"}), encoding="utf-8")
    third = reading_of(data, declaration, mapping)
    assert third.problems == ()
    assert {each.code for each in third.warnings} == {
        *("mapping.used", "table.dropped_column", "table.read_header_below")
    }


def test_the_table_that_knows_the_headers_is_likely(declaration: Declaration) -> None:
    (entry,) = yaml.safe_load(write_mapping(declaration, [seen(None)]))["files"]
    assert entry["table"] is None
    assert entry["columns"]["活动类型"] == "kind"
    nothing = SheetSeen("x.xlsx", "Sheet1", None, Headers((), 0, ()))
    assert "可能" not in write_mapping(declaration, [nothing])


def test_a_blank_that_is_left_is_told(tmp_path: Path, declaration: Declaration) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text(write_mapping(declaration, [seen(None)]), encoding="utf-8")
    with pytest.raises(BadInput) as bad:
        load_mapping(path, declaration)
    assert [each.code for each in bad.value.problems] == ["mapping.blank"]


def test_what_a_mapping_said_is_kept_in_the_next_draft(tmp_path: Path, declaration: Declaration) -> None:
    path = tmp_path / "mapping.yaml"
    said = (
        "files:\n  - file: 学院活动明细2024.csv\n    table: activities\n    header_row: 3\n"
        "    columns: {序号: activity_id, 单位编号: unit_id, 活动类型: kind, 举办日期: held_on}\n"
        "    values: {kind: {业务培训: training}}\n    drop: [备注, 主持人姓名]\n    constants: {hours: '2'}\n"
    )
    path.write_text(said, encoding="utf-8")
    (mapped,) = load_mapping(path, declaration).files
    draft = write_mapping(declaration, [seen(mapped.table, dropped=frozenset({"备注", "主持人姓名"}))])
    written, wanted = yaml.safe_load(draft), yaml.safe_load(said)
    written["files"][0]["drop"].sort()
    wanted["files"][0]["drop"].sort()
    assert written == wanted


@pytest.mark.parametrize(
    "text", ['a "b": #c', "- x\\y", "\u2028\u0085", "null", "2024", "'", "全角：", "\ufeffa"]
)
def test_any_header_and_name_is_written_as_it_is(text: str, declaration: Declaration) -> None:
    table = declaration.tables["activities"]
    sheet = SheetSeen(f"{text}.csv", text, table, Headers((text,), 1, (None,)), {"kind": (text,)})
    (entry,) = yaml.safe_load(write_mapping(declaration, [sheet]))["files"]
    assert (entry["file"], entry["sheet"]) == (f"{text}.csv", text)
    assert entry["values"] == {"kind": {text: None}}
    assert entry["columns"] == {text: None}
