"""The kinds as SQL: for each a test of single rows, and the SELECT of the rows to ask about.

A *candidate* is a row that may be asked about; a kind with fewer of them than `least` asks nothing, and its SELECT is
not run. The SELECT gives unit_id, source_no, row_no, `day`, `value` (a stretch in days, or NULL), `run` (which of
several runs, or NULL) and `alike_1`, `alike_2` … Rows of one unit (of `same_day`: of any) with the same `run` that are
alike in these are one question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from auditor.engines.sql import literal, literals, name
from auditor.measures.days import day_number
from auditor.measures.plausibility.rules import Rule
from auditor.measures.where import filter_sql
from auditor.tables.declaration import Table


@dataclass(frozen=True)
class DaysOff:
    """The days off of a window: its Saturdays and Sundays, `otherwise` the other way round, in `years` alone."""

    otherwise: tuple[date, ...]
    years: tuple[int, ...]


@dataclass(frozen=True)
class Counted:
    """The rows of a table that count for a rule: dated from `first_on` to `last_on`, kept by its `where`.

    `days_off` are those of the window, for the kind that asks about them.
    """

    rule: Rule
    table: Table
    first_on: date
    last_on: date
    days_off: DaysOff | None = None

    @property
    def day(self) -> str:
        """The day of a row `t`, as SQL."""
        day = self.rule.dated(self.table)
        assert day is not None, self.rule.id  # a rule without one is refused when it is read
        return f"t.{name(day)}"

    @property
    def tests(self) -> str:
        """The test that a row `t` counts."""
        tests = [f"{self.day} BETWEEN {literal(self.first_on)} AND {literal(self.last_on)}"]
        return _all([*tests, *(filter_sql(each, self.table, "t") for each in self.rule.where)])

    @property
    def candidates(self) -> str:
        """The test that a row `t` counts and may be asked about."""
        return _all([self.tests, CANDIDATES[self.rule.kind](self)])

    @property
    def found(self) -> str:
        """The SELECT of the rows to ask about."""
        return _FOUND[self.rule.kind](self)

    def rows(self, tests: str) -> str:
        """Return the rows `t` that pass tests, to stand behind FROM."""
        return f"(SELECT * FROM {name(self.table.name)} t WHERE {tests}) t"

    def select(self, source: str, *, value: str = "NULL", run: str = "NULL") -> str:
        """Return the SELECT of the columns that the module's docstring names, over rows `t` of `source`."""
        alike = "".join(f", {each} AS alike_{at}" for at, each in enumerate(columns(self.rule.alike), 1))
        return (
            f"SELECT t.unit_id, t.source_no, t.row_no, {self.day} AS day, "
            f"CAST({value} AS BIGINT) AS value, CAST({run} AS BIGINT) AS run{alike}\nFROM {source}"
        )


def columns(named: Iterable[str], alias: str = "t") -> list[str]:
    """Return columns as SQL, of rows under an alias."""
    return [f"{alias}.{name(column)}" for column in named]


def _all(tests: Iterable[str]) -> str:
    return " AND ".join(tests)


# ---- same_rows: rows of one unit that say the same under different keys ----


def _filled(counted: Counted) -> str:
    return f"({' OR '.join(f'{each} IS NOT NULL' for each in columns(counted.rule.filled))})"


def _same_rows(counted: Counted) -> str:
    return counted.select(_alike(counted, ("unit_id", *counted.rule.same), "TRUE"))


# ---- same_day: rows of one post (or another `by`) on one day that differ in a column ----


def _has_subject(counted: Counted) -> str:
    return _all(f"{each} IS NOT NULL" for each in columns(counted.rule.by))


def _same_day(counted: Counted) -> str:
    differ = " OR ".join(f"min({each}) OVER q <> max({each}) OVER q" for each in columns(counted.rule.differ))
    of_one_day = (*counted.rule.by, counted.day.removeprefix("t."))
    return counted.select(_alike(counted, of_one_day, differ), run=day_number(counted.day))


def _alike(counted: Counted, alike: Sequence[str], test: str) -> str:
    """Return the candidates alike with enough others, where they pass a test over the window `q` of those alike."""
    return (
        f"(SELECT t.*, count(*) OVER q AS number_alike, {test} AS is_asked FROM {counted.rows(counted.candidates)}\n"
        f"WINDOW q AS (PARTITION BY {', '.join(columns(alike))})) t\n"
        f"WHERE t.number_alike >= {literal(counted.rule.least)} AND t.is_asked"
    )


# ---- days_between, order: two days of a row ----


def _two_days(counted: Counted) -> tuple[str, str]:
    earlier, later = columns((*counted.rule.under("earlier"), *counted.rule.under("later")))
    return earlier, later


def _too_long(counted: Counted) -> str:
    earlier, later = _two_days(counted)
    return f"{later} > {earlier} + INTERVAL {literal(counted.rule.days)} DAY"


def _days_between(counted: Counted) -> str:
    earlier, later = _two_days(counted)
    stretch = f"{day_number(later)} - {day_number(earlier)}"
    return counted.select(counted.rows(counted.candidates), value=stretch)


def _wrong_way(counted: Counted) -> str:
    earlier, later = _two_days(counted)
    return f"{later} < {earlier}"


def _candidates_alone(counted: Counted) -> str:
    return counted.select(counted.rows(counted.candidates))


# ---- day_off: rows dated on a day off ----


def _is_off(counted: Counted) -> str:
    off, day = counted.days_off, counted.day
    if off is None or not off.years:
        return "FALSE"
    # A week begins on Monday in every engine; how its days are numbered differs.
    weekend = f"{day} >= date_trunc('week', {day}) + INTERVAL 5 DAY"
    test = f"({weekend}) <> ({day} IN ({literals(off.otherwise)}))" if off.otherwise else weekend
    return f"year({day}) IN ({literals(off.years)}) AND ({test})"


# ---- all_late: a year's rows of a unit, all at the year's end ----


def _is_late(counted: Counted) -> str:
    ends = f"make_date(year({counted.day}), 12, 31)"
    return f"{counted.day} > {ends} - INTERVAL {literal(counted.rule.days)} DAY"


def _all_late(counted: Counted) -> str:
    """Return the rows of such years: whole ones of the window, of units that were there from the first day."""
    alike, year = tuple(dict.fromkeys(("unit_id", *counted.rule.by))), f"year({counted.day})"
    listed = ", ".join([*columns(alike), year])
    groups = (
        f"SELECT {', '.join(columns(alike))}, {year} AS of_year FROM {counted.rows(counted.tests)} GROUP BY {listed}\n"
        f"HAVING count(*) >= {literal(counted.rule.least)} "
        f"AND count(*) = count(CASE WHEN {_is_late(counted)} THEN 1 END)"
    )
    begins = f"make_date({year}, 1, 1)"
    same = [f"{g} IS NOT DISTINCT FROM {t}" for g, t in zip(columns(alike, "g"), columns(alike), strict=True)]
    source = (
        f"{counted.rows(counted.candidates)} JOIN (\n{groups}\n) g ON {_all(same)} AND g.of_year = {year}\n"
        f"JOIN units u ON u.unit_id = t.unit_id AND (u.active_from IS NULL OR u.active_from <= {begins})\n"
        f"WHERE {begins} >= {literal(counted.first_on)}"
    )
    return counted.select(source, run=year)


# ---- run_of_equals: rows of a unit, day after day with the same figure ----


def _has_figure(counted: Counted) -> str:
    return _all(f"{each} IS NOT NULL" for each in columns(counted.rule.under("column")))


def _run_of_equals(counted: Counted) -> str:
    """Return the rows that have a figure, each with the number of its run.

    Rows stand by day (of one day: by key); a run begins where the figure is another than that of the row before.
    """
    rule = counted.rule
    order = ", ".join([counted.day, *columns(counted.table.key)])
    window = f"WINDOW w AS (PARTITION BY {', '.join(columns(('unit_id', *rule.by)))} ORDER BY {order})"
    (figure,) = columns(rule.under("column"))
    begins = f"CASE WHEN {figure} IS DISTINCT FROM lag({figure}) OVER w THEN 1 ELSE 0 END"
    begun = f"(SELECT t.*, {begins} AS begins FROM {counted.rows(counted.tests)}\n{window}) t"
    numbered = f"(SELECT t.*, sum(t.begins) OVER w AS run FROM {begun}\n{window}) t"
    return counted.select(f"{numbered} WHERE {figure} IS NOT NULL", run="t.run")


_Sql = Callable[[Counted], str]
CANDIDATES: Mapping[str, _Sql] = {
    "same_rows": _filled,
    "same_day": _has_subject,
    "days_between": _too_long,
    "day_off": _is_off,
    "all_late": _is_late,
    "run_of_equals": _has_figure,
    "order": _wrong_way,
}
_FOUND: Mapping[str, _Sql] = {
    "same_rows": _same_rows,
    "same_day": _same_day,
    "days_between": _days_between,
    "day_off": _candidates_alone,
    "all_late": _all_late,
    "run_of_equals": _run_of_equals,
    "order": _candidates_alone,
}
