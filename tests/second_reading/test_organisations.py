"""The generators keep their promises: valid data, every requirement at work, and a faithful machine form."""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings

from .conditions import Row, Tables
from .forms import COLUMNS, REQUIRED, UNIQUE
from .henan import REQUIREMENTS
from .measuring import DEFAULT_DATES, LIVES
from .organisations import (
    organisation,
    organisations,
    random_as_of,
    random_requirements,
    random_window,
    shrinking_organisations,
    write_csv,
)
from .reading import audit

pytestmark = pytest.mark.slow

RULES = Path(__file__).parents[2] / "rules"
SINCE = date(2024, 1, 1)


def test_every_requirement_is_set_to_work() -> None:
    """Over a few seeds every requirement of henan-2023 passes somewhere and fails somewhere."""
    verdicts: dict[str, set[str]] = defaultdict(set)
    for seed in range(60):
        rng = random.Random(seed)
        tables, (first, last), as_of = organisation(rng), random_window(rng), random_as_of(rng)
        found = audit(tables, REQUIREMENTS, effective=(SINCE, None), first=first, last=last, as_of=as_of)
        for one in found:
            verdicts[one["requirement_id"]].add(one["verdict"])
    assert {one["id"] for one in REQUIREMENTS} == set(verdicts)
    lacking = {key: seen for key, seen in verdicts.items() if not {"pass", "fail", "not_applicable"} <= seen}
    assert lacking == {}


def assert_valid(tables: Tables) -> None:
    """Hold the tables against what intake would refuse."""
    units = {row["unit_id"] for row in tables["units"] or []}
    parents = {row["unit_id"]: row["parent_id"] for row in tables["units"] or []}
    for unit_id in units:
        seen = set()
        above: str | None = unit_id
        while above is not None:
            assert above not in seen
            assert above in units
            seen.add(above)
            above = parents[above]
    for table, rows in tables.items():
        keys = [tuple(row[column] for column in UNIQUE[table]) for row in rows or []]
        assert len(keys) == len(set(keys))
        for row in rows or []:
            assert tuple(row) == COLUMNS[table]
            assert row["unit_id"] in units
            assert_whole(table, row)


def assert_whole(table: str, row: Row) -> None:
    """Hold one row: nothing required is blank, no end lies before its beginning."""
    blanks = {column for column in REQUIRED[table] if row[column] is None} - {"for_period"}
    assert not blanks
    pairs = [LIVES[table]] if table in LIVES else [("valid_from", "valid_to")] if table == "waivers" else []
    for start, end in pairs:
        assert row[start] is None or row[end] is None or row[start] <= row[end]


@settings(max_examples=12, deadline=None, database=None)
@given(organisations())
def test_organisations_are_valid(tables: Tables) -> None:
    """Seeded organisations are valid data."""
    assert_valid(tables)


@settings(
    max_examples=10,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(shrinking_organisations())
def test_shrinking_organisations_are_valid(tables: Tables) -> None:
    """Organisations drawn choice by choice are valid data, and can be audited."""
    assert_valid(tables)
    audit(
        tables,
        REQUIREMENTS,
        effective=(SINCE, None),
        first=SINCE,
        last=date(2024, 12, 31),
        as_of=date(2024, 9, 1),
    )


def test_seeds_are_faithful() -> None:
    """The same seed makes the same organisation and the same requirements."""
    assert organisation(random.Random(7)) == organisation(random.Random(7))
    assert random_requirements(random.Random(7)) == random_requirements(random.Random(7))


def test_random_requirements_can_be_read() -> None:
    """No random requirement falls between the lines of the verdict table; no finding comes twice."""
    for seed in range(40):
        rng = random.Random(seed)
        tables, requirements = organisation(rng), random_requirements(rng)
        found = audit(
            tables,
            requirements,
            effective=(None, None),
            first=SINCE,
            last=date(2024, 12, 31),
            as_of=random_as_of(rng),
        )
        keys = [(one["unit_id"], one["requirement_id"], one["period"]) for one in found]
        assert keys == sorted(set(keys))


def test_csv_form(tmp_path: Path) -> None:
    """Every supplied table is a file with every column; a missing table is none."""
    tables = organisation(random.Random(3))
    tables["posts"] = None
    tables["targets"] = []
    write_csv(tables, tmp_path)
    assert not (tmp_path / "posts.csv").exists()
    assert (tmp_path / "targets.csv").read_text(encoding="utf-8") == "unit_id,requirement_id,year,value\n"
    with (tmp_path / "units.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row, unit in zip(rows, tables["units"] or [], strict=True):
        assert row["unit_id"] == unit["unit_id"]
        assert row["tags"] == ";".join(unit["tags"] or ())


def test_the_forms_are_the_declared_ones() -> None:
    """The second reading's columns, keys, dates and lives are those of the declaration."""
    declared = yaml.safe_load((RULES / "tables.yaml").read_text(encoding="utf-8"))["tables"]
    assert {table: tuple(form["columns"]) for table, form in declared.items()} == COLUMNS
    assert {table: tuple(form["key"]) for table, form in declared.items()} == UNIQUE
    assert {table: form["date"] for table, form in declared.items() if "date" in form} == DEFAULT_DATES
    assert {table: tuple(form["life"]) for table, form in declared.items() if "life" in form} == LIVES


def test_the_pack_says_the_same() -> None:
    """henan-2023 and the second reading of the document agree on what is measured, of whom, and how much."""
    pack = yaml.safe_load((RULES / "packs" / "henan-2023.yaml").read_text(encoding="utf-8"))
    shipped = {one["id"]: plain(one) for one in pack["requirements"]}
    assert shipped == {one["id"]: plain(one) for one in REQUIREMENTS}
    assert pack["effective"] == {"from": SINCE}


def plain(value: object) -> object:
    """Return a requirement without its words; a list of one is its value, an empty `where` is none."""
    if isinstance(value, dict):
        words = {
            "clause",
            "duty",
            "title",
            "value_unit",
            "responsible",
            "remedy",
            "note",
            "assumed",
            "rectify_within",
        }
        return {key: plain(one) for key, one in value.items() if key not in words and one != {}}
    if isinstance(value, list):
        return plain(value[0]) if len(value) == 1 else [plain(one) for one in value]
    return value
