-- henan-2023/12-lead-time
WITH cell AS (
  SELECT u.unit_id, p.period_no, p.period, p.first_on, p.reference_on, p.days, p.days_gone
  FROM audited_units u JOIN periods p ON p.scheme = 'year'
  WHERE u.type IN ('university', 'department')
),
measured AS (
  SELECT t.unit_id AS unit_id, d.period_no AS period_no, count(*) AS considered,
    count(*) FILTER (WHERE NOT (coalesce(CASE WHEN t.filed_on > t.held_on THEN h1.working_through - f1.filing_through ELSE CASE WHEN h1.working_through - f1.filing_through < 0 THEN 0 ELSE h1.working_through - f1.filing_through END END >= 20, FALSE))) AS value,
    count(*) FILTER (WHERE NOT (coalesce(CASE WHEN t.filed_on > t.held_on THEN 0 ELSE CASE WHEN h1.working_through - f1.filing_through + 1 < 0 THEN 0 ELSE h1.working_through - f1.filing_through + 1 END END >= 20, FALSE))) AS value_both,
    count(*) FILTER (WHERE NOT (coalesce(CASE WHEN t.filed_on > t.held_on THEN 0 ELSE CASE WHEN h1.working_through - f1.filing_through - h1.working < 0 THEN 0 ELSE h1.working_through - f1.filing_through - h1.working END END >= 20, FALSE))) AS value_neither,
    max(CASE WHEN coalesce(CASE WHEN t.filed_on > t.held_on THEN f1.unannounced_filing_through > h1.unannounced_through ELSE h1.unannounced_through > f1.unannounced_through - f1.unannounced END, FALSE) THEN 1 ELSE 0 END) = 1 AS unannounced
  FROM approvals t
  JOIN calendar d ON d.scheme = 'year' AND d.day = t.held_on
  LEFT JOIN workdays f1 ON f1.day = t.filed_on
  LEFT JOIN workdays h1 ON h1.day = t.held_on
  WHERE t.listed_topic = TRUE
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
  SELECT t.unit_id AS unit_id, d.period_no AS period_no, t.source_no, t.row_no, CAST(NULL AS VARCHAR) AS subject, CAST(CASE WHEN t.filed_on > t.held_on THEN h1.working_through - f1.filing_through ELSE CASE WHEN h1.working_through - f1.filing_through < 0 THEN 0 ELSE h1.working_through - f1.filing_through END END AS DECIMAL(38, 6)) AS value, CAST(CASE WHEN NOT (coalesce(CASE WHEN t.filed_on > t.held_on THEN h1.working_through - f1.filing_through ELSE CASE WHEN h1.working_through - f1.filing_through < 0 THEN 0 ELSE h1.working_through - f1.filing_through END END >= 20, FALSE)) THEN coalesce(20 - (CASE WHEN t.filed_on > t.held_on THEN h1.working_through - f1.filing_through ELSE CASE WHEN h1.working_through - f1.filing_through < 0 THEN 0 ELSE h1.working_through - f1.filing_through END END), 1) END AS DECIMAL(38, 6)) AS shortfall
  FROM approvals t
  JOIN calendar d ON d.scheme = 'year' AND d.day = t.held_on
  LEFT JOIN workdays f1 ON f1.day = t.filed_on
  LEFT JOIN workdays h1 ON h1.day = t.held_on
  WHERE t.listed_topic = TRUE
)
SELECT w.unit_id, w.period_no, w.source_no, w.row_no, w.subject, w.value, w.shortfall
FROM witness w JOIN cell ON cell.unit_id = w.unit_id AND cell.period_no = w.period_no
