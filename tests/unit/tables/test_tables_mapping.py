"""A mapping and columns to drop, through the audit: the findings of files whose headers are nobody's."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest

from auditor.audit import Options, audit
from auditor.engines.duckdb import DuckDBEngine
from auditor.errors import BadInput
from auditor.model.audit import Audit
from auditor.model.finding import Finding
from auditor.tables.declaration import Declaration
from auditor.tables.read import read_tables

PACK = """\
pack: small
version: "1.0.0"
title: {zh: 试行办法, en: Trial measures}
issuer: {zh: 某校, en: A school}
issued: 2023-12-28
effective: {from: 2023-01-01}
unit_types: [university, department]
requirements:
  - id: small/trainings
    clause: "1"
    title: {zh: 每年培训两次, en: Two trainings a year}
    applies_to: {types: [university, department]}
    measure: {kind: count, table: activities, where: {kind: training}}
    period: year
    threshold: {op: ">=", value: 2}
    value_unit: {zh: 次, en: trainings}
    severity: major
    responsible: {zh: 党委书记, en: party secretary}
    remedy: {zh: 补办培训, en: Hold them}
"""
UNITS = "unit_id,type\nU1,university\nU2,department\n"
MAPPING = """\
files:
  - file: "学院活动明细*"
    table: 活动
    columns: {序号: activity_id, "部门 代码": 单位编号, 时间: held_on, 类别: kind, 合格: changed}
    values: {kind: {业务学习: training, 授课: 思政课}}
    drop: [主持人姓名, 备注]
"""
Rows = Sequence[Sequence[str]]
Write = Callable[[Path, str, Rows], None]


def sheet(year: int) -> list[list[str]]:
    """Return a table as its office writes it: U1 held two trainings, U2 one and a lesson."""
    return [
        ["学院活动明细", "", "", "", "", ""],
        ["序号", "部门代码", "时间", "类别", "主持人姓名", "备注"],
        ["A1", "U1", f"{year}-03-05", "业务学习", "甲", "13812345678"],
        ["A2", "U1", f"{year}-05-06", "培训", "乙", ""],
        ["A3", "U2", f"{year}-05-07", "业务学习", "丙", ""],
        ["A4", "U2", f"{year}-05-08", "授课", "丁", "x"],
    ]


def clean(year: int) -> list[list[str]]:
    """Return the same table with proper headers and values, and without the columns that are dropped."""
    kinds = ["training", "training", "training", "lesson"]
    rows = [[*row[:3], kind] for row, kind in zip(sheet(year)[2:], kinds, strict=True)]
    return [["", "", "", ""], ["activity_id", "unit_id", "held_on", "kind"], *rows]


def write_csv(folder: Path, stem: str, rows: Rows) -> None:
    text = "".join(",".join(row) + "\n" for row in rows)
    (folder / f"{stem}.csv").write_text(text, encoding="utf-8")


def write_xlsx(folder: Path, stem: str, rows: Rows) -> None:
    book, written = openpyxl.Workbook(), io.BytesIO()
    assert book.active is not None
    book.active.title = "Sheet1" if stem != "activities" else stem
    for row in rows:
        book.active.append([cell or None for cell in row])
    book.save(written)
    (folder / f"{stem}.xlsx").write_bytes(written.getvalue())


WRITERS: Mapping[str, Write] = {"csv": write_csv, "xlsx": write_xlsx}


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(PACK, encoding="utf-8")
    return path


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    return write_mapping_file(tmp_path, MAPPING.replace(", 合格: changed", ""))


def write_mapping_file(folder: Path, text: str) -> Path:
    path = folder / "mapping.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def data_set(folder: Path, write: Write, stem: str, rows: Rows) -> Path:
    folder.mkdir()
    (folder / "units.csv").write_text(UNITS, encoding="utf-8")
    write(folder, stem, rows)
    return folder


def findings(done: Audit) -> list[tuple[object, ...]]:
    """Return what the findings say, with the rows of their evidence but not the names of file and sheet."""
    return [_said(each) for each in done.findings(True)]


def _said(each: Finding) -> tuple[object, ...]:
    rows = sorted((found.row, found.value) for found in each.evidence)
    return (each.unit_id, each.period, each.verdict, each.value, each.shortfall, rows)


def options(**more: object) -> Options:
    return Options(judged_by="plain", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", WRITERS)
def test_a_mapped_file_gives_the_findings_of_a_proper_one_this_year_and_next(
    kind: str, tmp_path: Path, pack: Path, mapping: Path
) -> None:
    for year in (2024, 2025):
        mapped = data_set(tmp_path / f"m{year}", WRITERS[kind], f"学院活动明细{year}", sheet(year))
        proper = data_set(tmp_path / f"p{year}", WRITERS[kind], "activities", clean(year))
        with audit(proper, [pack], year, options()) as done:
            expected = findings(done)
        with audit(mapped, [pack], year, options(mapping=mapping)) as done:
            found = findings(done)
            warnings = [problem.code for problem in done.data.warnings]
        assert [each[:5] for each in found] == [
            ("U1", str(year), "pass", 2, None),
            ("U2", str(year), "fail", 1, 1),
        ]
        assert found == expected
        assert warnings.count("table.dropped_column") == 2
        assert warnings.count("mapping.used") == 1


def warnings_of(data: Path, pack: Path, **more: object) -> list[tuple[str, str | None]]:
    with audit(data, [pack], 2024, options(**more)) as done:
        return [(problem.code, problem.place.column) for problem in done.data.warnings]


def codes_of(data: Path, pack: Path, **more: object) -> list[str]:
    with pytest.raises(BadInput) as bad, audit(data, [pack], 2024, options(**more)):
        pass
    return [problem.code for problem in bad.value.problems]


def test_constants_fill_what_the_file_lacks(tmp_path: Path, pack: Path) -> None:
    rows = [["序号", "时间"], ["A1", "2024-03-05"], ["A2", "2024-05-06"]]
    for kind, write in WRITERS.items():
        data = data_set(tmp_path / kind, write, "培训台账", rows)
        mapping = write_mapping_file(
            tmp_path,
            "files:\n  - file: 培训台账.*\n    table: activities\n    columns: {序号: activity_id, 时间: held_on}\n"
            "    constants: {unit_id: Ｕ2, kind: 培训}\n",
        )
        with audit(data, [pack], 2024, options(mapping=mapping)) as done:
            assert [each[:4] for each in findings(done)] == [
                ("U1", "2024", "insufficient_data", None),  # the file is that of U2 alone
                ("U2", "2024", "pass", 2),
            ]
            assert [each.code for each in done.data.warnings] == ["mapping.used"]


def test_the_header_is_where_the_mapping_says(tmp_path: Path, pack: Path) -> None:
    # Row 1 holds more known headers than row 2: it would be taken for the header.
    rows = [["unit_id", "kind", "held_on"], ["单位", "做了什么", "哪天"], ["U1", "training", "2024-03-05"]]
    data = data_set(tmp_path / "data", write_csv, "台账", rows)
    mapping = write_mapping_file(
        tmp_path,
        "files:\n  - file: 台账.csv\n    table: activities\n    header_row: 2\n"
        "    columns: {单位: unit_id, 做了什么: kind, 哪天: held_on}\n    constants: {activity_id: A1}\n",
    )
    with audit(data, [pack], 2024, options(mapping=mapping)) as done:
        assert [each[3] for each in findings(done)] == [1, 0]


@pytest.mark.parametrize("name", ["台账.jsonl", "台账.parquet"])
def test_files_without_a_header_row_are_mapped_too(
    name: str, tmp_path: Path, pack: Path, engine: DuckDBEngine
) -> None:
    data = data_set(
        tmp_path / "data", write_csv, "activities", [["activity_id", "unit_id", "kind", "held_on"]]
    )
    rows = [("A1", "U1", "业务学习", "2024-03-05"), ("A2", "U1", "培训", "2024-03-06")]
    if name.endswith("jsonl"):
        lines = [dict(zip(("序号", "u", "类别", "held_on"), row, strict=True)) for row in rows]
        text = "".join(json.dumps({**line, "备注": {"a": "13812345678"}}) + "\n" for line in lines)
        (data / name).write_text(text, encoding="utf-8")
    else:
        values = ", ".join(f"({', '.join(map(repr, row))}, '13812345678')" for row in rows)
        engine.run(
            f'COPY (SELECT * FROM (VALUES {values}) v("序号", u, "类别", held_on, "备注")) '
            f"TO '{(data / name).as_posix()}' (FORMAT parquet)"
        )
    mapping = write_mapping_file(
        tmp_path,
        "files:\n  - file: 台账.*\n    table: activities\n    columns: {序号: activity_id, u: unit_id, 类别: kind}\n"
        "    values: {kind: {业务学习: training}}\n    drop: [备注]\n    constants: {hours: 2}\n",
    )
    with audit(data, [pack], 2024, options(mapping=mapping)) as done:
        assert [each[3] for each in findings(done)] == [2, 0]


def test_spellings_of_a_yes_and_no_column_are_those_of_one_file(
    tmp_path: Path, engine: DuckDBEngine, declaration: Declaration
) -> None:
    header = "approval_id,unit_id,subject,filed_on,changed\n"
    data = data_set(tmp_path / "data", write_csv, "审批一", [])
    (data / "审批一.csv").write_text(
        header + "P1,U1,a,2024-01-01,已改\nP2,U1,a,2024-01-01,未改\n", encoding="utf-8"
    )
    (data / "approvals.csv").write_text(header + "P3,U1,a,2024-01-01,已改\n", encoding="utf-8")
    mapping = write_mapping_file(
        tmp_path,
        "files:\n  - file: 审批一.csv\n    table: approvals\n    values: {changed: {已改: true, 未改: 否}}\n",
    )
    reading = read_tables(data, declaration, engine, mapping=mapping)
    assert [
        (each.code, each.place.file) for each in reading.problems if each.code == "table.bad_boolean"
    ] == [("table.bad_boolean", "approvals.csv")]
    assert engine.rows("SELECT approval_id, changed FROM approvals WHERE approval_id < 'P3' ORDER BY 1") == [
        ("P1", True),
        ("P2", False),
    ]


def test_columns_are_dropped_everywhere_or_in_one_place(tmp_path: Path, pack: Path) -> None:
    rows = [["activity_id", "unit_id", "kind", "held_on", "姓名", "备注"]]
    data = data_set(
        tmp_path / "data", write_xlsx, "activities", [*rows, ["A1", "U1", "lesson", "2024-01-02"]]
    )
    assert codes_of(data, pack) == ["table.unknown_column", "table.personal_column"]
    said = [("table.dropped_column", "备注"), ("table.dropped_column", "姓名")]
    assert warnings_of(data, pack, drop_columns=("姓名", "备注")) == said
    assert warnings_of(data, pack, drop_columns=("activities.xlsx[activities]:姓名", "act*:备注")) == said
    assert codes_of(data, pack, drop_columns=("姓名", "activities.xlsx[Sheet1]:备注")) == [
        "table.nothing_dropped",
        "table.unknown_column",
    ]
    assert codes_of(data, pack, drop_columns=("姓名", "备注", "activities.xlsx:unit_id")) == [
        "table.missing_column"
    ]


def test_no_cell_of_a_dropped_column_is_looked_at(tmp_path: Path, pack: Path) -> None:
    data = data_set(tmp_path / "data", write_csv, "activities", [])
    header = "activity_id,unit_id,kind,held_on,姓名\n"
    row = b"A1,U1,lesson,2024-01-02,"
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = "活动"
    book.active.append(header.strip().split(","))
    book.active.append(["A2", "U1", "lesson", "2024-01-02", "#N/A"])
    book.save(data / "more.xlsx")
    (data / "activities.csv").write_bytes(header.replace("姓名", "evidence").encode() + row + b"\xff\n")
    assert codes_of(data, pack) == ["table.undecodable_text", "table.personal_column"]
    (data / "activities.csv").write_bytes(header.encode() + row + b"\xff\xfe\xfd13812345678\n")
    assert {code for code, _ in warnings_of(data, pack, drop_columns=("姓名",))} == {"table.dropped_column"}


def test_a_mapping_does_not_open_the_door_to_values_of_persons(tmp_path: Path, pack: Path) -> None:
    rows = [
        ["activity_id", "unit_id", "kind", "held_on", "谁"],
        ["A1", "U1", "lesson", "2024-01-02", "13812345678"],
    ]
    data = data_set(tmp_path / "data", write_csv, "activities", rows)
    mapping = write_mapping_file(
        tmp_path, "files:\n  - {file: activities.csv, table: activities, columns: {谁: evidence}}\n"
    )
    assert codes_of(data, pack, mapping=mapping) == ["table.personal_value"]
