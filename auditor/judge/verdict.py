"""Measurement and period -> verdict, as one SELECT a requirement; exact, in whole numbers and decimals.

The table of verdicts of the manual, line by line: the first case that fits gives the reason, the reason and
whether the period is over give the verdict. What can be known before the end follows from the measurement's
nature (`model.requirement.Nature`).
"""

from __future__ import annotations

from datetime import date

from auditor.engines.sql import literal, literals
from auditor.measures.threshold import lack_sql, meets_sql
from auditor.model.measurement import Measurement
from auditor.model.requirement import Nature, Threshold

COLUMNS = (
    "number", "unit_id", "period", "ordinal", "last_on", "verdict", "reason", "value", "numerator", "denominator",
    "considered", "shortfall", "provisional", "forecast", "borderline", "unannounced", "waived", "answer", "missing",
)  # fmt: skip
"""The columns of the table `findings`, in order; `number` is the requirement's place in the order of ids."""

_PADDED = {
    "value": "DECIMAL(38, 6)", "numerator": "BIGINT", "denominator": "BIGINT", "considered": "BIGINT",
    "value_both": "BIGINT", "value_neither": "BIGINT", "unannounced": "BOOLEAN", "behind": "BIGINT",
    "answer": "VARCHAR",
}  # fmt: skip

_NOT_MET = ("below_threshold", "above_threshold", "not_equal", "rows_in_breach", "subjects_short")
_MET = ("met", "no_breach", "subjects_met")
_UNMEASURED = ("outside_effective_dates", "unit_not_active", "table_missing", "no_records", "no_subjects")


def verdict_sql(measurement: Measurement, effective: tuple[date | None, date | None]) -> str:
    """Return the SELECT that judges a requirement's measurements; its columns are `COLUMNS`.

    `effective` are the days from which and to which the pack is in force (None: open).
    """
    return f"""WITH {_measured(measurement, effective)},
reasoned AS (
  SELECT *, CASE {_reason(measurement)} END AS reason
  FROM measured
),
judged AS (
  SELECT *, CASE {_verdict(measurement)} END AS verdict
  FROM reasoned
)
SELECT {measurement.number}, j.unit_id, j.period, j.ordinal, j.last_on, j.verdict, j.reason,
  {_unless_unmeasured("j.value")}, {_unless_unmeasured("j.numerator")}, {_unless_unmeasured("j.denominator")},
  {_unless_unmeasured("j.considered")},
  CASE WHEN j.reason IN ({literals(_NOT_MET)}) THEN CAST({_shortfall(measurement)} AS DECIMAL(38, 6)) END,
  NOT j.is_over AND ({_provisional(measurement)}),
  {_forecast(measurement)},
  {_borderline(measurement)},
  coalesce(j.unannounced, FALSE) AND j.verdict IN ('pass', 'fail'),
  CASE WHEN j.verdict = 'fail' THEN w.waiver_id END,
  {_unless_unmeasured("j.answer")},
  CASE WHEN j.reason = 'table_missing' THEN j.missing END
FROM judged j LEFT JOIN ({_waivers(measurement)}) w ON w.unit_id = j.unit_id AND w.period = j.period"""


def _measured(measurement: Measurement, effective: tuple[date | None, date | None]) -> str:
    """Return the measurements with their period, padded to all columns, and what makes them unmeasurable."""
    columns = ", ".join(
        f"CAST({f'm.{column}' if column in measurement.gives else 'NULL'} AS {kind}) AS {column}"
        for column, kind in _PADDED.items()
    )
    first, last = effective
    outside = [f"p.begins_on < {literal(first)}"] if first else []
    outside += [f"p.begins_on > {literal(last)}"] if last else []
    return f"""measured AS (
  SELECT m.unit_id, m.period, p.ordinal, p.last_on, p.days, p.days_gone, p.is_over, {columns},
    {" OR ".join(outside) or "FALSE"} AS is_outside,
    u.active_from > p.first_on OR u.active_to < p.reference_on AS is_inactive,
    x.unit_id IS NOT NULL AS is_missing, x.missing
  FROM {measurement.view} m
  JOIN periods p ON p.scheme = {literal(measurement.requirement.period)} AND p.period = m.period
  JOIN units u ON u.unit_id = m.unit_id
  LEFT JOIN (
    SELECT unit_id, string_agg(table_name, ';' ORDER BY table_name) AS missing
    FROM missing_tables WHERE table_name IN ({literals(measurement.tables)}) GROUP BY unit_id
  ) x ON x.unit_id = m.unit_id
)"""


def _waivers(measurement: Measurement) -> str:
    """Return the waiver of each unit and period that is valid on its reference day."""
    return f"""
  SELECT v.unit_id, p.period, min(v.waiver_id) AS waiver_id
  FROM waivers v JOIN periods p ON p.scheme = {literal(measurement.requirement.period)}
    AND (v.valid_from IS NULL OR v.valid_from <= p.reference_on)
    AND (v.valid_to IS NULL OR v.valid_to >= p.reference_on)
  WHERE v.requirement_id = {literal(measurement.requirement.id)}
  GROUP BY v.unit_id, p.period
"""


def _reason(measurement: Measurement) -> str:
    cases = [
        ("is_outside", "outside_effective_dates"),
        ("coalesce(is_inactive, FALSE)", "unit_not_active"),
        ("is_missing", "table_missing"),
    ]
    if measurement.nature == Nature.ATTEST:
        cases += [
            (f"answer = {literal(answer)}", f"attested_{answer}")
            for answer in ("yes", "no", "not_applicable")
        ]
        return _cases(cases, "not_attested")
    if "numerator" in measurement.gives:
        cases += [("numerator IS NULL", "no_rows"), ("denominator = 0", "zero_denominator")]
    elif "considered" in measurement.gives:
        cases += [
            ("considered = 0", "no_records" if measurement.nature == Nature.BREACHES else "no_subjects")
        ]
    met, missed = _words(measurement)
    cases += [(_meets(measurement), met)]
    if _threshold(measurement).op == "between":
        cases += [(f"value < {literal(_threshold(measurement).low)}", "below_threshold")]
    return _cases(cases, missed)


def _words(measurement: Measurement) -> tuple[str, str]:
    """Return the reason where the threshold is met, and where it is not."""
    if measurement.nature == Nature.BREACHES:
        return "no_breach", "rows_in_breach"
    if "behind" in measurement.gives:
        return "subjects_met", "subjects_short"
    missed = {">=": "below_threshold", ">": "below_threshold", "==": "not_equal"}
    return "met", missed.get(_threshold(measurement).op, "above_threshold")


def _verdict(measurement: Measurement) -> str:
    share = measurement.nature == Nature.SHARE
    open_end = "CASE WHEN is_over THEN 'insufficient_data' ELSE 'pending' END"
    cases = [
        ("reason IN ('outside_effective_dates', 'unit_not_active', 'attested_not_applicable', 'no_records')",
         "'not_applicable'"),
        ("reason = 'table_missing'", "'insufficient_data'"),
        ("reason = 'no_subjects'", literal(measurement.when_none)),
        ("reason = 'not_attested'", open_end),
        ("reason IN ('no_rows', 'zero_denominator')", open_end if share else "'insufficient_data'"),
        (f"reason IN ({literals(_MET)}) OR reason = 'attested_yes'", "'pass'"),
        ("reason = 'attested_no' OR is_over", "'fail'"),
    ]  # fmt: skip
    return (
        " ".join(f"WHEN {test} THEN {then}" for test, then in cases) + f" ELSE {_before_the_end(measurement)}"
    )


def _before_the_end(measurement: Measurement) -> str:
    """Return the verdict of a threshold not met while the period still runs."""
    if measurement.nature in (Nature.SHARE, Nature.SUBJECTS):
        return "'pending'"
    if measurement.nature == Nature.FLOW:
        threshold = _threshold(measurement)
        if threshold.op in (">=", ">"):
            return "'pending'"
        if threshold.op in ("==", "between"):
            return f"CASE WHEN value > {literal(threshold.high)} THEN 'fail' ELSE 'pending' END"
    return "'fail'"


def _provisional(measurement: Measurement) -> str:
    """Return when a verdict given before the end may still change."""
    if measurement.nature == Nature.ATTEST:
        return "j.reason IN ('attested_yes', 'attested_no')"
    if measurement.nature == Nature.STANDING:
        return "j.verdict IN ('pass', 'fail')"
    if measurement.nature == Nature.FLOW and _threshold(measurement).op in (">=", ">"):
        return "FALSE"
    return "j.verdict = 'pass'"


def _forecast(measurement: Measurement) -> str:
    if measurement.nature == Nature.ATTEST:
        return "NULL"
    on_track = {
        # value < floor(threshold x gone / days) in whole numbers: no division, so no rounding to differ in.
        Nature.FLOW: f"(floor(j.value) + 1) * j.days > {_low(measurement)} * j.days_gone",
        Nature.SUBJECTS: "j.behind = 0",
    }.get(measurement.nature, "FALSE")
    return (
        f"CASE WHEN j.verdict = 'pending' AND j.reason IN ({literals(_NOT_MET)}) THEN "
        f"CASE WHEN 10 * j.days_gone < 9 * j.days AND {on_track} THEN 'on_track' ELSE 'at_risk' END END"
    )


def _borderline(measurement: Measurement) -> str:
    if "value_both" not in measurement.gives:
        return "FALSE"
    high = literal(_threshold(measurement).high)
    turned = " OR ".join(
        f"(j.{other} <= {high}) <> (j.value <= {high})" for other in ("value_both", "value_neither")
    )
    return f"coalesce(j.reason IN ('no_breach', 'rows_in_breach') AND ({turned}), FALSE)"


def _meets(measurement: Measurement) -> str:
    if "behind" in measurement.gives:
        return "value = 0"
    threshold = _threshold(measurement)
    if "numerator" in measurement.gives:
        wanted, scale = _as_ratio(threshold)
        return f"{scale} * numerator {threshold.op} {wanted} * denominator"
    return meets_sql("value", threshold)


def _shortfall(measurement: Measurement) -> str:
    """Return how far the value is off, as SQL; only asked where the threshold is not met."""
    if measurement.nature == Nature.ATTEST:
        return "NULL"
    if "behind" in measurement.gives:
        return "j.value"
    threshold = _threshold(measurement)
    if "numerator" in measurement.gives:
        return _ratio_shortfall(threshold)
    return lack_sql("j.value", threshold)


def _ratio_shortfall(threshold: Threshold) -> str:
    """Return the least whole number to add to the numerator (to take from it, for `<=`)."""
    wanted, scale = _as_ratio(threshold)
    off = f"({wanted} * j.denominator - {scale} * j.numerator)"
    if threshold.op == ">":
        return f"CAST(({off} - {off} % {scale}) / {scale} AS BIGINT) + 1"
    if threshold.op == "<=":
        off = f"({scale} * j.numerator - {wanted} * j.denominator)"
    return f"CAST(({off} + ({scale} - {off} % {scale}) % {scale}) / {scale} AS BIGINT)"


def _as_ratio(threshold: Threshold) -> tuple[int, int]:
    """Return the threshold as two whole numbers: 35% is (35, 100)."""
    exponent = max(2, -int(threshold.low.normalize().as_tuple().exponent))
    return int(threshold.low.scaleb(exponent)), 10**exponent


def _threshold(measurement: Measurement) -> Threshold:
    assert measurement.requirement.threshold is not None, measurement.requirement.id
    return measurement.requirement.threshold


def _low(measurement: Measurement) -> str:
    return literal(_threshold(measurement).low)


def _unless_unmeasured(column: str) -> str:
    return f"CASE WHEN j.reason NOT IN ({literals(_UNMEASURED)}) THEN {column} END"


def _cases(cases: list[tuple[str, str]], otherwise: str) -> str:
    whens = " ".join(f"WHEN {test} THEN {literal(then)}" for test, then in cases)
    return f"{whens} ELSE {literal(otherwise)}"
