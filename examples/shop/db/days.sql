-- The plan of every day, before any row is made: holidays, what happened, and how many orders, users
-- and shops are born. A function of the date, meta.start_day and meta.scale: never of @until, so that
-- a day's rows are the same whether they were loaded at once or by topping up.
INSERT IGNORE INTO shop_seed.meta (id, start_day, scale)
VALUES (1, @until - INTERVAL 2 YEAR + INTERVAL 1 DAY, @scale);
SELECT start_day, scale INTO @start, @scale FROM shop_seed.meta;
SET @history_end = @start + INTERVAL 2 YEAR;  -- The first day after the two years that set the scale.

-- Public holidays by the rules in force since 2022: fixed days, happy Mondays, equinoxes.
CREATE OR REPLACE TEMPORARY TABLE shop_seed.holidays (day DATE PRIMARY KEY);
INSERT IGNORE INTO shop_seed.holidays
SELECT STR_TO_DATE(CONCAT(y.seq, '-', f.month_day), '%Y-%m-%d')
FROM seq_2020_to_2060 y JOIN (
  SELECT '1-1' AS month_day UNION ALL SELECT '2-11' UNION ALL SELECT '2-23' UNION ALL SELECT '4-29'
  UNION ALL SELECT '5-3' UNION ALL SELECT '5-4' UNION ALL SELECT '5-5' UNION ALL SELECT '8-11'
  UNION ALL SELECT '11-3' UNION ALL SELECT '11-23') f;
INSERT IGNORE INTO shop_seed.holidays
SELECT first_day + INTERVAL ((9 - DAYOFWEEK(first_day)) % 7 + 7 * (nth - 1)) DAY
FROM (
  SELECT STR_TO_DATE(CONCAT(y.seq, '-', m.month, '-1'), '%Y-%m-%d') AS first_day, m.nth
  FROM seq_2020_to_2060 y JOIN (
    SELECT 1 AS month, 2 AS nth UNION ALL SELECT 7, 3 UNION ALL SELECT 9, 3 UNION ALL SELECT 10, 2) m
) mondays;
INSERT IGNORE INTO shop_seed.holidays
SELECT STR_TO_DATE(CONCAT(y.seq, '-', e.month, '-',
  FLOOR(e.base + 0.242194 * (y.seq - 1980) - FLOOR((y.seq - 1980) / 4))), '%Y-%m-%d')
FROM seq_2020_to_2060 y JOIN (SELECT 3 AS month, 20.8431 AS base UNION ALL SELECT 9, 23.2488) e;
-- A holiday on a Sunday moves to the next day that is none; a day between two holidays is one.
CREATE OR REPLACE TEMPORARY TABLE shop_seed.more_holidays AS
SELECT (SELECT MIN(h.day + INTERVAL n.seq DAY) FROM seq_1_to_5 n
        WHERE NOT EXISTS (SELECT 1 FROM shop_seed.holidays o WHERE o.day = h.day + INTERVAL n.seq DAY)
       ) AS day
FROM shop_seed.holidays h WHERE DAYOFWEEK(h.day) = 1
UNION
SELECT a.day + INTERVAL 1 DAY
FROM shop_seed.holidays a JOIN shop_seed.holidays b ON b.day = a.day + INTERVAL 2 DAY;
INSERT IGNORE INTO shop_seed.holidays SELECT day FROM shop_seed.more_holidays;

-- Three things happened near the end of the first two years, each on an ordinary Tuesday to Thursday.
CREATE OR REPLACE TEMPORARY TABLE shop_seed.ordinary AS
SELECT @start + INTERVAL s.seq DAY AS day, s.seq AS day_index
FROM seq_600_to_730 s
WHERE DAYOFWEEK(@start + INTERVAL s.seq DAY) BETWEEN 3 AND 5
  AND DAY(@start + INTERVAL s.seq DAY) BETWEEN 4 AND 24
  AND @start + INTERVAL s.seq DAY NOT IN (SELECT day FROM shop_seed.holidays);
INSERT IGNORE INTO shop_seed.events
SELECT 'card_release', MIN(day), 'カード入力を簡単にしたリリース。この日からカード決済が増える'
FROM shop_seed.ordinary WHERE day_index >= 640;
INSERT IGNORE INTO shop_seed.events
SELECT 'orders_incident', MIN(day), '決済の障害。この日だけ注文が約60%減る'
FROM shop_seed.ordinary WHERE day_index >= 684;
INSERT IGNORE INTO shop_seed.events
SELECT 'fundable_incident', MIN(day), '審査バッチの失敗。この日だけ資金提供の対象ショップが減る'
FROM shop_seed.ordinary WHERE day_index >= 704;
SELECT MAX(IF(kind = 'orders_incident', day, NULL)), MAX(IF(kind = 'card_release', day, NULL))
INTO @incident, @release FROM shop_seed.events;

CREATE OR REPLACE TEMPORARY TABLE shop_seed.weights AS
SELECT n.seq AS day_index, @start + INTERVAL n.seq DAY AS day,
       EXISTS (SELECT 1 FROM shop_seed.holidays h WHERE h.day = @start + INTERVAL n.seq DAY) AS holiday,
       CAST(0 AS DECIMAL(14,6)) AS orders, CAST(0 AS DECIMAL(14,6)) AS people
FROM seq_0_to_20000 n
WHERE n.seq <= DATEDIFF(GREATEST(@until, @history_end), @start);
UPDATE shop_seed.weights SET
  orders = (1 + 0.9 * day_index / 730)                                           -- growth
    * ELT(DAYOFWEEK(day), 1.20, 0.94, 0.92, 0.94, 0.96, 1.00, 1.14)              -- weekday
    * IF(holiday, 1.12, 1)
    * IF(DAY(day) = 25, 1.10, 1) * IF(DAY(LAST_DAY(day)) - DAY(day) < 2, 1.22, 1)  -- pay day, month end
    * CASE WHEN DATE_FORMAT(day, '%m%d') IN ('1231', '0101') THEN 0.55
           WHEN DATE_FORMAT(day, '%m%d') IN ('0102', '0103') THEN 0.75
           WHEN MONTH(day) = 12 THEN 1.15 WHEN MONTH(day) = 8 THEN 0.94 ELSE 1 END
    * IF(day = @incident, 0.40, 1)
    * (0.96 + 0.08 * (CRC32(TO_DAYS(day) * 1500450271) % 1000) / 1000),            -- noise
  people = (1 + 0.7 * day_index / 730) * IF(DAYOFWEEK(day) IN (1, 7), 1.3, 1)
    * (0.9 + 0.2 * (CRC32(TO_DAYS(day) * 1190494759) % 1000) / 1000);

SELECT SUM(orders), SUM(people) INTO @orders_weight, @people_weight
FROM shop_seed.weights WHERE day < @history_end;
REPLACE INTO shop_seed.days
SELECT day, day_index, holiday, IF(day < @release, 46, 63),
       orders_before, orders_after - orders_before, users_before, users_after - users_before,
       shops_before, shops_after - shops_before
FROM (
  SELECT day, day_index, holiday,
    FLOOR((orders_sum - orders) * 1000000 * @scale / @orders_weight) AS orders_before,
    FLOOR(orders_sum * 1000000 * @scale / @orders_weight) AS orders_after,
    CEIL(80000 * @scale) + FLOOR((people_sum - people) * 120000 * @scale / @people_weight) AS users_before,
    CEIL(80000 * @scale) + FLOOR(people_sum * 120000 * @scale / @people_weight) AS users_after,
    CEIL(12000 * @scale) + FLOOR((people_sum - people) * 8000 * @scale / @people_weight) AS shops_before,
    CEIL(12000 * @scale) + FLOOR(people_sum * 8000 * @scale / @people_weight) AS shops_after
  FROM (SELECT w.*, SUM(orders) OVER (ORDER BY day) AS orders_sum,
               SUM(people) OVER (ORDER BY day) AS people_sum
        FROM shop_seed.weights w) sums
) counted;
