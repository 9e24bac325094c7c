-- Who and what each id is. "Chance" is CRC32(id * a large constant): a constant for each question, so
-- that answers are independent of each other and the same on every machine and in every run.
-- Even ids may be leavers (3 % of users, 4 % of shops); an order that hits one goes to its neighbour.
CREATE OR REPLACE VIEW shop_seed.order_plan AS
SELECT id, day, seq, orders_count, card_percent,
  shop - (shop % 2 = 0 AND CRC32(shop * 1073807359) % 100 < 8) AS shop_id,
  IF(CRC32(id * 1000000007) % 100 < 2, NULL,
     user - (user % 2 = 0 AND CRC32(user * 1610612741) % 100 < 6)) AS user_id,
  CRC32(id * 2038074743) % 1000 = 7 AS is_double,  -- sent twice by a nervous finger; gone the next day
  CASE WHEN line_chance < 355 THEN 1 WHEN line_chance < 665 THEN 2 WHEN line_chance < 845 THEN 3
       WHEN line_chance < 945 THEN 4 ELSE 5 END AS line_count,
  day + INTERVAL (3600000000 * ELT(1 + FLOOR((seq - 1) * 32 / orders_count),
      0, 1, 7, 8, 9, 10, 11, 12, 12, 12, 13, 14, 15, 16, 17, 18, 18, 19, 19, 20, 20, 20, 21, 21, 21, 21,
      22, 22, 22, 23, 23, 23) + CRC32(id * 1299709021) % 3600000000) MICROSECOND AS ordered_at
FROM (
  SELECT d.orders_before + s.seq AS id, d.day, s.seq, d.orders_count, d.card_percent,
    1 + FLOOR(d.shops_before * POW(CRC32((d.orders_before + s.seq) * 1999999973) / 4294967296e0, 3)) AS shop,
    1 + FLOOR(d.users_before * POW(CRC32((d.orders_before + s.seq) * 1777777781) / 4294967296e0, 1.4)) AS user,
    CRC32((d.orders_before + s.seq) * 1315423919) % 1000 AS line_chance
  FROM shop_seed.days d JOIN seq_1_to_200000 s ON s.seq <= d.orders_count
) drawn;

CREATE OR REPLACE VIEW shop_seed.user_plan AS
SELECT s.seq AS id,
       m.start_day - INTERVAL CEIL((CEIL(80000 * m.scale) - s.seq + 1) * 1095 / CEIL(80000 * m.scale)) DAY AS day
FROM shop_seed.meta m JOIN seq_1_to_10000000 s ON s.seq <= CEIL(80000 * m.scale)
UNION ALL
SELECT d.users_before + s.seq, d.day
FROM shop_seed.days d JOIN seq_1_to_100000 s ON s.seq <= d.users_count;

CREATE OR REPLACE VIEW shop_seed.shop_plan AS
SELECT s.seq AS id,
       m.start_day - INTERVAL CEIL((CEIL(12000 * m.scale) - s.seq + 1) * 1095 / CEIL(12000 * m.scale)) DAY AS day
FROM shop_seed.meta m JOIN seq_1_to_10000000 s ON s.seq <= CEIL(12000 * m.scale)
UNION ALL
SELECT d.shops_before + s.seq, d.day
FROM shop_seed.days d JOIN seq_1_to_100000 s ON s.seq <= d.shops_count;
