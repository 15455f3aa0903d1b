"""Every kind of rule runs over every table that has days, whatever its columns are called."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pack_files import made_up, write_pack

from auditor.audit import Options, audit
from auditor.measures.plausibility.rules import KINDS
from auditor.tables.declaration import Column, Table, load_declaration

SATURDAY = date(2024, 3, 2)
PACK = made_up({"measure": {"kind": "count", "table": "posts"}, "threshold": {"op": ">=", "value": 1}})
TABLES = [
    table
    for table in load_declaration().tables.values()
    if table.name != "units" and any(column.type == "date" for column in table.columns.values())
]


def days(table: Table) -> list[str]:
    return [column.name for column in table.columns.values() if column.type == "date"]


def cell(column: Column, table: Table, row: int) -> object:
    """Return a cell of row 0 or 1: each day column two days after the one before, the rows a week apart; else alike."""
    if column.type == "date":
        return SATURDAY + timedelta(7 * row + 2 * days(table).index(column.name))
    if column.name == table.key[0] and column.name != "unit_id":
        return f"x{row}"
    if column.values:
        return next(iter(column.values))
    values = {"text": "U0", "integer": 2024, "number": 1, "boolean": "true"}
    return values[column.type]


def write(folder: Path) -> None:
    folder.mkdir()
    (folder / "units.csv").write_text("unit_id,type\nU0,university\n", encoding="utf-8")
    for table in TABLES:
        rows = [[cell(column, table, row) for column in table.columns.values()] for row in (0, 1)]
        with (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([list(table.columns), *rows])


def rules(table: Table) -> Iterator[dict[str, Any]]:
    """Yield a rule of each kind that the table has days for. All but `same_day` ask about both rows together."""
    first, *others = days(table)
    alike = [each for each in table.columns if each not in (*table.key, *days(table))]
    kinds: dict[str, dict[str, Any]] = {
        "same_rows": {"same": ["unit_id", *alike], "filled": ["unit_id"]},
        "day_off": {},
        "all_late": {"by": ["unit_id", *alike], "days": 365, "least": 2},
        "run_of_equals": {"by": ["unit_id", *alike], "column": "unit_id", "least": 2},
    }
    if others:
        kinds["days_between"] = {"earlier": first, "later": others[-1], "days": 1}
        kinds["order"] = {"earlier": others[0], "later": first}
    kinds["same_day"] = {"by": ["unit_id", first], "differ": list(table.columns)}
    for kind, keys in kinds.items():
        said = {"zh": "{unit} {count} {first} {last}", "en": "{unit}"}
        yield {
            "id": f"{table.name}-{kind}".replace("_", "-"), "kind": kind, "table": table.name, "date": first,
            "title": said, "question": said, **keys,
        }  # fmt: skip


@pytest.mark.slow
def test_every_kind_runs_over_every_table_that_has_days(tmp_path: Path) -> None:
    write(tmp_path / "data")
    written = [rule for table in TABLES for rule in rules(table)]
    head = {"plausibility": "all", "version": "1", "title": {"zh": "全", "en": "all"}}
    own = write_pack({**head, "rules": written}, tmp_path / "own.yaml")
    pack = write_pack(PACK, tmp_path / "pack.yaml")
    with audit(tmp_path / "data", [pack], 2024, Options(plausibility=own, judged_by="plain")) as done:
        asked = [(each.rule_id, each.sentences["zh"]) for each in done.questions()]
    together = [each["id"] for each in written if each["kind"] != "same_day"]
    assert asked == [(rule_id, "U0 2 2024-03-02 2024-03-09") for rule_id in together]
    assert {each["kind"] for each in written} == set(KINDS)
    assert len(TABLES) > 8
