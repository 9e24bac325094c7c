-- The lines of the orders from @from to @until; unit price and quantity are those of orders.sql.
INSERT IGNORE INTO shop.order_items
SELECT id, order_id, line_no,
  CONCAT(ELT(1 + CRC32(id * 1011121379) % 12, '手作り', '有機', '限定', '北海道産', '木製', '本革', '定番', '春色', '訳あり',
      '新作', '無添加', 'ミニ'),
    ELT(1 + CRC32(id * 1314151693) % 16, 'ケーキ', 'コーヒー豆', 'マグカップ', 'トートバッグ', 'Tシャツ', 'ピアス', '石けん',
      'ノート', 'はちみつ', 'クッキー', '財布', '花束', 'りんごジュース', 'ステッカー', '抹茶', 'スカーフ')),
  1 + (CRC32(id * 1357913597) % 100 >= 80) + (CRC32(id * 1357913597) % 100 >= 95),
  10 * (20 + FLOOR(600 * POW(CRC32(id * 1234567891) / 4294967296e0, 3))),
  IF(CRC32(id * 1314151693) % 16 IN (0, 1, 8, 9, 12, 14), 0.080, 0.100),
  IF(CRC32(id * 1617181937) % 10 < 6, NULL,
     ELT(1 + CRC32(id * 1617181937) % 5, '{"色": "赤"}', '{"色": "生成り", "サイズ": "M"}', '{"サイズ": "L"}',
         '{"のし": true}', '{"名入れ": "ゆい", "数": 2}')),
  ordered_at, ordered_at
FROM (
  SELECT o.id * 8 + l.seq AS id, o.id AS order_id, l.seq AS line_no, o.ordered_at
  FROM shop_seed.order_plan o JOIN seq_1_to_5 l ON l.seq <= o.line_count
  WHERE o.day BETWEEN @from AND @until AND NOT (o.is_double AND o.day < @until)) p;
DELETE i FROM shop.order_items i JOIN shop_seed.days d
  ON i.id > d.orders_before * 8 + 8 AND i.id < (d.orders_before + d.orders_count) * 8 + 8
WHERE d.day >= @from - INTERVAL 6 DAY AND d.day < @until AND CRC32(i.order_id * 2038074743) % 1000 = 7;
