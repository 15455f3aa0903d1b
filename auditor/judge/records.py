"""Rows of the engine -> findings as frozen records, with the figures of their reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import Any, NamedTuple

from auditor.engines.duckdb import DuckDBEngine
from auditor.judge.findings import stream_evidence, stream_findings
from auditor.model.finding import Asked, Evidence, Finding, Number
from auditor.model.measurement import Measurement
from auditor.model.requirement import as_number

_SILENT = frozenset(
    {"outside_effective_dates", "unit_not_active", "table_missing", "no_records", "no_subjects"}
)
"""Reasons that rest on no row."""

_ATTESTED = "attested_"
_MILLIONTH = Decimal("0.000001")


class _Row(NamedTuple):
    """A finding as the engine gives it; the fields are `findings.READ`."""

    number: int
    unit_id: str
    period_no: int
    verdict: Any
    reason: str
    value: Decimal | None
    numerator: int | None
    denominator: int | None
    considered: int | None
    shortfall: Decimal | None
    provisional: bool
    forecast: Any
    borderline: bool
    unannounced: bool
    period: str
    last_on: Any
    waived: str | None
    missing: str | None
    low: Decimal | None
    high: Decimal | None
    wanted: int | None
    scale: int | None

    @property
    def answer(self) -> str | None:
        """The answer of an attestation, which its reason says."""
        return self.reason.removeprefix(_ATTESTED) if self.reason.startswith(_ATTESTED) else None


@dataclass(frozen=True)
class _Standard:
    """Where a requirement's number comes from, worked out once for all of its findings; `own` is the rule's own."""

    op: str
    comes_from: str | None
    own: Asked | None

    @classmethod
    def of(cls, measurement: Measurement) -> _Standard:
        threshold = measurement.requirement.threshold
        if threshold is None:
            return cls("", None, None)
        own = Asked(threshold.op, threshold.low, threshold.high) if threshold.standard == "number" else None
        return cls(threshold.op, threshold.standard, own)

    def asked(self, row: _Row) -> Asked | None:
        """Return what was asked: the rule's own number, or what the engine found in its place."""
        if self.comes_from is None or self.own is not None:
            return self.own
        if self.comes_from == "previous" and row.wanted is not None and row.scale:
            share = (Decimal(row.wanted) / Decimal(row.scale)).quantize(_MILLIONTH, ROUND_HALF_UP)
            return Asked(self.op, share, share, row.wanted, row.scale)
        return Asked(self.op, row.low, row.high)


class FindingReader:
    """Reads the findings out of the engine, as often as it is called; the evidence is gathered when first asked."""

    def __init__(
        self, measurements: Sequence[Measurement], engine: DuckDBEngine, gather: Callable[[], None]
    ) -> None:
        self._by_number = {each.number: (each, _Standard.of(each)) for each in measurements}
        self._engine, self._gather, self._gathered = engine, gather, False

    def __call__(self, evidence: bool) -> Iterator[Finding]:
        """Yield every finding, sorted by unit, requirement and period; with its evidence if that is asked."""
        if evidence and not self._gathered:
            self._gather()
            self._gathered = True
        shown = _Evidence(self._engine) if evidence else None
        for columns in stream_findings(self._engine):
            row = _Row(*columns)
            measurement, standard = self._by_number[row.number]
            rows = shown.of((row.unit_id, row.number, row.period)) if shown else []
            kept = () if row.reason in _SILENT else tuple(_evidence(each, measurement) for each in rows)
            yield _finding(row, measurement, standard.asked(row), kept)


class _Evidence:
    """The sorted stream of evidence, walked in step with the findings."""

    def __init__(self, engine: DuckDBEngine) -> None:
        self._groups = groupby(stream_evidence(engine), key=lambda row: row[:3])
        self._next = next(self._groups, None)

    def of(self, cell: tuple[str, int, str]) -> list[tuple[Any, ...]]:
        if self._next is None or self._next[0] != cell:
            return []
        rows = list(self._next[1])
        self._next = next(self._groups, None)
        return rows


def _evidence(row: tuple[Any, ...], measurement: Measurement) -> Evidence:
    file, sheet, number, subject, value, shortfall = row[3:]
    whole = not measurement.decimal_evidence
    return Evidence(
        file, sheet, number, subject, as_number(value, whole=whole), as_number(shortfall, whole=whole)
    )


def _finding(
    row: _Row, measurement: Measurement, asked: Asked | None, evidence: tuple[Evidence, ...]
) -> Finding:
    whole = not measurement.decimal_value
    shortfall = as_number(row.shortfall, whole=whole)
    return Finding(
        unit_id=row.unit_id,
        requirement_id=measurement.requirement.id,
        period=row.period,
        verdict=row.verdict,
        value=_value(row, whole),
        numerator=row.numerator,
        denominator=row.denominator,
        threshold=asked,
        shortfall=shortfall,
        provisional=row.provisional,
        forecast=row.forecast,
        borderline=row.borderline,
        calendar="unannounced" if row.unannounced else None,
        waived=row.waived,
        reason=row.reason,
        figures=_figures(row, asked, shortfall, whole),
        evidence=evidence,
    )


def _value(row: _Row, whole: bool) -> Number | str | None:
    if row.numerator is not None and row.denominator:
        share = Decimal(row.numerator) / Decimal(row.denominator)
        return share.quantize(_MILLIONTH, ROUND_HALF_UP)
    return row.answer if row.value is None else as_number(row.value, whole=whole)


def _figures(row: _Row, asked: Asked | None, shortfall: Number | None, whole: bool) -> Mapping[str, Any]:
    """Return the figures that the reason's sentence names; what does not apply is left out."""
    figures: dict[str, Any] = {}
    if asked and asked.low is not None and asked.high is not None and row.reason not in _SILENT:
        figures["threshold"] = _threshold(asked.low, whole)
        if asked.op == "between":
            figures["threshold"] = [figures["threshold"], _threshold(asked.high, whole)]
        if asked.scale is not None:
            figures |= {"base_numerator": asked.wanted, "base_denominator": asked.scale}
    if row.missing is not None:
        figures["tables"] = row.missing.split(";")
    named = {
        "value": as_number(row.value, whole=whole), "numerator": row.numerator, "denominator": row.denominator,
        "considered": row.considered, "shortfall": shortfall, "answer": row.answer,
    }  # fmt: skip
    figures.update({key: value for key, value in named.items() if value is not None})
    if row.verdict == "pending":
        figures["by"] = row.last_on.isoformat()
    return figures


def _threshold(value: Decimal, whole: bool) -> Number:
    shown = as_number(value, whole=whole)
    assert shown is not None
    return shown
