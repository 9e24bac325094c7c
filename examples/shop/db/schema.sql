-- The example shop's tables, as a full-cycle team would have them: comments, updated_at, soft deletes.
-- `load` runs this first; shop_seed (never synced) holds what the generator has to remember.
-- Secondary indexes come after the first load (indexes.sql), since building them sorted is faster.
CREATE DATABASE IF NOT EXISTS shop CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE DATABASE IF NOT EXISTS shop_seed CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- One row: where history begins, how large it is, and the last day that is completely loaded.
CREATE TABLE IF NOT EXISTS shop_seed.meta (
  id            TINYINT PRIMARY KEY DEFAULT 1 CHECK (id = 1),
  start_day     DATE NOT NULL,
  scale         DECIMAL(10,6) NOT NULL,
  loaded_until  DATE NULL
);

-- What happened in this history, by day: tests, docs and alerts look it up here.
CREATE TABLE IF NOT EXISTS shop_seed.events (
  kind  ENUM('orders_incident', 'fundable_incident', 'card_release') PRIMARY KEY,
  day   DATE NOT NULL,
  note  VARCHAR(200) NOT NULL
);

-- The plan of each day: which ids are born on it. A function of the date, start_day and scale only.
CREATE TABLE IF NOT EXISTS shop_seed.days (
  day             DATE PRIMARY KEY,
  day_index       INT NOT NULL,
  holiday         TINYINT(1) NOT NULL,
  card_percent    INT NOT NULL,
  orders_before   BIGINT NOT NULL,
  orders_count    BIGINT NOT NULL,
  users_before    BIGINT NOT NULL,
  users_count     BIGINT NOT NULL,
  shops_before    BIGINT NOT NULL,
  shops_count     BIGINT NOT NULL
);

CREATE TABLE IF NOT EXISTS shop.shops (
  id           BIGINT UNSIGNED NOT NULL PRIMARY KEY COMMENT 'ショップID',
  name         VARCHAR(120) NOT NULL COMMENT 'ショップ名(絵文字を含むことがある)',
  category     ENUM('food','fashion','beauty','home','hobby','digital','other') NOT NULL COMMENT '業種',
  plan         ENUM('free','standard','premium') NOT NULL COMMENT '料金プラン',
  prefecture   VARCHAR(10) NULL COMMENT '所在地の都道府県(未登録はNULL)',
  rating       DECIMAL(3,2) NULL COMMENT '平均評価 1.00〜5.00(評価なしはNULL)',
  is_test      TINYINT(1) NOT NULL DEFAULT 0 COMMENT '社内の検証用ショップなら1',
  settings     JSON NULL COMMENT '店舗設定',
  opened_on    DATE NULL COMMENT '公開日(未公開はNULL)',
  deleted_at   DATETIME(6) NULL COMMENT '退店日時(論理削除)',
  created_at   DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) COMMENT '登録日時',
  updated_at   DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6)
               COMMENT '更新日時'
) COMMENT 'ショップ';

CREATE TABLE IF NOT EXISTS shop.users (
  id             BIGINT UNSIGNED NOT NULL PRIMARY KEY COMMENT 'ユーザーID',
  name           VARCHAR(80) NOT NULL COMMENT '氏名',
  email          VARCHAR(120) NOT NULL COMMENT 'メールアドレス',
  phone          VARCHAR(20) NULL COMMENT '電話番号',
  gender         ENUM('female','male','other') NULL COMMENT '性別(任意)',
  birthday       DATE NULL COMMENT '生年月日(任意)',
  prefecture     VARCHAR(10) NULL COMMENT '都道府県(未登録はNULL)',
  points         INT UNSIGNED NOT NULL DEFAULT 0 COMMENT '保有ポイント',
  is_test        TINYINT(1) NOT NULL DEFAULT 0 COMMENT '社内の検証用ユーザーなら1',
  preferences    JSON NULL COMMENT '通知などの設定',
  last_login_at  TIMESTAMP NULL DEFAULT NULL COMMENT '最終ログイン日時(UTC)',
  deleted_at     DATETIME(6) NULL COMMENT '退会日時(論理削除。90日後に物理削除)',
  created_at     DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) COMMENT '登録日時',
  updated_at     DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6)
                 COMMENT '更新日時'
) COMMENT 'ユーザー(購入者)';

CREATE TABLE IF NOT EXISTS shop.orders (
  id              BIGINT UNSIGNED NOT NULL PRIMARY KEY COMMENT '注文ID',
  external_id     BIGINT UNSIGNED NOT NULL COMMENT '外部連携用の64ビットID(2^63以上)',
  shop_id         BIGINT UNSIGNED NOT NULL COMMENT 'ショップID',
  user_id         BIGINT UNSIGNED NULL COMMENT 'ユーザーID(ゲスト購入はNULL)',
  status          ENUM('paid','shipped','delivered','cancelled','refunded') NOT NULL COMMENT '状態',
  payment_method  ENUM('card','convenience','bank','wallet') NOT NULL COMMENT '支払方法',
  total_amount    DECIMAL(12,2) NOT NULL COMMENT '注文金額(税込・円、明細の合計)',
  shipping_fee    DECIMAL(8,2) NOT NULL COMMENT '送料(円)',
  note            VARCHAR(200) NULL COMMENT '購入者からの備考',
  device          JSON NULL COMMENT '注文時の端末',
  ordered_at      DATETIME(6) NOT NULL COMMENT '注文日時',
  deleted_at      DATETIME(6) NULL COMMENT '取り下げ日時(論理削除)',
  created_at      DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) COMMENT '登録日時',
  updated_at      DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6)
                  COMMENT '更新日時'
) COMMENT '注文(二重送信された注文は翌日に物理削除される)';

CREATE TABLE IF NOT EXISTS shop.order_items (
  id            BIGINT UNSIGNED NOT NULL PRIMARY KEY COMMENT '注文明細ID',
  order_id      BIGINT UNSIGNED NOT NULL COMMENT '注文ID',
  line_no       TINYINT UNSIGNED NOT NULL COMMENT '明細番号 1〜5',
  product_name  VARCHAR(80) NOT NULL COMMENT '商品名',
  quantity      SMALLINT UNSIGNED NOT NULL COMMENT '数量',
  unit_price    DECIMAL(10,2) NOT NULL COMMENT '単価(税込・円)',
  tax_rate      DECIMAL(4,3) NOT NULL COMMENT '消費税率(軽減税率は0.080)',
  options       JSON NULL COMMENT '色やサイズなどの選択',
  created_at    DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) COMMENT '登録日時',
  updated_at    DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6)
                COMMENT '更新日時'
) COMMENT '注文明細';

CREATE TABLE IF NOT EXISTS shop.funding_offers (
  id           BIGINT UNSIGNED NOT NULL PRIMARY KEY COMMENT '資金提供の案内ID',
  shop_id      BIGINT UNSIGNED NOT NULL COMMENT 'ショップID',
  limit_amount DECIMAL(12,2) NOT NULL COMMENT '提供できる上限額(円)',
  fee_rate     DECIMAL(6,5) NOT NULL COMMENT '手数料率',
  valid_from   DATE NOT NULL COMMENT 'この日から利用できる',
  valid_until  DATE NOT NULL COMMENT 'この日まで利用できる(当日を含む)',
  created_at   DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) COMMENT '登録日時',
  updated_at   DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6)
               COMMENT '更新日時'
) COMMENT '資金提供の案内(どのショップがいつからいつまで利用できるか)';

CREATE TABLE IF NOT EXISTS shop.fundings (
  id           BIGINT UNSIGNED NOT NULL PRIMARY KEY COMMENT '資金提供ID',
  offer_id     BIGINT UNSIGNED NOT NULL COMMENT '元になった案内ID',
  shop_id      BIGINT UNSIGNED NOT NULL COMMENT 'ショップID',
  amount       DECIMAL(12,2) NOT NULL COMMENT '提供額(円)',
  fee_amount   DECIMAL(12,2) NOT NULL COMMENT '手数料(円)',
  status       ENUM('active','repaid') NOT NULL COMMENT '状態',
  funded_at    DATETIME(6) NOT NULL COMMENT '実行日時',
  repaid_at    DATETIME(6) NULL COMMENT '完済日時',
  created_at   DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) COMMENT '登録日時',
  updated_at   DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6)
               COMMENT '更新日時'
) COMMENT '資金提供の実行';

CREATE TABLE IF NOT EXISTS shop.payouts (
  id            BIGINT UNSIGNED NOT NULL PRIMARY KEY COMMENT '振込ID',
  shop_id       BIGINT UNSIGNED NOT NULL COMMENT 'ショップID',
  period_from   DATE NOT NULL COMMENT '対象期間の初日',
  period_until  DATE NOT NULL COMMENT '対象期間の末日',
  order_count   INT UNSIGNED NOT NULL COMMENT '対象の注文数',
  gross_amount  DECIMAL(14,2) NOT NULL COMMENT '売上合計(円)',
  fee_amount    DECIMAL(14,2) NOT NULL COMMENT '手数料 3.6 %(円)',
  status        ENUM('paid','failed') NOT NULL COMMENT '状態',
  failure       VARCHAR(40) NULL COMMENT '失敗の理由',
  paid_at       DATETIME(6) NULL COMMENT '振込日時(10日と25日)',
  created_at    DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) COMMENT '登録日時',
  updated_at    DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6)
                COMMENT '更新日時'
) COMMENT 'ショップへの振込';

CREATE TABLE IF NOT EXISTS shop.card_payments (
  id             BIGINT UNSIGNED NOT NULL PRIMARY KEY COMMENT 'カード決済ID',
  order_id       BIGINT UNSIGNED NOT NULL COMMENT '注文ID',
  brand          ENUM('visa','mastercard','jcb','amex') NOT NULL COMMENT 'ブランド',
  last4          CHAR(4) NOT NULL COMMENT 'カード番号の下4桁(先頭の0を保つ文字列)',
  amount         DECIMAL(12,2) NOT NULL COMMENT '決済額(円)',
  status         ENUM('captured','failed') NOT NULL COMMENT '状態',
  error_code     VARCHAR(40) NULL COMMENT '失敗の理由',
  authorized_at  TIMESTAMP(6) NULL DEFAULT NULL COMMENT '与信日時(UTC)',
  created_at     DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) COMMENT '登録日時',
  updated_at     DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6)
                 COMMENT '更新日時'
) COMMENT 'カード決済';

SET sql_mode = '';
-- As old schemas are: no key, no updated_at, latin1, zero dates, a TINYINT(1) that holds 2.
CREATE TABLE IF NOT EXISTS shop.legacy_members (
  member_no    INT NOT NULL COMMENT '旧会員番号(重複あり)',
  name         VARCHAR(60) NULL COMMENT '氏名(ローマ字)',
  rank_code    CHAR(2) NULL COMMENT '会員ランク',
  mail_flag    TINYINT(1) NULL COMMENT '0=不可 1=可 2=未確認',
  joined_on    DATE NOT NULL DEFAULT '0000-00-00' COMMENT '入会日(不明は0000-00-00)',
  last_visit   DATETIME NOT NULL DEFAULT '0000-00-00 00:00:00' COMMENT '最終来店(不明は0)',
  balance      DOUBLE NULL COMMENT '旧ポイント残高',
  visit_time   TIME NULL COMMENT '来店時刻',
  born_year    YEAR NULL COMMENT '生年',
  photo        VARBINARY(16) NULL COMMENT '写真のハッシュ',
  memo         TEXT NULL COMMENT 'メモ'
) CHARACTER SET latin1 COMMENT '旧会員台帳';
