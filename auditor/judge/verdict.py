"""Measurement and period -> verdict: the table of verdicts as one SELECT, exact, in whole numbers and decimals.

The first case that fits gives the reason; the reason, and whether the period is over, give the verdict. What can
be said before the end follows from the measurement's nature (`model.requirement.Nature`). What a requirement
asks stands beside it in the table `requirements` (`TERMS`), so one statement judges them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from auditor.model.measurement import Measurement
from auditor.model.requirement import as_ratio

Effective = Mapping[str, tuple[date | None, date | None]]
"""The days from which and to which each pack is in force (None: open), by its name."""

COLUMNS = (
    "number", "unit_id", "period_no", "verdict", "reason", "value", "numerator", "denominator", "considered",
    "shortfall", "provisional", "forecast", "borderline", "unannounced",
)  # fmt: skip
"""The columns of the table `findings`, in order; `number` is the requirement's place in the order of ids.

Findings are millions: what can be looked up again (the period's days, the tables missing, waivers) is not in them.
"""

REASONS = (
    "outside_effective_dates", "unit_not_active", "table_missing", "no_target", "no_base",
    "attested_yes", "attested_no",
    "attested_not_applicable", "not_attested", "no_rows", "zero_denominator", "no_records", "no_subjects",
    "no_breach", "rows_in_breach", "subjects_met", "subjects_short", "met", "not_equal", "below_threshold",
    "above_threshold",
)  # fmt: skip
"""Every reason that a verdict can have; each has its sentence in `texts`."""

TERMS = (
    "number INTEGER", "requirement_id VARCHAR", "scheme VARCHAR", "nature VARCHAR", "shape VARCHAR", "op VARCHAR",
    "standard VARCHAR",
    "low DECIMAL(38, 6)", "high DECIMAL(38, 6)", "wanted BIGINT", "scale BIGINT", "effective_from DATE",
    "effective_to DATE", "when_none VARCHAR",
)  # fmt: skip
"""The columns of the table `requirements`. `wanted` of `scale` is a share's threshold: 35% is 35 of 100."""


def terms(measurement: Measurement, effective: Effective) -> tuple[object, ...]:
    """Return a requirement's row of the table `requirements`."""
    requirement, threshold = measurement.requirement, measurement.requirement.threshold
    fixed = threshold and threshold.standard == "number"
    low, high = (threshold.low, threshold.high) if threshold and fixed else (None, None)
    wanted, scale = (
        as_ratio(low) if low is not None and requirement.measure.shape == "share" else (None, None)
    )
    return (
        measurement.number, requirement.id, requirement.scheme, str(measurement.nature), requirement.measure.shape,
        threshold.op if threshold else None, threshold.standard if threshold else None, low, high, wanted, scale,
        *effective[requirement.pack], measurement.when_none,
    )  # fmt: skip


VERDICTS_SQL = """
WITH unsettled AS (
  SELECT unit_id, active_from, active_to FROM units
  WHERE active_from > (SELECT min(first_on) FROM periods) OR active_to < (SELECT max(reference_on) FROM periods)
),
placed AS (
  SELECT m.*, p.days, p.days_gone, p.is_over, x.missing IS NOT NULL AS is_missing,
    r.nature, r.shape, r.op, r.standard, r.when_none,
    coalesce(a.scale, r.scale) AS scale,
    (r.standard = 'target' AND a.low IS NULL) OR (r.standard = 'previous' AND a.scale IS NULL) AS is_unasked,
    coalesce(p.begins_on < r.effective_from OR p.begins_on > r.effective_to, FALSE) AS is_outside,
    coalesce(u.active_from > p.first_on, FALSE) OR coalesce(u.active_to < p.reference_on, FALSE) AS is_inactive,
    CASE WHEN r.shape = 'share' THEN coalesce(a.scale, r.scale) * m.numerator ELSE m.value END AS held,
    CASE WHEN r.shape = 'share' THEN coalesce(a.wanted, r.wanted) * m.denominator
         ELSE coalesce(a.low, r.low) END AS least,
    CASE WHEN r.shape = 'share' THEN coalesce(a.wanted, r.wanted) * m.denominator
         ELSE coalesce(a.high, r.high) END AS most,
    CASE WHEN r.shape = 'subjects' THEN 0 ELSE coalesce(a.high, r.high) END AS allowed
  FROM measurements m
  JOIN requirements r ON r.number = m.number
  JOIN periods p ON p.period_no = m.period_no
  LEFT JOIN unsettled u ON u.unit_id = m.unit_id
  LEFT JOIN missing x ON x.number = m.number AND x.unit_id = m.unit_id
  LEFT JOIN asked a ON a.number = m.number AND a.unit_id = m.unit_id AND a.period_no = m.period_no
),
compared AS (
  SELECT *,
    CASE WHEN shape = 'subjects' THEN held = 0
         WHEN op = '>=' THEN held >= least
         WHEN op = '>' THEN held > least
         WHEN op = '<=' THEN held <= most
         ELSE held >= least AND held <= most END AS meets,
    CASE WHEN shape = 'subjects' THEN held
         WHEN op = '>' AND shape <> 'share' THEN least - held + 1
         WHEN op = '>' OR op = '>=' OR held < least THEN least - held
         ELSE held - most END AS off
  FROM placed
),
reasoned AS (
  SELECT *,
    CASE WHEN is_outside THEN 'outside_effective_dates'
         WHEN is_inactive THEN 'unit_not_active'
         WHEN is_missing THEN 'table_missing'
         WHEN shape = 'answer' THEN coalesce('attested_' || answer, 'not_attested')
         WHEN considered = 0 THEN CASE WHEN shape = 'breaches' THEN 'no_records' ELSE 'no_subjects' END
         WHEN shape = 'share' AND numerator IS NULL THEN 'no_rows'
         WHEN shape = 'share' AND denominator = 0 THEN 'zero_denominator'
         WHEN is_unasked THEN CASE WHEN standard = 'target' THEN 'no_target' ELSE 'no_base' END
         WHEN shape = 'breaches' THEN CASE WHEN meets THEN 'no_breach' ELSE 'rows_in_breach' END
         WHEN shape = 'subjects' THEN CASE WHEN meets THEN 'subjects_met' ELSE 'subjects_short' END
         WHEN meets THEN 'met'
         WHEN op = '==' THEN 'not_equal'
         WHEN held < least OR op = '>' THEN 'below_threshold'
         ELSE 'above_threshold' END AS reason
  FROM compared
),
sorted AS (
  SELECT *,
    reason = 'met' OR reason = 'no_breach' OR reason = 'subjects_met' AS is_met,
    reason = 'below_threshold' OR reason = 'above_threshold' OR reason = 'not_equal'
      OR reason = 'rows_in_breach' OR reason = 'subjects_short' AS is_missed,
    is_outside OR is_inactive OR is_missing OR reason = 'no_records' OR reason = 'no_subjects'
      AS is_unmeasured
  FROM reasoned
),
judged AS (
  SELECT *,
    CASE WHEN is_outside OR is_inactive THEN 'not_applicable'
         WHEN is_missing THEN 'insufficient_data'
         WHEN reason = 'attested_not_applicable' OR reason = 'no_records' THEN 'not_applicable'
         WHEN reason = 'no_subjects' THEN when_none
         WHEN is_met OR reason = 'attested_yes' THEN 'pass'
         WHEN reason = 'attested_no' THEN 'fail'
         WHEN NOT is_missed AND (is_over OR nature = 'standing' OR is_unasked) THEN 'insufficient_data'
         WHEN NOT is_missed THEN 'pending'
         WHEN is_over OR nature = 'standing' OR nature = 'breaches' THEN 'fail'
         WHEN nature = 'flow' AND held > most AND op <> '>=' AND op <> '>' THEN 'fail'
         ELSE 'pending' END AS verdict
  FROM sorted
)
SELECT j.number, j.unit_id, j.period_no, j.verdict, j.reason,
  CASE WHEN NOT j.is_unmeasured THEN j.value END,
  CASE WHEN NOT j.is_unmeasured THEN j.numerator END,
  CASE WHEN NOT j.is_unmeasured THEN j.denominator END,
  CASE WHEN NOT j.is_unmeasured THEN j.considered END,
  CASE WHEN NOT j.is_missed THEN NULL
       WHEN j.shape = 'share' AND j.op = '>' THEN (j.off - j.off % j.scale) / j.scale + 1
       WHEN j.shape = 'share' THEN (j.off + (j.scale - j.off % j.scale) % j.scale) / j.scale
       ELSE j.off END,
  NOT j.is_over AND CASE j.nature
    WHEN 'standing' THEN j.is_met OR j.is_missed
    WHEN 'attest' THEN j.verdict = 'pass' OR j.verdict = 'fail'
    WHEN 'flow' THEN j.is_met AND j.op <> '>=' AND j.op <> '>'
    ELSE j.is_met END,
  CASE WHEN j.verdict <> 'pending' OR NOT j.is_missed THEN NULL
       WHEN 10 * j.days_gone >= 9 * j.days THEN 'at_risk'
       WHEN j.nature = 'subjects' AND j.behind = 0 THEN 'on_track'
       WHEN j.nature = 'flow' AND (floor(j.held) + 1) * j.days > j.least * j.days_gone THEN 'on_track'
       ELSE 'at_risk' END,
  coalesce(NOT j.is_unmeasured
    AND (((j.value_both <= j.allowed) <> j.is_met) OR ((j.value_neither <= j.allowed) <> j.is_met)), FALSE),
  coalesce(j.unannounced, FALSE) AND (j.verdict = 'pass' OR j.verdict = 'fail')
FROM judged j
"""
"""Judges every row of `measurements`; its columns are `COLUMNS`.

`held` against `least` and `most`: a share is compared as scale x numerator against wanted x denominator, so never
divided. `off` is how far it misses; of a share, the least whole number to add to the numerator (or to take from
it). On track: the value has reached floor(threshold x days gone ÷ days), said without a division.
"""

MISSING_SQL = """
SELECT r.number, x.unit_id, string_agg(x.table_name, ';' ORDER BY x.table_name) AS missing
FROM requirement_tables r JOIN missing_tables x ON x.table_name = r.table_name
GROUP BY r.number, x.unit_id
"""
"""The tables that a requirement reads and a unit did not supply, for the units that lack one."""

WAIVED_SQL = """
SELECT f.number, f.unit_id, f.period_no, min(v.waiver_id) AS waiver_id
FROM findings f
JOIN requirements r ON r.number = f.number
JOIN waivers v ON v.requirement_id = r.requirement_id AND v.unit_id = f.unit_id
JOIN periods p ON p.period_no = f.period_no
WHERE f.verdict = 'fail'
  AND (v.valid_from IS NULL OR v.valid_from <= p.reference_on)
  AND (v.valid_to IS NULL OR v.valid_to >= p.reference_on)
GROUP BY f.number, f.unit_id, f.period_no
"""
"""The waiver of each failed finding that has one valid on its reference day."""
