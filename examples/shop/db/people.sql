-- Shops and users. Each statement writes the rows whose state changed from @from to @until: born,
-- logged in, left. Leavers are deleted softly, and users' rows go for good 90 days later.
INSERT INTO shop.shops
SELECT id,
  CONCAT(
    ELT(1 + CRC32(id * 1401181199) % 20, 'さくら', 'ひかり', '山のうえ', '海辺', 'こもれび', '北の', 'みどり',
      '青空', 'ねこの', '月夜', 'まるた', '小さな', '風の', '朝日', '花咲く', '木陰', '銀河', '雪国', '港町', '白い'),
    ELT(1 + CRC32(id * 1450000013) % 16, '商店', '工房', 'ベーカリー', '雑貨店', '珈琲', '洋品店', '書房', '菓子舗',
      '農園', '陶房', 'デザイン', 'マルシェ', '硝子', '革工房', '茶舗', 'ストア'),
    IF(CRC32(id * 1503238553) % 100 < 15,
       ELT(1 + CRC32(id * 1600000009) % 8, '🍞', '🌸', '☕', '🧵', '🐈', '🍓', '🎁', '👩‍🍳'), '')),
  ELT(1 + FLOOR(7 * POW(CRC32(id * 1700000009) / 4294967296e0, 1.5)),
      'fashion', 'food', 'hobby', 'home', 'beauty', 'digital', 'other'),
  ELT(1 + (CRC32(id * 1800000011) % 100 >= 70) + (CRC32(id * 1800000011) % 100 >= 93),
      'free', 'standard', 'premium'),
  IF(CRC32(id * 1900000043) % 100 < 5, NULL,
    ELT(1 + FLOOR(47 * POW(CRC32(id * 1905000019) / 4294967296e0, 2.2)),
      '東京都', '神奈川県', '大阪府', '愛知県', '埼玉県', '千葉県', '兵庫県', '北海道', '福岡県', '静岡県', '茨城県',
      '広島県', '京都府', '宮城県', '新潟県', '長野県', '岐阜県', '群馬県', '栃木県', '岡山県', '福島県', '三重県',
      '熊本県', '鹿児島県', '沖縄県', '滋賀県', '山口県', '愛媛県', '奈良県', '長崎県', '青森県', '岩手県', '石川県',
      '大分県', '宮崎県', '山形県', '富山県', '秋田県', '香川県', '和歌山県', '山梨県', '佐賀県', '福井県', '徳島県',
      '高知県', '島根県', '鳥取県')),
  IF(CRC32(id * 1910000003) % 100 < 22, NULL, 3 + (CRC32(id * 1920000023) % 201) / 100),
  CRC32(id * 1930000027) % 400 = 3,
  IF(CRC32(id * 1940000009) % 100 < 10, NULL, JSON_OBJECT('theme',
    ELT(1 + CRC32(id * 1950000011) % 4, 'plain', 'wa', 'dark', 'pop'), 'gift', CRC32(id * 1950000011) % 3 = 0,
    'message', IF(CRC32(id * 1950000011) % 7 = 0, 'ご注文ありがとうございます🙏', NULL))),
  IF(CRC32(id * 1960000019) % 100 < 4, NULL, day + INTERVAL CRC32(id * 1960000019) % 15 DAY),
  IF(left_at < @until + INTERVAL 1 DAY, left_at, NULL) AS deleted_at,
  born_at,
  IF(left_at < @until + INTERVAL 1 DAY, left_at, born_at) AS updated_at
FROM (
  SELECT id, day, day + INTERVAL CRC32(id * 1970000003) * 20 MICROSECOND AS born_at,
    IF(id % 2 = 0 AND CRC32(id * 1073807359) % 100 < 8,
       day + INTERVAL 60 + CRC32(id * 1980000007) % 700 DAY
           + INTERVAL CRC32(id * 1980000013) * 20 MICROSECOND, NULL) AS left_at
  FROM shop_seed.shop_plan WHERE day <= @until) p
HAVING updated_at >= @from
ON DUPLICATE KEY UPDATE deleted_at = VALUES(deleted_at), updated_at = VALUES(updated_at);

INSERT INTO shop.users
SELECT id,
  CONCAT(
    ELT(1 + CRC32(id * 1401181199) % 26, '佐藤', '鈴木', '髙橋', '田中', '伊藤', '渡辺', '山本', '中村', '小林', '加藤',
      '𠮷田', '山田', '佐々木', '山口', '松本', '井上', '木村', '林', '斎藤', '清水', '山﨑', '森', '池田', '橋本', '阿部',
      '石川'), ' ',
    ELT(1 + CRC32(id * 1450000013) % 24, '陽菜', '結衣', '美咲', '葵', 'さくら', '凛', '花子', '美優', '真央', '彩',
      '恵子', '由美', '蓮', '大翔', '悠真', '健太', '拓也', '翔', '誠', '太郎', '陸', '海斗', '直樹', '浩')),
  CONCAT('user', id, ELT(1 + CRC32(id * 1503238553) % 3, '@example.jp', '@example.com', '+shop@example.org')),
  IF(CRC32(id * 1600000009) % 100 < 25, NULL,
     CONCAT('090-', LPAD(CRC32(id * 1600000009) % 10000, 4, '0'), '-', LPAD(CRC32(id * 1700000009) % 10000, 4, '0'))),
  ELT(1 + (CRC32(id * 1800000011) % 100 >= 50) + (CRC32(id * 1800000011) % 100 >= 80)
        + (CRC32(id * 1800000011) % 100 >= 82), 'female', 'male', 'other', NULL),
  IF(CRC32(id * 1820000017) % 100 < 35, NULL, '2008-03-31' - INTERVAL CRC32(id * 1820000017) % 21000 DAY),
  IF(CRC32(id * 1900000043) % 100 < 4, NULL,
    ELT(1 + FLOOR(47 * POW(CRC32(id * 1905000019) / 4294967296e0, 2)),
      '東京都', '神奈川県', '大阪府', '愛知県', '埼玉県', '千葉県', '兵庫県', '北海道', '福岡県', '静岡県', '茨城県',
      '広島県', '京都府', '宮城県', '新潟県', '長野県', '岐阜県', '群馬県', '栃木県', '岡山県', '福島県', '三重県',
      '熊本県', '鹿児島県', '沖縄県', '滋賀県', '山口県', '愛媛県', '奈良県', '長崎県', '青森県', '岩手県', '石川県',
      '大分県', '宮崎県', '山形県', '富山県', '秋田県', '香川県', '和歌山県', '山梨県', '佐賀県', '福井県', '徳島県',
      '高知県', '島根県', '鳥取県')),
  FLOOR(5000 * POW(CRC32(id * 1910000003) / 4294967296e0, 3)),
  CRC32(id * 1930000027) % 500 = 3,
  IF(CRC32(id * 1940000009) % 100 < 30, NULL,
     JSON_OBJECT('mail', CRC32(id * 1950000011) % 2 = 0, 'tags', JSON_ARRAY('新着', '🍰セール'))),
  seen_at, left_at, born_at,
  GREATEST(born_at, seen_at, COALESCE(left_at, born_at)) AS updated_at
FROM (
  -- Each user comes back every 3 to 120 days; the last time up to @until (or to leaving) is kept.
  SELECT id, born_at, IF(left_at < @until + INTERVAL 1 DAY, left_at, NULL) AS left_at,
    GREATEST(born_at, LEAST(COALESCE(left_at, '9999-01-01'),
      @until - INTERVAL (TO_DAYS(@until) + CRC32(id * 1960000019)) % (3 + CRC32(id * 1960000023) % 118) DAY
        + INTERVAL 25200 + CRC32(id * 1970000021) % 61000 SECOND)) AS seen_at
  FROM (
    SELECT id, day + INTERVAL 25200000000 + CRC32(id * 1970000003) * 14 MICROSECOND AS born_at,
      IF(id % 2 = 0 AND CRC32(id * 1610612741) % 100 < 6,
         day + INTERVAL 30 + CRC32(id * 1980000007) % 500 DAY
             + INTERVAL CRC32(id * 1980000013) * 20 MICROSECOND, NULL) AS left_at
    FROM shop_seed.user_plan WHERE day <= @until) lives) p
WHERE left_at IS NULL OR left_at >= @until - INTERVAL 89 DAY
HAVING updated_at >= @from
ON DUPLICATE KEY UPDATE last_login_at = VALUES(last_login_at), deleted_at = VALUES(deleted_at),
  updated_at = VALUES(updated_at);
DELETE FROM shop.users WHERE deleted_at < @until - INTERVAL 89 DAY;
