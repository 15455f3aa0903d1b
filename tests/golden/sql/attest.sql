-- henan-2023/4-yearly-points
WITH cell AS (
  SELECT u.unit_id, p.period_no, p.period, p.first_on, p.reference_on, p.days, p.days_gone
  FROM audited_units u JOIN periods p ON p.scheme = 'year'
  WHERE u.type IN ('university', 'department')
),
measured AS (
  SELECT unit_id, period_no, answer, source_no, row_no,
    CAST(NULL AS VARCHAR) AS subject, CAST(NULL AS DECIMAL(38, 6)) AS value, CAST(NULL AS DECIMAL(38, 6)) AS shortfall
  FROM (
    SELECT t.unit_id, d.period_no, t.answer, t.source_no, t.row_no,
      row_number() OVER (PARTITION BY t.unit_id, d.period_no
                         ORDER BY t.checked_on DESC NULLS LAST, t.for_period DESC NULLS LAST) AS recency
    FROM attestations t
    JOIN periods d ON d.scheme = 'year' AND t.checked_on <= d.as_of
      AND (t.for_period = d.period
           OR (t.for_period IS NULL AND t.checked_on >= d.first_on AND t.checked_on <= d.last_on))
    WHERE t.requirement_id = 'henan-2023/4-yearly-points' AND t.answer IS NOT NULL
  ) latest
  WHERE recency = 1
)
SELECT cell.unit_id, cell.period_no, m.answer
FROM cell LEFT JOIN measured m ON m.unit_id = cell.unit_id AND m.period_no = cell.period_no

-- its evidence
WITH cell AS (
  SELECT u.unit_id, p.period_no, p.period, p.first_on, p.reference_on, p.days, p.days_gone
  FROM audited_units u JOIN periods p ON p.scheme = 'year'
  WHERE u.type IN ('university', 'department')
),
witness AS (
  SELECT unit_id, period_no, answer, source_no, row_no,
    CAST(NULL AS VARCHAR) AS subject, CAST(NULL AS DECIMAL(38, 6)) AS value, CAST(NULL AS DECIMAL(38, 6)) AS shortfall
  FROM (
    SELECT t.unit_id, d.period_no, t.answer, t.source_no, t.row_no,
      row_number() OVER (PARTITION BY t.unit_id, d.period_no
                         ORDER BY t.checked_on DESC NULLS LAST, t.for_period DESC NULLS LAST) AS recency
    FROM attestations t
    JOIN periods d ON d.scheme = 'year' AND t.checked_on <= d.as_of
      AND (t.for_period = d.period
           OR (t.for_period IS NULL AND t.checked_on >= d.first_on AND t.checked_on <= d.last_on))
    WHERE t.requirement_id = 'henan-2023/4-yearly-points' AND t.answer IS NOT NULL
  ) latest
  WHERE recency = 1
)
SELECT w.unit_id, w.period_no, w.source_no, w.row_no, w.subject, w.value, w.shortfall
FROM witness w JOIN cell ON cell.unit_id = w.unit_id AND cell.period_no = w.period_no
