-- test/coverage-of-a-stock
WITH cell AS (
  SELECT u.unit_id, p.period_no, p.period, p.first_on, p.reference_on, p.days, p.days_gone
  FROM audited_units u JOIN periods p ON p.scheme = 'year'
  WHERE u.type IN ('university')
),
taking_part AS (
  SELECT cell.unit_id AS unit_id, cell.period_no AS period_no, t.source_no, t.row_no, t.unit_id AS subject
  FROM cell JOIN unit_tree y ON y.unit_id = cell.unit_id AND y.below_id <> cell.unit_id
  JOIN units t ON t.unit_id = y.below_id
  WHERE t.type = 'department' AND (t.active_from IS NULL OR t.active_from <= cell.first_on) AND (t.active_to IS NULL OR t.active_to >= cell.reference_on)
),
counted AS (
  SELECT x.unit_id, b.period_no, b.subject, CAST(sum(b.value) AS BIGINT) AS value
  FROM (
    SELECT t.unit_id AS unit_id, d.period_no AS period_no, t.unit_id AS subject, count(*) AS value
    FROM assets t
    JOIN periods d ON d.scheme = 'year' AND (t.opened_on IS NULL OR t.opened_on <= d.reference_on) AND (t.closed_on IS NULL OR t.closed_on >= d.reference_on)
    WHERE t.kind = 'club'
    GROUP BY t.unit_id, d.period_no, t.unit_id
  ) b
  JOIN unit_tree x ON x.below_id = b.unit_id
  GROUP BY x.unit_id, b.period_no, b.subject
),
subject_values AS (
  SELECT k.unit_id, k.period_no, k.source_no, k.row_no, k.subject, coalesce(c.value, 0) AS value
  FROM taking_part k LEFT JOIN counted c
    ON c.unit_id = k.unit_id AND c.period_no = k.period_no AND c.subject = k.subject
)
SELECT cell.unit_id, cell.period_no, count(s.subject) FILTER (WHERE s.value > 0) AS numerator,
  count(s.subject) AS denominator,
  count(s.subject) AS considered,
  0 AS behind
FROM cell LEFT JOIN subject_values s ON s.unit_id = cell.unit_id AND s.period_no = cell.period_no
GROUP BY cell.unit_id, cell.period_no

-- its evidence
WITH cell AS (
  SELECT u.unit_id, p.period_no, p.period, p.first_on, p.reference_on, p.days, p.days_gone
  FROM audited_units u JOIN periods p ON p.scheme = 'year'
  WHERE u.type IN ('university')
),
taking_part AS (
  SELECT cell.unit_id AS unit_id, cell.period_no AS period_no, t.source_no, t.row_no, t.unit_id AS subject
  FROM cell JOIN unit_tree y ON y.unit_id = cell.unit_id AND y.below_id <> cell.unit_id
  JOIN units t ON t.unit_id = y.below_id
  WHERE t.type = 'department' AND (t.active_from IS NULL OR t.active_from <= cell.first_on) AND (t.active_to IS NULL OR t.active_to >= cell.reference_on)
),
counted AS (
  SELECT x.unit_id, b.period_no, b.subject, CAST(sum(b.value) AS BIGINT) AS value
  FROM (
    SELECT t.unit_id AS unit_id, d.period_no AS period_no, t.unit_id AS subject, count(*) AS value
    FROM assets t
    JOIN periods d ON d.scheme = 'year' AND (t.opened_on IS NULL OR t.opened_on <= d.reference_on) AND (t.closed_on IS NULL OR t.closed_on >= d.reference_on)
    WHERE t.kind = 'club'
    GROUP BY t.unit_id, d.period_no, t.unit_id
  ) b
  JOIN unit_tree x ON x.below_id = b.unit_id
  GROUP BY x.unit_id, b.period_no, b.subject
),
subject_values AS (
  SELECT k.unit_id, k.period_no, k.source_no, k.row_no, k.subject, coalesce(c.value, 0) AS value
  FROM taking_part k LEFT JOIN counted c
    ON c.unit_id = k.unit_id AND c.period_no = k.period_no AND c.subject = k.subject
)
SELECT s.unit_id, s.period_no, s.source_no, s.row_no, s.subject,
  CAST(s.value AS DECIMAL(38, 6)) AS value,
  CAST(CASE WHEN s.value = 0 THEN 1 END AS DECIMAL(38, 6)) AS shortfall
FROM subject_values s
