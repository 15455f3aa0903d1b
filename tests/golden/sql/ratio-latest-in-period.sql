-- henan-2023/10-training
WITH cell AS (
  SELECT u.unit_id, p.period_no, p.period, p.first_on, p.reference_on, p.days, p.days_gone
  FROM audited_units u JOIN periods p ON p.scheme = 'year'
  WHERE u.type IN ('university')
),
measured AS (
  SELECT t.unit_id AS unit_id, d.period_no AS period_no, max_by(t.teachers_trained, t.counted_on) AS numerator, max_by(t.teachers, t.counted_on) AS denominator
  FROM headcounts t
  JOIN calendar d ON d.scheme = 'year' AND d.day = t.counted_on
  WHERE t.teachers_trained IS NOT NULL AND t.teachers IS NOT NULL
  GROUP BY t.unit_id, d.period_no
)
SELECT cell.unit_id, cell.period_no, m.numerator, m.denominator
FROM cell LEFT JOIN measured m ON m.unit_id = cell.unit_id AND m.period_no = cell.period_no

-- its evidence
WITH cell AS (
  SELECT u.unit_id, p.period_no, p.period, p.first_on, p.reference_on, p.days, p.days_gone
  FROM audited_units u JOIN periods p ON p.scheme = 'year'
  WHERE u.type IN ('university')
),
witness AS (
  SELECT t.unit_id AS unit_id, d.period_no AS period_no, t.source_no, t.row_no, CAST(NULL AS VARCHAR) AS subject, CAST(NULL AS DECIMAL(38, 6)) AS value, CAST(NULL AS DECIMAL(38, 6)) AS shortfall
  FROM headcounts t
  JOIN calendar d ON d.scheme = 'year' AND d.day = t.counted_on
  JOIN (
    SELECT t.unit_id AS unit_id, d.period_no AS period_no, max(t.counted_on) AS latest_on
    FROM headcounts t
    JOIN calendar d ON d.scheme = 'year' AND d.day = t.counted_on
    WHERE t.teachers_trained IS NOT NULL AND t.teachers IS NOT NULL
    GROUP BY t.unit_id, d.period_no
  ) l ON l.unit_id = t.unit_id AND l.period_no = d.period_no AND l.latest_on = t.counted_on
  WHERE t.teachers_trained IS NOT NULL AND t.teachers IS NOT NULL
)
SELECT w.unit_id, w.period_no, w.source_no, w.row_no, w.subject, w.value, w.shortfall
FROM witness w JOIN cell ON cell.unit_id = w.unit_id AND cell.period_no = w.period_no
