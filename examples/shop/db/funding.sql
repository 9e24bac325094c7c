-- Offers of 30 days that begin again and again for about a third of the shops, and the fundings taken.
-- On the day of the incident many offers are interrupted: they end the day before and go on after it.
SELECT day INTO @gap FROM shop_seed.events WHERE kind = 'fundable_incident';
INSERT IGNORE INTO shop.funding_offers
SELECT shop_id * 1000 + turn * 2 + part.seq, shop_id, limit_amount, fee_rate,
  IF(part.seq = 1, @gap + INTERVAL 1 DAY, first_day),
  IF(part.seq = 0 AND interrupted, @gap - INTERVAL 1 DAY, last_day),
  IF(part.seq = 1, @gap + INTERVAL 1 DAY, first_day) + INTERVAL 3 HOUR,
  IF(part.seq = 1, @gap + INTERVAL 1 DAY, first_day) + INTERVAL 3 HOUR
FROM (
  SELECT s.id AS shop_id, w.seq AS turn, d.day AS first_day,
    @start - INTERVAL 1 DAY + INTERVAL CRC32(s.id * 1212121237) % 30 + 30 * w.seq DAY AS last_day,
    10000 * (5 + FLOOR(295 * POW(CRC32(s.id * 1313131351) / 4294967296e0, 2))) AS limit_amount,
    0.02 + (CRC32(s.id * 1414141423) % 8000) / 100000 AS fee_rate,
    CRC32(s.id * 1515151519) % 100 < 45 AND d.day < @gap
      AND @start - INTERVAL 1 DAY + INTERVAL CRC32(s.id * 1212121237) % 30 + 30 * w.seq DAY > @gap AS interrupted
  FROM (SELECT id FROM shop_seed.shop_plan
        WHERE CRC32(id * 1616161637) % 100 < 35 AND NOT (id % 2 = 0 AND CRC32(id * 1073807359) % 100 < 8)) s
  JOIN seq_0_to_499 w ON w.seq <= DATEDIFF(@until, @start) / 30 + 1
  JOIN shop_seed.days d ON d.day = GREATEST(@start,
    @start - INTERVAL 30 DAY + INTERVAL CRC32(s.id * 1212121237) % 30 + 30 * w.seq DAY)
  WHERE s.id <= d.shops_before AND CRC32((s.id * 1000 + w.seq) * 1717171747) % 100 < 92
) offers JOIN seq_0_to_1 part
WHERE (part.seq = 0 OR interrupted) AND last_day >= first_day
  AND IF(part.seq = 1, @gap + INTERVAL 1 DAY, first_day) BETWEEN @from AND @until;

INSERT INTO shop.fundings
SELECT id, id, shop_id, amount, ROUND(amount * fee_rate, 2), IF(repaid_at IS NULL, 'active', 'repaid'),
  funded_at, repaid_at, funded_at, COALESCE(repaid_at, funded_at) AS updated_at
FROM (
  SELECT id, shop_id, fee_rate, 1000 * FLOOR(limit_amount * (30 + CRC32(id * 1818181819) % 71) / 100000) AS amount,
    funded_at, IF(repay_at < @until + INTERVAL 1 DAY, repay_at, NULL) AS repaid_at
  FROM (
    SELECT o.*, valid_from + INTERVAL CRC32(id * 1919191961) % 20 DAY
        + INTERVAL 32400000000 + CRC32(id * 2020202021) * 8 MICROSECOND AS funded_at,
      valid_from + INTERVAL 50 + CRC32(id * 1919191961) % 90 DAY
        + INTERVAL 32400000000 + CRC32(id * 1021021037) * 8 MICROSECOND AS repay_at
    FROM shop.funding_offers o WHERE CRC32(id * 1120112033) % 100 < 8) drawn
  WHERE funded_at < @until + INTERVAL 1 DAY AND funded_at < valid_until + INTERVAL 1 DAY) p
HAVING updated_at >= @from
ON DUPLICATE KEY UPDATE status = VALUES(status), repaid_at = VALUES(repaid_at), updated_at = VALUES(updated_at);
