-- henan-2023/2-lessons-depts
WITH cell AS (
  SELECT u.unit_id, p.period_no, p.period, p.first_on, p.reference_on, p.days, p.days_gone
  FROM audited_units u JOIN periods p ON p.scheme = 'semester'
  WHERE u.type IN ('department') AND contains(u.tags, ';teaching;')
),
taking_part AS (
  SELECT cell.unit_id AS unit_id, cell.period_no AS period_no, t.source_no, t.row_no, t.post_id AS subject
  FROM cell JOIN posts t ON t.unit_id = cell.unit_id
  WHERE (contains(t.roles, ';department_secretary;') OR contains(t.roles, ';dean;')) AND (t.active_from IS NULL OR t.active_from <= cell.first_on) AND (t.active_to IS NULL OR t.active_to >= cell.reference_on)
),
counted AS (
  SELECT x.unit_id, b.period_no, b.subject, sum(b.value) AS value
  FROM (
    SELECT t.unit_id AS unit_id, d.period_no AS period_no, t.post_id AS subject, coalesce(sum(t.hours), 0) AS value
    FROM activities t
    JOIN calendar d ON d.scheme = 'semester' AND d.day = t.held_on
    WHERE t.kind = 'lesson' AND t.body IN ('students', 'staff')
    GROUP BY t.unit_id, d.period_no, t.post_id
  ) b
  JOIN unit_tree x ON x.below_id = b.unit_id
  GROUP BY x.unit_id, b.period_no, b.subject
),
subject_values AS (
  SELECT k.unit_id, k.period_no, k.source_no, k.row_no, k.subject,
    coalesce(c.value, 0) AS value, coalesce(coalesce(c.value, 0) >= 4, FALSE) AS meets, coalesce(4 - coalesce(c.value, 0), 1) AS lack,
    coalesce(coalesce(c.value, 0) >= 4, FALSE) AS meets_both, coalesce(coalesce(c.value, 0) >= 4, FALSE) AS meets_neither, FALSE AS touched
  FROM taking_part k LEFT JOIN counted c
    ON c.unit_id = k.unit_id AND c.period_no = k.period_no AND c.subject = k.subject
)
SELECT cell.unit_id, cell.period_no, count(s.subject) AS considered,
  count(s.subject) FILTER (WHERE NOT s.meets) AS value,
  count(s.subject) FILTER (WHERE NOT s.meets_both) AS value_both,
  count(s.subject) FILTER (WHERE NOT s.meets_neither) AS value_neither,
  coalesce(bool_or(s.touched), FALSE) AS unannounced,
  count(s.subject) FILTER (WHERE (floor(s.value) + 1) * cell.days <= 4 * cell.days_gone) AS behind
FROM cell LEFT JOIN subject_values s ON s.unit_id = cell.unit_id AND s.period_no = cell.period_no
GROUP BY cell.unit_id, cell.period_no

-- its evidence
WITH cell AS (
  SELECT u.unit_id, p.period_no, p.period, p.first_on, p.reference_on, p.days, p.days_gone
  FROM audited_units u JOIN periods p ON p.scheme = 'semester'
  WHERE u.type IN ('department') AND contains(u.tags, ';teaching;')
),
taking_part AS (
  SELECT cell.unit_id AS unit_id, cell.period_no AS period_no, t.source_no, t.row_no, t.post_id AS subject
  FROM cell JOIN posts t ON t.unit_id = cell.unit_id
  WHERE (contains(t.roles, ';department_secretary;') OR contains(t.roles, ';dean;')) AND (t.active_from IS NULL OR t.active_from <= cell.first_on) AND (t.active_to IS NULL OR t.active_to >= cell.reference_on)
),
counted AS (
  SELECT x.unit_id, b.period_no, b.subject, sum(b.value) AS value
  FROM (
    SELECT t.unit_id AS unit_id, d.period_no AS period_no, t.post_id AS subject, coalesce(sum(t.hours), 0) AS value
    FROM activities t
    JOIN calendar d ON d.scheme = 'semester' AND d.day = t.held_on
    WHERE t.kind = 'lesson' AND t.body IN ('students', 'staff')
    GROUP BY t.unit_id, d.period_no, t.post_id
  ) b
  JOIN unit_tree x ON x.below_id = b.unit_id
  GROUP BY x.unit_id, b.period_no, b.subject
),
subject_values AS (
  SELECT k.unit_id, k.period_no, k.source_no, k.row_no, k.subject,
    coalesce(c.value, 0) AS value, coalesce(coalesce(c.value, 0) >= 4, FALSE) AS meets, coalesce(4 - coalesce(c.value, 0), 1) AS lack,
    coalesce(coalesce(c.value, 0) >= 4, FALSE) AS meets_both, coalesce(coalesce(c.value, 0) >= 4, FALSE) AS meets_neither, FALSE AS touched
  FROM taking_part k LEFT JOIN counted c
    ON c.unit_id = k.unit_id AND c.period_no = k.period_no AND c.subject = k.subject
)
SELECT s.unit_id, s.period_no, s.source_no, s.row_no, s.subject,
  CAST(s.value AS DECIMAL(38, 6)) AS value,
  CAST(CASE WHEN NOT s.meets THEN s.lack END AS DECIMAL(38, 6)) AS shortfall
FROM subject_values s
