"""A mapping and columns to drop, through the audit: the findings of files whose headers are nobody's."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest

from auditor.audit import Options, audit
from auditor.errors import BadInput
from auditor.model.audit import Audit
from auditor.model.finding import Finding

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
