"""The small organisation as tables of a database, in SQL that SQLite and PostgreSQL both understand."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

UNITS = (
    "CREATE TABLE units (unit_id TEXT PRIMARY KEY, name TEXT, type TEXT, parent_id TEXT)",
    "INSERT INTO units VALUES ('U2', '试验学院', 'department', 'U1'), ('U1', '试验大学', 'university', NULL)",
)
ACTIVITIES = (
    "CREATE TABLE activities (activity_id TEXT PRIMARY KEY, unit_id TEXT, kind TEXT, held_on DATE, hours NUMERIC)",
    "INSERT INTO activities VALUES ('A3', 'U2', 'lesson', '2024-11-20', 1), "
    "('A1', 'U1', 'training', '2024-03-05', 2), ('A2', 'U1', 'training', '2024-05-06', 3.5)",
)
WORLD = (*UNITS, *ACTIVITIES)
"""The rows stand in another order than that of their keys."""

IN_CHINESE = (
    'CREATE TABLE "单位" ("单位编号" TEXT, "单位名称" TEXT, "单位类型" TEXT, "上级单位编号" TEXT)',
    "INSERT INTO \"单位\" VALUES ('U1', '试验大学', '高校', NULL), ('U2', '试验学院', '院系部门', 'U1')",
    'CREATE TABLE "活动" ("活动编号" TEXT, "单位编号" TEXT, "活动类型" TEXT, "举办日期" TEXT, "学时" TEXT)',
    "INSERT INTO \"活动\" VALUES ('A1', 'U1', '培训', '2024年3月5日', '２'), "
    "('A2', 'U1', '培训', '2024/5/6', '3.5'), ('A3', 'U2', '思政课', '2024-11-20', '1')",
)


def write_sqlite(path: Path, *statements: str) -> Path:
    """Write an SQLite database, by default the small organisation."""
    with closing(sqlite3.connect(path)) as database:
        database.executescript(";\n".join(statements or WORLD))
        database.commit()
    return path
