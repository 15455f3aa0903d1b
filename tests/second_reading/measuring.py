"""What a requirement measures of a unit in a period, row by row (the design's section 3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from .conditions import KEYS, Row, Tables, compare, exact, examine_all, is_number, lack_of, matches
from .days import Period

Number = int | Fraction
Place = tuple[str, int]

DEFAULT_DATES = {
    "headcounts": "counted_on",
    "activities": "held_on",
    "approvals": "held_on",
    "publications": "published_on",
    "platform_usage": "day",
    "submissions": "submitted_on",
    "rectifications": "due_on",
    "attestations": "checked_on",
}
LIVES = {
    "units": ("active_from", "active_to"),
    "posts": ("active_from", "active_to"),
    "assets": ("opened_on", "closed_on"),
}


@dataclass(frozen=True)
class Threshold:
    """An operator and its number, or for `between` the two ends."""

    op: str
    value: Any

    @classmethod
    def of(cls, requirement: dict[str, Any]) -> Threshold:
        """Read a requirement's threshold exactly."""
        stated = requirement.get("threshold") or {"op": "<=", "value": 0}
        if stated["op"] == "between":
            low, high = stated["value"]
            return cls("between", (exact(low), exact(high)))
        return cls(stated["op"], exact(stated["value"]))

    @property
    def low(self) -> Number:
        """Return the number that has to be reached."""
        return exact(self.value[0] if self.op == "between" else self.value)

    def is_met(self, value: Number) -> bool:
        """Say whether a value meets the threshold."""
        if self.op == "between":
            return bool(self.value[0] <= value <= self.value[1])
        return compare(value, self.op, self.value)

    def is_below(self, value: Number) -> bool:
        """Say whether a value that misses the threshold misses it from below."""
        return self.op in (">=", ">") or value < self.low


@dataclass
class Measurement:
    """A value and the rows behind it; `nothing` says why there is no value."""

    value: Number | None = None
    numerator: Number | None = None
    denominator: Number | None = None
    is_whole: bool = True
    evidence: set[Place] = field(default_factory=set)
    inner_rows: set[Place] = field(default_factory=set)
    records: list[tuple[Place, Number | None, Number | None]] = field(default_factory=list)
    subjects: list[tuple[str, Number | None, Number | None]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    nothing: str | None = None
    answer: str | None = None
    is_unannounced: bool = False


@dataclass(frozen=True)
class Cell:
    """One requirement, one unit, one period, and the data to look at."""

    tables: Tables
    requirement: dict[str, Any]
    unit_id: str
    period: Period
    as_of: date
    reading: str = "strict"

    @property
    def measure(self) -> dict[str, Any]:
        """Return the requirement's measure."""
        measure: dict[str, Any] = self.requirement["measure"]
        return measure

    @property
    def reference_day(self) -> date:
        """Return the earlier of the period's end and the as-of day."""
        return self.period.reference_day(self.as_of)

    @property
    def year(self) -> int:
        """Return the year the period belongs to."""
        return self.period.begins.year

    def units_below(self) -> set[str]:
        """Return the units below the unit, at any depth."""
        below: set[str] = set()
        grew = True
        while grew:
            grew = False
            for row in self.tables["units"] or []:
                if row["unit_id"] not in below and row.get("parent_id") in {self.unit_id} | below:
                    below.add(row["unit_id"])
                    grew = True
        return below

    def scope(self, scope: str | None) -> set[str]:
        """Return the units whose rows are looked at."""
        return {self.unit_id} | (self.units_below() if scope == "subtree" else set())

    def rows(self, table: str, where: dict[str, Any] | None, units: set[str]) -> list[tuple[Place, Row]]:
        """Return the rows of these units that pass the `where`, with their places."""
        found = []
        for index, row in enumerate(self.tables[table] or []):
            if row.get("unit_id") in units and matches(row, where or {}, self.year):
                found.append(((table, index + 2), row))
        return found

    def counted(self, measure: dict[str, Any], units: set[str]) -> list[tuple[Place, Row]]:
        """Return the rows a measure counts: of a flow those in the period so far, of a stock those alive."""
        found = []
        column = date_column(measure)
        for place, row in self.rows(measure["table"], measure.get("where"), units):
            if column is None:
                if is_alive(row, measure["table"], self.reference_day, self.reference_day):
                    found.append((place, row))
            elif row.get(column) is not None and self.period.first <= row[column] <= self.reference_day:
                found.append((place, row))
        return found


def date_column(measure: dict[str, Any]) -> str | None:
    """Return the column that dates a measure's rows; None for a stock."""
    column: str | None = measure.get("date") or DEFAULT_DATES.get(measure["table"])
    if column is None and measure["table"] not in LIVES:
        raise ValueError(f"nothing dates the rows of {measure['table']}")
    return column


def is_alive(row: Row, table: str, first: date, last: date) -> bool:
    """Say whether a row with a life was alive from the first to the last day; a blank end is open."""
    starts, ends = (row.get(column) for column in LIVES[table])
    return (starts is None or starts <= first) and (ends is None or ends >= last)


def measure_count(cell: Cell) -> Measurement:
    """Count rows, or the distinct values of a column; a blank is no value."""
    measure = cell.measure
    rows = cell.counted(measure, cell.scope(measure.get("scope")))
    if "distinct" not in measure:
        return Measurement(value=len(rows), evidence={place for place, _ in rows})
    with_value = [(place, row) for place, row in rows if row.get(measure["distinct"]) is not None]
    values = {row[measure["distinct"]] for _, row in with_value}
    return Measurement(value=len(values), evidence={place for place, _ in with_value})


def total(rows: list[tuple[Place, Row]], column: str) -> Number:
    """Add a column up exactly; a blank counts 0."""
    return exact(
        sum((Fraction(exact(row[column])) for _, row in rows if row.get(column) is not None), Fraction())
    )


def is_whole_column(table: str, column: str) -> bool:
    """Say whether a column holds whole numbers: every numeric one but the class hours and the targets."""
    return (table, column) not in {("activities", "hours"), ("targets", "value")}


def measure_sum(cell: Cell) -> Measurement:
    """Sum a column over the rows of a flow."""
    measure = cell.measure
    if date_column(measure) is None:
        raise ValueError("no line of the verdict table names the sum of a stock")
    rows = cell.counted(measure, cell.scope(measure.get("scope")))
    whole = is_whole_column(measure["table"], measure["column"])
    evidence = {place for place, _ in rows}
    return Measurement(value=total(rows, measure["column"]), is_whole=whole, evidence=evidence)


def measure_ratio(cell: Cell) -> Measurement:
    """Divide: both columns pooled over the period, or those of the row with the last date."""
    measure = cell.measure
    column = date_column(measure)
    if column is None:
        raise ValueError("a ratio needs dated rows")
    usable = []
    for place, row in cell.rows(measure["table"], measure.get("where"), cell.scope(measure.get("scope"))):
        day = row.get(column)
        if day is None or day > cell.reference_day:
            continue
        if row.get(measure["numerator"]) is None or row.get(measure["denominator"]) is None:
            continue
        if measure["how"] == "latest" or day >= cell.period.first:
            usable.append((place, row))
    if not usable:
        return Measurement(nothing="no_rows")
    if measure["how"] != "pooled":
        latest = max(row[column] for _, row in usable)
        usable = [(place, row) for place, row in usable if row[column] == latest]
    numerator, denominator = total(usable, measure["numerator"]), total(usable, measure["denominator"])
    found = Measurement(None, numerator, denominator, evidence={place for place, _ in usable})
    if denominator == 0:
        found.nothing = "zero_denominator"
    else:
        found.value = exact(Fraction(numerator) / Fraction(denominator))
    return found


def measure_each_record(cell: Cell) -> Measurement:
    """Count the rows of the period that break a condition."""
    measure = cell.measure
    if date_column(measure) is None:
        raise ValueError("each_record over a stock needs a date")
    rows = cell.counted(measure, cell.scope(measure.get("scope")))
    if not rows:
        return Measurement(nothing="no_records")
    found, breaches = Measurement(), 0
    for place, row in rows:
        examined = examine_all(row, measure["must"], cell.tables, cell.year, cell.reading)
        found.evidence.add(place)
        found.records.append((place, examined.value, examined.shortfall))
        found.is_unannounced |= examined.is_unannounced
        breaches += examined.broken > 0
    found.value = breaches
    return found


def subjects_of(cell: Cell, during: bool) -> tuple[list[tuple[str, Place | None, Row]], list[str]]:
    """Return the subjects that take part, and the keys of those left out.

    `during`: alive from the period's first day to the reference day; otherwise on the reference day.
    """
    subjects = cell.measure["subjects"]
    if "values" in subjects:
        return [(value, None, {}) for value in subjects["values"]], []
    table = subjects["table"]
    units = cell.units_below() if table == "units" else cell.scope(cell.measure.get("scope"))
    taking_part: list[tuple[str, Place | None, Row]] = []
    left_out: list[str] = []
    first = cell.period.first if during else cell.reference_day
    for place, row in cell.rows(table, subjects.get("where"), units):
        if is_alive(row, table, first, cell.reference_day):
            taking_part.append((row[KEYS[table]], place, row))
        else:
            left_out.append(row[KEYS[table]])
    return taking_part, sorted(left_out)


def measure_each_subject(cell: Cell) -> Measurement:
    """Count the subjects that miss the threshold, each by its own value."""
    inner = cell.measure["inner"]
    over_flow = "kind" in inner
    taking_part, left_out = subjects_of(cell, over_flow)
    found = Measurement(left_out=left_out, nothing=None if taking_part else "no_subjects")
    value: Number | None
    missing = 0
    for key, place, row in taking_part:
        if place is not None:
            found.evidence.add(place)
        if over_flow:
            value, shortfall = inner_value(cell, inner, key, found)
        elif "must" in inner:
            examined = examine_all(row, inner["must"], cell.tables, cell.year, cell.reading)
            found.is_unannounced |= examined.is_unannounced
            value, shortfall = examined.value, examined.shortfall
        else:
            value, shortfall = column_value(cell, row.get(inner["column"]))
        found.subjects.append((key, value, shortfall))
        missing += shortfall is not None
    found.value = missing
    found.subjects.sort(key=lambda subject: subject[0])
    return found


def column_value(cell: Cell, value: Any) -> tuple[Number | None, Number | None]:
    """Return a subject's own number and what it lacks; a blank misses, by one thing to put right."""
    if value is None or not is_number(value):
        return None, 1
    threshold = Threshold.of(cell.requirement)
    number = exact(value)
    return number, None if threshold.is_met(number) else lack_of(threshold.op, threshold.value, number)


def inner_value(
    cell: Cell, inner: dict[str, Any], key: str, found: Measurement
) -> tuple[Number, Number | None]:
    """Count or sum a subject's rows."""
    if date_column(inner) is None:
        raise ValueError("each_subject counts and sums over a flow")
    rows = rows_of_subject(cell, inner, key, found)
    value: Number = len(rows)
    whole = True
    if inner["kind"] == "sum":
        value, whole = total(rows, inner["column"]), is_whole_column(inner["table"], inner["column"])
    threshold = Threshold.of(cell.requirement)
    return value, None if threshold.is_met(value) else lack_of(threshold.op, threshold.value, value, whole)


def rows_of_subject(
    cell: Cell, inner: dict[str, Any], key: str, found: Measurement
) -> list[tuple[Place, Row]]:
    """Return the rows of the unit and those below it whose `by` column holds the subject's key."""
    rows = []
    for place, row in cell.counted(inner, cell.scope("subtree")):
        by = row.get(inner["by"])
        if by == key or (isinstance(by, tuple) and key in by):
            rows.append((place, row))
            found.inner_rows.add(place)
    return rows


def measure_attest(cell: Cell) -> Measurement:
    """Find the latest answer that is for the period and was given on or before the as-of day.

    Of two answers of one day, the one that names the period wins.
    """
    latest: tuple[date, bool] | None = None
    found = Measurement()
    of_requirement = {"requirement_id": cell.requirement["id"]}
    for place, row in cell.rows("attestations", of_requirement, {cell.unit_id}):
        checked_on, label = row["checked_on"], row.get("for_period")
        if checked_on > cell.as_of or row.get("answer") is None:
            continue
        if label is None and not cell.period.first <= checked_on <= cell.period.last:
            continue
        if label is not None and label != cell.period.label:
            continue
        if latest is None or (checked_on, label is not None) > latest:
            latest = (checked_on, label is not None)
            found.answer, found.evidence = row["answer"], {place}
    return found
