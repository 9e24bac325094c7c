-- The two tables of `make bench-sync`: orders (4 M rows × 10 columns, about 160 bytes a row) and wide
-- (1 M × 20), without random calls. Loaded into the database that is chosen.
CREATE OR REPLACE TABLE orders (
  id BIGINT UNSIGNED PRIMARY KEY,
  shop_id INT UNSIGNED NOT NULL,
  user_id BIGINT UNSIGNED,
  status ENUM('paid', 'shipped', 'delivered', 'cancelled') NOT NULL,
  amount DECIMAL(12,2) NOT NULL,
  is_gift TINYINT(1) NOT NULL,
  note VARCHAR(200),
  ordered_on DATE NOT NULL,
  created_at DATETIME NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  KEY (updated_at)
) CHARACTER SET utf8mb4;
INSERT INTO orders
SELECT seq, CRC32(seq) % 20000, IF(seq % 50 = 0, NULL, CRC32(seq + 7) % 200000),
       1 + CRC32(seq + 1) % 4, (CRC32(seq + 2) % 10000000) / 100, seq % 9 = 0,
       IF(seq % 3 = 0, NULL, CONCAT('note for order ', MD5(seq), ' ', MD5(seq + 1), ' 日本語')),
       '2023-01-01' + INTERVAL seq DIV 5500 DAY, '2023-01-01' + INTERVAL seq * 15 SECOND,
       '2023-01-01' + INTERVAL seq * 15 SECOND + INTERVAL CRC32(seq) % 1000000 MICROSECOND
FROM seq_1_to_4000000;

CREATE OR REPLACE TABLE wide (
  id BIGINT PRIMARY KEY,
  a1 BIGINT NOT NULL, a2 INT, a3 SMALLINT, a4 BIGINT,
  d1 DECIMAL(12,2), d2 DECIMAL(30,6), d3 DECIMAL(18,4),
  f1 DOUBLE, f2 FLOAT,
  t1 VARCHAR(50), t2 VARCHAR(100), t3 TEXT, e1 ENUM('a', 'b', 'c'), b1 TINYINT(1),
  dt1 DATE, dt2 DATETIME, dt3 DATETIME(6), ts TIMESTAMP NULL,
  updated_at DATETIME(6) NOT NULL,
  KEY (updated_at)
) CHARACTER SET utf8mb4;
INSERT INTO wide
SELECT seq, CRC32(seq), IF(seq % 10 = 0, NULL, CRC32(seq + 1) % 1000), seq % 30000, seq * 7919,
       (CRC32(seq + 2) % 10000000) / 100,
       CONCAT(CRC32(seq + 3), CRC32(seq + 4), '.', seq % 1000000),
       (CRC32(seq + 5) % 100000000) / 10000, CRC32(seq) / 4294967296, CRC32(seq + 1) / 4294967296,
       MD5(seq), CONCAT(MD5(seq), MD5(seq + 2)), IF(seq % 4 = 0, NULL, REPEAT(MD5(seq + 3), 2)),
       1 + seq % 3, seq % 2, '2023-01-01' + INTERVAL seq DIV 1000 DAY,
       '2023-01-01' + INTERVAL seq * 60 SECOND,
       '2023-01-01' + INTERVAL seq * 60 SECOND + INTERVAL seq % 1000000 MICROSECOND,
       '2023-01-02' + INTERVAL seq * 60 SECOND, '2023-01-01' + INTERVAL seq * 60 SECOND
FROM seq_1_to_1000000;
ANALYZE TABLE orders, wide;
