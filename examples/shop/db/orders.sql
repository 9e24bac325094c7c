-- Orders of the days from @from to @until, and the later states of those a few days older: paid,
-- shipped the next day, delivered on the third, some refunded on the fifth.
INSERT INTO shop.orders
SELECT id, 9223372036854775808 + id * 1000003, shop_id, user_id,
  CASE WHEN fate < 40 THEN 'cancelled' WHEN fate < 55 AND age >= 5 THEN 'refunded'
       WHEN age >= 3 THEN 'delivered' WHEN age >= 1 THEN 'shipped' ELSE 'paid' END,
  IF(CRC32(id * 1640531527) % 100 < card_percent, 'card',
     ELT(1 + CRC32(id * 1640531531) % 4, 'convenience', 'convenience', 'bank', 'wallet')),
  -- The sum of the lines that order_items.sql makes.
  (SELECT SUM(10 * (20 + FLOOR(600 * POW(CRC32((p.id * 8 + l.seq) * 1234567891) / 4294967296e0, 3)))
            * (1 + (CRC32((p.id * 8 + l.seq) * 1357913597) % 100 >= 80)
                 + (CRC32((p.id * 8 + l.seq) * 1357913597) % 100 >= 95)))
   FROM seq_1_to_5 l WHERE l.seq <= p.line_count),
  ELT(1 + CRC32(id * 1122334459) % 4, 0, 250, 520, 880),
  CASE CRC32(id * 1512345677) % 50 WHEN 1 THEN 'ギフト包装をお願いします🎁' WHEN 2 THEN '置き配希望'
    WHEN 3 THEN '"急ぎ" でお願いします, よろしく' WHEN 4 THEN '' ELSE NULL END,
  IF(CRC32(id * 1432123457) % 100 < 15, NULL,
     JSON_OBJECT('os', ELT(1 + CRC32(id * 1432123457) % 4, 'ios', 'android', 'windows', 'mac'),
                 'app', CRC32(id * 1432123457) % 5)),
  ordered_at,
  IF(CRC32(id * 1888888901) % 1000 < 2, ordered_at + INTERVAL 90 SECOND, NULL),
  ordered_at,
  CASE WHEN fate < 40 THEN ordered_at + INTERVAL 30 + CRC32(id * 1888888913) % 1800 SECOND
       WHEN age >= 1 THEN day + INTERVAL CASE WHEN fate < 55 AND age >= 5 THEN 5 WHEN age >= 3 THEN 3 ELSE 1 END DAY
            + INTERVAL 32400000000 + CRC32(id * 1888888927) * 8 MICROSECOND
       ELSE ordered_at + INTERVAL 90 * (CRC32(id * 1888888901) % 1000 < 2) SECOND END
FROM (
  SELECT o.*, CRC32(id * 1144667789) % 1000 AS fate, DATEDIFF(@until, day) AS age
  FROM shop_seed.order_plan o
  WHERE day BETWEEN @from - INTERVAL 6 DAY AND @until AND NOT (is_double AND day < @until)) p
ON DUPLICATE KEY UPDATE status = VALUES(status), updated_at = VALUES(updated_at);
DELETE o FROM shop.orders o JOIN shop_seed.days d
  ON o.id > d.orders_before AND o.id <= d.orders_before + d.orders_count
WHERE d.day >= @from - INTERVAL 6 DAY AND d.day < @until AND CRC32(o.id * 2038074743) % 1000 = 7;
