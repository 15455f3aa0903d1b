-- henan-2023/16-club-approval
WITH cell AS (
  SELECT u.unit_id, p.period_no, p.period, p.first_on, p.reference_on, p.days, p.days_gone
  FROM audited_units u JOIN periods p ON p.scheme = 'year'
  WHERE u.type IN ('university', 'department')
),
measured AS (
  SELECT t.unit_id AS unit_id, d.period_no AS period_no, count(*) AS considered,
    count(*) FILTER (WHERE NOT ((t.approved_on IS NOT NULL) AND coalesce(t.approved_on <= t.opened_on, FALSE))) AS value,
    NULL AS value_both,
    NULL AS value_neither,
    FALSE AS unannounced
  FROM assets t
  JOIN calendar d ON d.scheme = 'year' AND d.day = t.opened_on
  WHERE t.kind = 'club'
  GROUP BY t.unit_id, d.period_no
)
SELECT cell.unit_id, cell.period_no, coalesce(m.value, 0) AS value, coalesce(m.considered, 0) AS considered, m.value_both, m.value_neither, coalesce(m.unannounced, FALSE) AS unannounced
FROM cell LEFT JOIN measured m ON m.unit_id = cell.unit_id AND m.period_no = cell.period_no

-- its evidence
WITH cell AS (
  SELECT u.unit_id, p.period_no, p.period, p.first_on, p.reference_on, p.days, p.days_gone
  FROM audited_units u JOIN periods p ON p.scheme = 'year'
  WHERE u.type IN ('university', 'department')
),
witness AS (
  SELECT t.unit_id AS unit_id, d.period_no AS period_no, t.source_no, t.row_no, CAST(NULL AS VARCHAR) AS subject, CAST(NULL AS DECIMAL(38, 6)) AS value, CAST(CASE WHEN NOT ((t.approved_on IS NOT NULL) AND coalesce(t.approved_on <= t.opened_on, FALSE)) THEN CASE WHEN CASE WHEN (t.approved_on IS NOT NULL) THEN 0 ELSE 1 END + CASE WHEN coalesce(t.approved_on <= t.opened_on, FALSE) THEN 0 ELSE 1 END = 1 THEN CASE WHEN (t.approved_on IS NOT NULL) THEN 0 ELSE coalesce(1, 1) END + CASE WHEN coalesce(t.approved_on <= t.opened_on, FALSE) THEN 0 ELSE coalesce(1, 1) END ELSE CASE WHEN (t.approved_on IS NOT NULL) THEN 0 ELSE 1 END + CASE WHEN coalesce(t.approved_on <= t.opened_on, FALSE) THEN 0 ELSE 1 END END END AS DECIMAL(38, 6)) AS shortfall
  FROM assets t
  JOIN calendar d ON d.scheme = 'year' AND d.day = t.opened_on
  WHERE t.kind = 'club'
)
SELECT w.unit_id, w.period_no, w.source_no, w.row_no, w.subject, w.value, w.shortfall
FROM witness w JOIN cell ON cell.unit_id = w.unit_id AND cell.period_no = w.period_no
