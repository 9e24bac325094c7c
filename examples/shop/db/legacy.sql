-- The old member ledger, made once: 40,000 rows at scale 1, every tenth of them an oddity.
SET sql_mode = '';
INSERT INTO shop.legacy_members
SELECT n - (n % 97 = 0),
  ELT(1 + CRC32(n * 1401181199) % 10, 'Sato Hanako', 'Suzuki Taro', 'Müller Jürgen', 'José García', 'Tanaka Ken',
      'Zoë Brontë', 'Ito Mai', 'Øre Åsa', NULL, 'Façade & Cie'),
  ELT(1 + CRC32(n * 1450000013) % 4, 'A', 'B', 'C ', NULL),
  ELT(1 + CRC32(n * 1503238553) % 5, 0, 1, 1, 2, NULL),
  CASE n % 20 WHEN 3 THEN '0000-00-00' WHEN 7 THEN CONCAT(1995 + n % 15, '-00-00')
    ELSE '1995-04-01' + INTERVAL CRC32(n * 1600000009) % 6000 DAY END,
  IF(n % 10 = 3, '0000-00-00 00:00:00', '2005-01-01' + INTERVAL CRC32(n * 1700000009) % 200000000 SECOND),
  IF(n % 9 = 0, NULL, (CRC32(n * 1800000011) % 100000) / 7),
  IF(n % 50 = 8, '838:59:59', IF(n % 50 = 9, '-01:30:00', SEC_TO_TIME(CRC32(n * 1900000043) % 86400))),
  IF(n % 12 = 5, NULL, 1930 + n % 70),
  IF(n % 4 = 0, UNHEX(MD5(n)), NULL),
  IF(n % 6 = 0, 'café – naïve, "£10"', IF(n % 6 = 1, '', NULL))
FROM (SELECT seq AS n FROM seq_1_to_40000000 WHERE seq <= CEIL(40000 * @scale)) rows_to_make
WHERE NOT EXISTS (SELECT 1 FROM shop.legacy_members);
