-- henan-2023/1-sessions
WITH cell AS (
  SELECT u.unit_id, p.period_no, p.period, p.first_on, p.reference_on, p.days, p.days_gone
  FROM audited_units u JOIN periods p ON p.scheme = 'year'
  WHERE u.type IN ('university')
),
measured AS (
  SELECT t.unit_id AS unit_id, d.period_no AS period_no, count(*) AS value
  FROM activities t
  JOIN calendar d ON d.scheme = 'year' AND d.day = t.held_on
  WHERE t.kind = 'study_session' AND t.body = 'theory_study_group' AND t.format = 'collective'
  GROUP BY t.unit_id, d.period_no
)
SELECT cell.unit_id, cell.period_no, coalesce(m.value, 0) AS value
FROM cell LEFT JOIN measured m ON m.unit_id = cell.unit_id AND m.period_no = cell.period_no

-- its evidence
WITH cell AS (
  SELECT u.unit_id, p.period_no, p.period, p.first_on, p.reference_on, p.days, p.days_gone
  FROM audited_units u JOIN periods p ON p.scheme = 'year'
  WHERE u.type IN ('university')
),
witness AS (
  SELECT t.unit_id AS unit_id, d.period_no AS period_no, t.source_no, t.row_no, CAST(NULL AS VARCHAR) AS subject, CAST(NULL AS DECIMAL(38, 6)) AS value, CAST(NULL AS DECIMAL(38, 6)) AS shortfall
  FROM activities t
  JOIN calendar d ON d.scheme = 'year' AND d.day = t.held_on
  WHERE t.kind = 'study_session' AND t.body = 'theory_study_group' AND t.format = 'collective'
)
SELECT w.unit_id, w.period_no, w.source_no, w.row_no, w.subject, w.value, w.shortfall
FROM witness w JOIN cell ON cell.unit_id = w.unit_id AND cell.period_no = w.period_no
