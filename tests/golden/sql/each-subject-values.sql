-- henan-2023/17-seasonal-checks
WITH cell AS (
  SELECT u.unit_id, p.period_no, p.period, p.first_on, p.reference_on, p.days, p.days_gone
  FROM audited_units u JOIN periods p ON p.scheme = 'year'
  WHERE u.type IN ('university')
),
taking_part AS (
  SELECT cell.unit_id, cell.period_no, CAST(NULL AS INTEGER) AS source_no, CAST(NULL AS BIGINT) AS row_no, v.subject
  FROM cell CROSS JOIN (VALUES ('term_start'), ('enrolment'), ('graduation')) v(subject)
),
counted AS (
  SELECT x.unit_id, b.period_no, b.subject, CAST(sum(b.value) AS BIGINT) AS value
  FROM (
    SELECT t.unit_id AS unit_id, d.period_no AS period_no, t.occasion AS subject, count(*) AS value
    FROM activities t
    JOIN calendar d ON d.scheme = 'year' AND d.day = t.held_on
    WHERE t.kind = 'risk_check'
    GROUP BY t.unit_id, d.period_no, t.occasion
  ) b
  JOIN unit_tree x ON x.below_id = b.unit_id
  GROUP BY x.unit_id, b.period_no, b.subject
),
subject_values AS (
  SELECT k.unit_id, k.period_no, k.source_no, k.row_no, k.subject,
    coalesce(c.value, 0) AS value, coalesce(coalesce(c.value, 0) >= 1, FALSE) AS meets, coalesce(1 - coalesce(c.value, 0), 1) AS lack,
    coalesce(coalesce(c.value, 0) >= 1, FALSE) AS meets_both, coalesce(coalesce(c.value, 0) >= 1, FALSE) AS meets_neither, FALSE AS touched
  FROM taking_part k LEFT JOIN counted c
    ON c.unit_id = k.unit_id AND c.period_no = k.period_no AND c.subject = k.subject
)
SELECT cell.unit_id, cell.period_no, count(s.subject) AS considered,
  count(s.subject) FILTER (WHERE NOT s.meets) AS value,
  count(s.subject) FILTER (WHERE NOT s.meets_both) AS value_both,
  count(s.subject) FILTER (WHERE NOT s.meets_neither) AS value_neither,
  coalesce(bool_or(s.touched), FALSE) AS unannounced,
  count(s.subject) FILTER (WHERE (floor(s.value) + 1) * cell.days <= 1 * cell.days_gone) AS behind
FROM cell LEFT JOIN subject_values s ON s.unit_id = cell.unit_id AND s.period_no = cell.period_no
GROUP BY cell.unit_id, cell.period_no

-- its evidence
WITH cell AS (
  SELECT u.unit_id, p.period_no, p.period, p.first_on, p.reference_on, p.days, p.days_gone
  FROM audited_units u JOIN periods p ON p.scheme = 'year'
  WHERE u.type IN ('university')
),
taking_part AS (
  SELECT cell.unit_id, cell.period_no, CAST(NULL AS INTEGER) AS source_no, CAST(NULL AS BIGINT) AS row_no, v.subject
  FROM cell CROSS JOIN (VALUES ('term_start'), ('enrolment'), ('graduation')) v(subject)
),
counted AS (
  SELECT x.unit_id, b.period_no, b.subject, CAST(sum(b.value) AS BIGINT) AS value
  FROM (
    SELECT t.unit_id AS unit_id, d.period_no AS period_no, t.occasion AS subject, count(*) AS value
    FROM activities t
    JOIN calendar d ON d.scheme = 'year' AND d.day = t.held_on
    WHERE t.kind = 'risk_check'
    GROUP BY t.unit_id, d.period_no, t.occasion
  ) b
  JOIN unit_tree x ON x.below_id = b.unit_id
  GROUP BY x.unit_id, b.period_no, b.subject
),
subject_values AS (
  SELECT k.unit_id, k.period_no, k.source_no, k.row_no, k.subject,
    coalesce(c.value, 0) AS value, coalesce(coalesce(c.value, 0) >= 1, FALSE) AS meets, coalesce(1 - coalesce(c.value, 0), 1) AS lack,
    coalesce(coalesce(c.value, 0) >= 1, FALSE) AS meets_both, coalesce(coalesce(c.value, 0) >= 1, FALSE) AS meets_neither, FALSE AS touched
  FROM taking_part k LEFT JOIN counted c
    ON c.unit_id = k.unit_id AND c.period_no = k.period_no AND c.subject = k.subject
)
SELECT s.unit_id, s.period_no, s.source_no, s.row_no, s.subject,
  CAST(s.value AS DECIMAL(38, 6)) AS value,
  CAST(CASE WHEN NOT s.meets THEN s.lack END AS DECIMAL(38, 6)) AS shortfall
FROM subject_values s
