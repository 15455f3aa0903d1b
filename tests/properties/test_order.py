"""The order of rows, columns, files, units and requirements changes nothing that a finding says."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from audits import findings, judgements
from hypothesis import given, settings
from hypothesis import strategies as st
from pack_files import every_kind
from second_reading.forms import COLUMNS, as_text
from second_reading.organisations import organisation, random_as_of

pytestmark = pytest.mark.slow

Rows = Sequence[Any]


def write(file: Path, columns: Sequence[str], rows: Rows) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(columns)
        writer.writerows([as_text(row.get(column)) for column in columns] for row in rows)


def shuffled(dice: random.Random) -> Callable[[Any, Path], None]:
    """Return a writer that shuffles the rows and the columns of every table, the units' too."""

    def put(tables: Any, folder: Path) -> None:
        for table, rows in tables.items():
            if rows is not None:
                columns = dice.sample(COLUMNS[table], len(COLUMNS[table]))
                write(folder / f"{table}.csv", columns, dice.sample(list(rows), len(rows)))

    return put


def split(dice: random.Random) -> Callable[[Any, Path], None]:
    """Return a writer that puts every table into two files, which need not have the same columns in order."""

    def put(tables: Any, folder: Path) -> None:
        for table, rows in tables.items():
            if rows is not None:
                cut = dice.randint(0, len(rows))
                write(folder / "b" / f"{table}.csv", COLUMNS[table], rows[:cut])
                write(folder / "a" / f"{table}.csv", COLUMNS[table][::-1], rows[cut:])

    return put


@settings(max_examples=1)
@given(st.integers(0, 2**32 - 1))
def test_the_order_of_rows_columns_files_units_and_requirements_changes_nothing(seed: int) -> None:
    dice = random.Random(seed)
    tables, as_of, pack = organisation(dice, small=dice.random() < 0.5), random_as_of(dice), every_kind()
    straight = judgements(findings(tables, pack, as_of=as_of))
    assert judgements(findings(tables, pack, as_of=as_of, write=shuffled(dice))) == straight
    pack["requirements"].reverse()
    assert judgements(findings(tables, pack, as_of=as_of, write=split(dice))) == straight


@settings(max_examples=1)
@given(st.integers(0, 2**32 - 1))
def test_choosing_units_chooses_findings_and_the_data_stay_whole(seed: int) -> None:
    dice = random.Random(seed)
    tables, as_of, pack = organisation(dice), random_as_of(dice), every_kind()
    whole = findings(tables, pack, as_of=as_of)
    units = [unit["unit_id"] for unit in tables["units"]]
    chosen = tuple(dice.sample(units, min(2, len(units))))
    some = findings(tables, pack, as_of=as_of, units=chosen)
    assert some == {where: finding for where, finding in whole.items() if where[0] in chosen}
