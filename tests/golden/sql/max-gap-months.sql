-- test/max-gap-months
WITH cell AS (
  SELECT u.unit_id, p.period_no, p.period, p.first_on, p.reference_on, p.days, p.days_gone
  FROM audited_units u JOIN periods p ON p.scheme = 'year'
  WHERE u.type IN ('university')
),
taking_part AS (
  SELECT cell.unit_id AS unit_id, cell.period_no AS period_no, t.source_no, t.row_no, t.asset_id AS subject
  FROM cell JOIN assets t ON t.unit_id = cell.unit_id
  WHERE t.kind = 'showcase' AND (t.opened_on IS NULL OR t.opened_on <= cell.first_on) AND (t.closed_on IS NULL OR t.closed_on >= cell.reference_on)
),
dated AS (
  SELECT x.unit_id AS unit_id, d.period_no AS period_no, t.asset_id AS subject, d.day
  FROM publications t
  JOIN unit_tree x ON x.below_id = t.unit_id
  JOIN calendar d ON d.scheme = 'year' AND d.day = t.published_on
  WHERE t.kind = 'board_update'
),
marked AS (
  SELECT k.unit_id, k.period_no, k.subject, w.day
  FROM taking_part k JOIN dated w ON w.unit_id = k.unit_id AND w.period_no = k.period_no AND w.subject = k.subject
  UNION ALL
  SELECT k.unit_id, k.period_no, k.subject, cell.first_on AS day
  FROM taking_part k JOIN cell ON cell.unit_id = k.unit_id AND cell.period_no = k.period_no
  UNION ALL
  SELECT k.unit_id, k.period_no, k.subject, cell.reference_on AS day
  FROM taking_part k JOIN cell ON cell.unit_id = k.unit_id AND cell.period_no = k.period_no
),
stretches AS (
  SELECT m.unit_id, m.period_no, m.subject, m.day AS from_on,
    lead(m.day) OVER (PARTITION BY m.unit_id, m.period_no, m.subject ORDER BY m.day NULLS LAST) AS to_on
  FROM marked m
),
subject_values AS (
  SELECT k.unit_id, k.period_no, k.source_no, k.row_no, k.subject, max((12 * (year(g.to_on) - year(g.from_on)) + month(g.to_on) - month(g.from_on) + CASE WHEN day(g.to_on) > day(g.from_on) THEN 1 ELSE 0 END)) AS value
  FROM taking_part k JOIN stretches g ON g.unit_id = k.unit_id AND g.period_no = k.period_no AND g.subject = k.subject
  GROUP BY k.unit_id, k.period_no, k.source_no, k.row_no, k.subject
)
SELECT cell.unit_id, cell.period_no, count(s.subject) AS considered,
  max(s.value) AS value
FROM cell LEFT JOIN subject_values s ON s.unit_id = cell.unit_id AND s.period_no = cell.period_no
GROUP BY cell.unit_id, cell.period_no

-- its evidence
WITH cell AS (
  SELECT u.unit_id, p.period_no, p.period, p.first_on, p.reference_on, p.days, p.days_gone
  FROM audited_units u JOIN periods p ON p.scheme = 'year'
  WHERE u.type IN ('university')
),
taking_part AS (
  SELECT cell.unit_id AS unit_id, cell.period_no AS period_no, t.source_no, t.row_no, t.asset_id AS subject
  FROM cell JOIN assets t ON t.unit_id = cell.unit_id
  WHERE t.kind = 'showcase' AND (t.opened_on IS NULL OR t.opened_on <= cell.first_on) AND (t.closed_on IS NULL OR t.closed_on >= cell.reference_on)
),
dated AS (
  SELECT x.unit_id AS unit_id, d.period_no AS period_no, t.asset_id AS subject, d.day
  FROM publications t
  JOIN unit_tree x ON x.below_id = t.unit_id
  JOIN calendar d ON d.scheme = 'year' AND d.day = t.published_on
  WHERE t.kind = 'board_update'
),
marked AS (
  SELECT k.unit_id, k.period_no, k.subject, w.day
  FROM taking_part k JOIN dated w ON w.unit_id = k.unit_id AND w.period_no = k.period_no AND w.subject = k.subject
  UNION ALL
  SELECT k.unit_id, k.period_no, k.subject, cell.first_on AS day
  FROM taking_part k JOIN cell ON cell.unit_id = k.unit_id AND cell.period_no = k.period_no
  UNION ALL
  SELECT k.unit_id, k.period_no, k.subject, cell.reference_on AS day
  FROM taking_part k JOIN cell ON cell.unit_id = k.unit_id AND cell.period_no = k.period_no
),
stretches AS (
  SELECT m.unit_id, m.period_no, m.subject, m.day AS from_on,
    lead(m.day) OVER (PARTITION BY m.unit_id, m.period_no, m.subject ORDER BY m.day NULLS LAST) AS to_on
  FROM marked m
),
subject_values AS (
  SELECT k.unit_id, k.period_no, k.source_no, k.row_no, k.subject, max((12 * (year(g.to_on) - year(g.from_on)) + month(g.to_on) - month(g.from_on) + CASE WHEN day(g.to_on) > day(g.from_on) THEN 1 ELSE 0 END)) AS value
  FROM taking_part k JOIN stretches g ON g.unit_id = k.unit_id AND g.period_no = k.period_no AND g.subject = k.subject
  GROUP BY k.unit_id, k.period_no, k.source_no, k.row_no, k.subject
)
SELECT s.unit_id, s.period_no, s.source_no, s.row_no, s.subject,
  CAST(s.value AS DECIMAL(38, 6)) AS value,
  CAST(CASE WHEN s.value > 6 THEN s.value - 6 END AS DECIMAL(38, 6)) AS shortfall
FROM subject_values s
