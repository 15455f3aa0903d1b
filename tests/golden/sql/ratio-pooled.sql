-- henan-2023/1-active
WITH cell AS (
  SELECT u.unit_id, p.period_no, p.period, p.first_on, p.reference_on, p.days, p.days_gone
  FROM audited_units u JOIN periods p ON p.scheme = 'month'
  WHERE u.type IN ('university', 'department')
),
measured AS (
  SELECT t.unit_id AS unit_id, d.period_no AS period_no, CAST(sum(t.active) AS BIGINT) AS numerator, CAST(sum(t.members) AS BIGINT) AS denominator
  FROM platform_usage t
  JOIN calendar d ON d.scheme = 'month' AND d.day = t.day
  WHERE t.active IS NOT NULL AND t.members IS NOT NULL
  GROUP BY t.unit_id, d.period_no
)
SELECT cell.unit_id, cell.period_no, m.numerator, m.denominator
FROM cell LEFT JOIN measured m ON m.unit_id = cell.unit_id AND m.period_no = cell.period_no

-- its evidence
WITH cell AS (
  SELECT u.unit_id, p.period_no, p.period, p.first_on, p.reference_on, p.days, p.days_gone
  FROM audited_units u JOIN periods p ON p.scheme = 'month'
  WHERE u.type IN ('university', 'department')
),
witness AS (
  SELECT t.unit_id AS unit_id, d.period_no AS period_no, t.source_no, t.row_no, CAST(NULL AS VARCHAR) AS subject, CAST(NULL AS DECIMAL(38, 6)) AS value, CAST(NULL AS DECIMAL(38, 6)) AS shortfall
  FROM platform_usage t
  JOIN calendar d ON d.scheme = 'month' AND d.day = t.day
  WHERE t.active IS NOT NULL AND t.members IS NOT NULL
)
SELECT w.unit_id, w.period_no, w.source_no, w.row_no, w.subject, w.value, w.shortfall
FROM witness w JOIN cell ON cell.unit_id = w.unit_id AND cell.period_no = w.period_no
