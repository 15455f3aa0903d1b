"""Random small organisations that set every requirement of henan-2023 to work, near every border.

One generator serves both worlds: give it a seeded `random.Random`, or let Hypothesis draw (`organisations`).
Every organisation is valid data: unique keys, known units, no circles, ends not before beginnings.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

from hypothesis import strategies as st

from .conditions import Row, Tables
from .events import activities, publications
from .forms import COLUMNS, REQUIRED, UNIQUE, write_csv
from .making import Making
from .random_packs import as_pack, random_requirements
from .rows import (
    approvals,
    assets,
    attestations,
    headcounts,
    platform_usage,
    posts,
    rectifications,
    submissions,
    targets,
    units,
    waivers,
)

__all__ = [
    "as_pack",
    "organisation",
    "organisations",
    "random_as_of",
    "random_requirements",
    "random_window",
    "shrinking_organisations",
    "write_csv",
]

# In the order in which they need each other.
MAKERS: dict[str, Callable[[Making], list[Row]]] = {
    "units": units,
    "posts": posts,
    "assets": assets,
    "approvals": approvals,
    "activities": activities,
    "publications": publications,
    "platform_usage": platform_usage,
    "headcounts": headcounts,
    "submissions": submissions,
    "rectifications": rectifications,
    "targets": targets,
    "waivers": waivers,
    "attestations": attestations,
}


def organisation(rng: random.Random, year: int = 2024, small: bool = False) -> Tables:
    """Return the tables of a random organisation, lively in the year; a missing table is None or absent."""
    making = Making(rng, year, small)
    tables: Tables = {}
    for table, make in MAKERS.items():
        rows = make(making)
        making.rows[table] = rows
        tables[table] = rows
    blank_share = rng.choice((0, 0, 0, 0.01, 0.05, 0.2))
    for table, made in making.rows.items():
        finished = unique(table, [whole(table, row) for row in made])
        for row in finished:
            blank(rng, table, row, blank_share)
        rng.shuffle(finished)
        tables[table] = finished
    lose_tables(rng, tables)
    return tables


def whole(table: str, row: Row) -> Row:
    """Return the row with every declared column."""
    return {column: row.get(column) for column in COLUMNS[table]}


def unique(table: str, rows: list[Row]) -> list[Row]:
    """Return the rows without those whose key came before."""
    found: dict[tuple[object, ...], Row] = {}
    for row in rows:
        found.setdefault(tuple(row[column] for column in UNIQUE[table]), row)
    return list(found.values())


def blank(rng: random.Random, table: str, row: Row, blank_share: float) -> None:
    """Blank some of the cells a row can do without."""
    if not blank_share:
        return
    for column in COLUMNS[table]:
        if column not in REQUIRED[table] and rng.random() < blank_share:
            row[column] = None


def lose_tables(rng: random.Random, tables: Tables) -> None:
    """Empty some tables, and leave some out, in both ways of saying so."""
    if rng.random() < 0.6:
        return
    for table in [table for table in tables if table != "units"]:
        fate = rng.random()
        if fate < 0.08:
            tables[table] = None
        elif fate < 0.12:
            del tables[table]
        elif fate < 0.2:
            tables[table] = []


def random_as_of(rng: random.Random, year: int = 2024) -> date:
    """Return an as-of day: a border, about nine tenths of a period, or any from the year's first on."""
    borders = [
        *(date(year, 1, 1), date(year, 1, 31), date(year, 2, 1), date(year, 3, 28), date(year, 3, 31)),
        *(date(year, 6, 30), date(year, 7, 13), date(year, 7, 14), date(year, 7, 31), date(year, 8, 1)),
        *(date(year, 11, 24), date(year, 11, 25), date(year, 11, 26), date(year, 12, 30)),
        *(date(year, 12, 31), date(year, 12, 31), date(year + 1, 1, 1), date(year + 1, 1, 31)),
        *(date(year + 1, 1, 31), date(year + 1, 2, 1), date(year + 1, 6, 1)),
    ]
    if rng.random() < 0.7:
        return rng.choice(borders)
    return date(year, 1, 1) + timedelta(days=rng.randint(0, 420))


def random_window(rng: random.Random, year: int = 2024) -> tuple[date, date]:
    """Return an audit window: mostly the year, else a stretch that cuts periods."""
    if rng.random() < 0.7:
        return date(year, 1, 1), date(year, 12, 31)
    first = date(year - 1, 12, 20) + timedelta(days=rng.randint(0, 250))
    return first, first + timedelta(days=rng.randint(0, 250))


def organisations(year: int = 2024) -> st.SearchStrategy[Tables]:
    """Return a strategy of organisations from seeds: quick and rich, but it shrinks only the seed."""
    return st.integers(0, 2**32 - 1).map(lambda seed: organisation(random.Random(seed), year))


def shrinking_organisations(year: int = 2024) -> st.SearchStrategy[Tables]:
    """Return a strategy of very small organisations drawn choice by choice, so that failures shrink."""
    return st.randoms(use_true_random=False).map(lambda rng: organisation(rng, year, small=True))
