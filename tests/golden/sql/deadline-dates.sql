-- test/deadline-dates
WITH cell AS (
  SELECT u.unit_id, p.period_no, p.period, p.first_on, p.reference_on, p.days, p.days_gone
  FROM audited_units u JOIN periods p ON p.scheme = 'due-05-31,11-30'
  WHERE u.type IN ('university')
),
measured AS (
  SELECT t.unit_id AS unit_id, d.period_no AS period_no, 1 AS value
  FROM submissions t
  JOIN calendar d ON d.scheme = 'due-05-31,11-30' AND d.day = t.submitted_on
  WHERE t.report = 'half_year_report'
  GROUP BY t.unit_id, d.period_no
)
SELECT cell.unit_id, cell.period_no, coalesce(m.value, 0) AS value
FROM cell LEFT JOIN measured m ON m.unit_id = cell.unit_id AND m.period_no = cell.period_no

-- its evidence
WITH cell AS (
  SELECT u.unit_id, p.period_no, p.period, p.first_on, p.reference_on, p.days, p.days_gone
  FROM audited_units u JOIN periods p ON p.scheme = 'due-05-31,11-30'
  WHERE u.type IN ('university')
),
witness AS (
  SELECT t.unit_id AS unit_id, d.period_no AS period_no, t.source_no, t.row_no, CAST(NULL AS VARCHAR) AS subject, CAST(NULL AS DECIMAL(38, 6)) AS value, CAST(NULL AS DECIMAL(38, 6)) AS shortfall
  FROM submissions t
  JOIN calendar d ON d.scheme = 'due-05-31,11-30' AND d.day = t.submitted_on
  WHERE t.report = 'half_year_report'
  UNION ALL
  SELECT t.unit_id AS unit_id, d.period_no AS period_no, t.source_no, t.row_no, CAST(NULL AS VARCHAR) AS subject, CAST(NULL AS DECIMAL(38, 6)) AS value, CAST((365 * year(t.submitted_on) + CAST(floor((year(t.submitted_on) - 1) / 4) - floor((year(t.submitted_on) - 1) / 100) + floor((year(t.submitted_on) - 1) / 400) AS BIGINT) + dayofyear(t.submitted_on)) - (365 * year(d.last_on) + CAST(floor((year(d.last_on) - 1) / 4) - floor((year(d.last_on) - 1) / 100) + floor((year(d.last_on) - 1) / 400) AS BIGINT) + dayofyear(d.last_on)) AS DECIMAL(38, 6)) AS shortfall
  FROM submissions t
  JOIN periods d ON d.scheme = 'due-05-31,11-30' AND t.submitted_on > d.last_on AND t.submitted_on <= d.as_of
  JOIN (
    SELECT t.unit_id AS unit_id, d.period_no AS period_no, min(t.submitted_on) AS first_on
    FROM submissions t
    JOIN periods d ON d.scheme = 'due-05-31,11-30' AND t.submitted_on > d.last_on AND t.submitted_on <= d.as_of
    WHERE t.report = 'half_year_report'
    GROUP BY t.unit_id, d.period_no
  ) l ON l.unit_id = t.unit_id AND l.period_no = d.period_no AND l.first_on = t.submitted_on
  LEFT JOIN (
    SELECT t.unit_id AS unit_id, d.period_no AS period_no, 1 AS value
    FROM submissions t
    JOIN calendar d ON d.scheme = 'due-05-31,11-30' AND d.day = t.submitted_on
    WHERE t.report = 'half_year_report'
    GROUP BY t.unit_id, d.period_no
  ) i ON i.unit_id = t.unit_id AND i.period_no = d.period_no
  WHERE t.report = 'half_year_report' AND i.value IS NULL
)
SELECT w.unit_id, w.period_no, w.source_no, w.row_no, w.subject, w.value, w.shortfall
FROM witness w JOIN cell ON cell.unit_id = w.unit_id AND cell.period_no = w.period_no
