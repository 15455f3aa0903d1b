"""A small messy workbook, and what is wrong with each cell of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.comments import Comment

HEADER = ["活动编号", "单位编号", "类 型", "活动类型", "举办日期", "学时", "参加人数", "姓名", "佐证材料"]
ACTIVITIES: list[list[Any]] = [
    ["2024年度活动台账"],
    [],
    HEADER,
    ["A1", "U1", None, "学习", date(2024, 3, 5), "2学时", "12人", "张三", "档案盒3"],
    ["A2", "U1", None, "学习", "24.3.5", 2, 20, "李四", "电话13812345678"],
    ["A3", "U7", None, "学习会", date(2024, 5, 6), -1, 20, None, None],
    ["合计", None, None, None, None, 3, None, None, None],
]
UNITS = [["单位编号", "单位名称", "单位类型"], ["U1", "试验大学", "高校"]]

# The unknown and the personal header, a day without its day, a mobile number, an unknown unit and
# value, and less than no hours.
PROBLEMS = {
    ("C3", "table.unknown_column"),
    ("H3", "table.personal_column"),
    ("E5", "table.bad_date"),
    ("I5", "table.personal_value"),
    ("B6", "table.unknown_unit"),
    ("D6", "table.unknown_value"),
    ("F6", "table.negative"),
}


def write_messy(path: Path) -> Path:
    """Write the workbook: two tables, a draft that is none, and a sheet of notes."""
    book = openpyxl.Workbook()
    units = book.active
    units.title = "单位"
    for row in UNITS:
        units.append(row)
    activities = book.create_sheet("活动台账")
    for cells in ACTIVITIES:
        activities.append(cells)
    activities["F6"].comment = Comment("请核对", "科室")
    activities.row_dimensions[6].hidden = True
    book.create_sheet("草稿").append(["随手记"])
    book.create_sheet("说明").append(["怎样填"])
    book.save(path)
    return path
