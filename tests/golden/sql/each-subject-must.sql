-- henan-2023/16-affiliated-filed
WITH cell AS (
  SELECT u.unit_id, p.period_no, p.period, p.first_on, p.reference_on, p.days, p.days_gone
  FROM audited_units u JOIN periods p ON p.scheme = 'year'
  WHERE u.type IN ('university', 'department')
),
taking_part AS (
  SELECT cell.unit_id AS unit_id, cell.period_no AS period_no, t.source_no, t.row_no, t.asset_id AS subject,
    NULL AS value, ((t.approved_on IS NOT NULL)) AS meets, 1 AS lack,
    ((t.approved_on IS NOT NULL)) AS meets_both, ((t.approved_on IS NOT NULL)) AS meets_neither, FALSE AS touched
  FROM cell JOIN assets t ON t.unit_id = cell.unit_id
  WHERE t.kind = 'affiliated_society' AND (t.opened_on IS NULL OR t.opened_on <= cell.reference_on) AND (t.closed_on IS NULL OR t.closed_on >= cell.reference_on)
),
subject_values AS (
  SELECT k.unit_id, k.period_no, k.source_no, k.row_no, k.subject,
    k.value AS value, k.meets AS meets, k.lack AS lack,
    k.meets_both AS meets_both, k.meets_neither AS meets_neither, k.touched AS touched
  FROM taking_part k
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
  WHERE u.type IN ('university', 'department')
),
taking_part AS (
  SELECT cell.unit_id AS unit_id, cell.period_no AS period_no, t.source_no, t.row_no, t.asset_id AS subject,
    NULL AS value, ((t.approved_on IS NOT NULL)) AS meets, 1 AS lack,
    ((t.approved_on IS NOT NULL)) AS meets_both, ((t.approved_on IS NOT NULL)) AS meets_neither, FALSE AS touched
  FROM cell JOIN assets t ON t.unit_id = cell.unit_id
  WHERE t.kind = 'affiliated_society' AND (t.opened_on IS NULL OR t.opened_on <= cell.reference_on) AND (t.closed_on IS NULL OR t.closed_on >= cell.reference_on)
),
subject_values AS (
  SELECT k.unit_id, k.period_no, k.source_no, k.row_no, k.subject,
    k.value AS value, k.meets AS meets, k.lack AS lack,
    k.meets_both AS meets_both, k.meets_neither AS meets_neither, k.touched AS touched
  FROM taking_part k
)
SELECT s.unit_id, s.period_no, s.source_no, s.row_no, s.subject,
  CAST(s.value AS DECIMAL(38, 6)) AS value,
  CAST(CASE WHEN NOT s.meets THEN s.lack END AS DECIMAL(38, 6)) AS shortfall
FROM subject_values s
