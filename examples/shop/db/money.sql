-- What follows from the orders: card payments (with failed attempts) and the shops' payouts.
SELECT MIN(orders_before), MAX(orders_before + orders_count) INTO @first_order, @last_order
FROM shop_seed.days WHERE day BETWEEN @from AND @until;
INSERT IGNORE INTO shop.card_payments
SELECT o.id * 2 + a.seq, o.id, ELT(1 + CRC32(o.id * 1718192021) % 6, 'visa', 'visa', 'mastercard', 'jcb', 'jcb', 'amex'),
  LPAD(CRC32(o.id * 1819202123) % 10000, 4, '0'), o.total_amount + o.shipping_fee,
  IF(a.seq = 0, 'failed', 'captured'),
  IF(a.seq = 0, ELT(1 + CRC32(o.id * 1920212239) % 3, 'insufficient_funds', 'card_expired', '3ds_rejected'), NULL),
  IF(a.seq = 0, NULL, o.ordered_at + INTERVAL 20 SECOND),
  o.ordered_at + INTERVAL a.seq * 20 SECOND, o.ordered_at + INTERVAL a.seq * 20 SECOND
FROM shop.orders o JOIN seq_0_to_1 a
WHERE o.id > @first_order AND o.id <= @last_order AND o.payment_method = 'card'
  AND CRC32(o.id * 2038074743) % 1000 <> 7
  AND (a.seq = 1 OR CRC32(o.id * 1920212239) % 100 < 4);

-- Two periods a month: the 1st to the 15th is paid on the 25th, the rest on the 10th that follows.
INSERT IGNORE INTO shop.payouts
SELECT (YEAR(period_from) * 24 + MONTH(period_from) * 2 + (DAY(period_from) > 1)) * 10000000 + shop_id,
  shop_id, period_from, period_until, order_count, gross, ROUND(gross * 0.036, 2),
  IF(chance < 1, 'failed', 'paid'), IF(chance < 1, '口座名義が一致しません', NULL),
  IF(chance < 1, NULL, made_at), made_at, made_at
FROM (
  SELECT p.period_from, p.period_until, o.shop_id, COUNT(*) AS order_count, SUM(o.total_amount) AS gross,
    CRC32(o.shop_id * 1021324357 + TO_DAYS(p.period_from)) % 200 AS chance,
    p.pay_day + INTERVAL 36000000000 + CRC32(o.shop_id * 1121324399) * 2 MICROSECOND AS made_at
  FROM (
    SELECT period_from, period_until, pay_day, MIN(d.orders_before) AS first_order,
           MAX(d.orders_before + d.orders_count) AS last_order
    FROM (
      SELECT month + INTERVAL 15 * h.seq DAY AS period_from,
             IF(h.seq = 0, month + INTERVAL 14 DAY, LAST_DAY(month)) AS period_until,
             IF(h.seq = 0, month + INTERVAL 24 DAY, month + INTERVAL 1 MONTH + INTERVAL 9 DAY) AS pay_day
      FROM (SELECT @start - INTERVAL DAY(@start) - 1 DAY + INTERVAL n.seq MONTH AS month
            FROM seq_0_to_600 n) months JOIN seq_0_to_1 h) halves
    JOIN shop_seed.days d ON d.day BETWEEN period_from AND period_until
    WHERE pay_day BETWEEN @from AND @until
    GROUP BY period_from, period_until, pay_day) p
  JOIN shop.orders o ON o.id > p.first_order AND o.id <= p.last_order
  WHERE o.status <> 'cancelled' AND o.deleted_at IS NULL
  GROUP BY p.period_from, p.period_until, p.pay_day, o.shop_id) sums;
