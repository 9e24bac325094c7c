# Current data, grain = shop: shops that are open or about to open.
view: shops_now {
  label: "ショップ"
  derived_table: {
    sql:
      SELECT id, name, category, plan, prefecture, rating, created_at
      FROM raw_shop.shops
      WHERE deleted_at IS NULL AND is_test = 0 ;;
  }

  dimension: id {
    primary_key: yes
    hidden: yes
    type: number
    sql: ${TABLE}.id ;;
  }
  dimension: name {
    label: "店名"
    description: "ショップの名前"
    sql: ${TABLE}.name ;;
  }
  dimension: category {
    label: "業種"
    description: "ショップが選んだ業種"
    sql: ${TABLE}.category ;;
  }
  dimension: plan {
    label: "料金プラン"
    description: "いまの料金プラン"
    sql: ${TABLE}.plan ;;
  }
  dimension: prefecture {
    label: "所在地"
    description: "都道府県。未登録は空"
    sql: ${TABLE}.prefecture ;;
  }
  dimension_group: created {
    label: "登録"
    description: "登録した日時（日本時間）"
    type: time
    timeframes: [raw, date, week, month, quarter, year]
    sql: ${TABLE}.created_at ;;
  }

  measure: count {
    label: "ショップ数"
    description: "1店を1回だけ数える"
    type: count
    drill_fields: [id, name, category]
  }
  measure: average_rating {
    label: "平均評価"
    description: "評価のある店の平均（1〜5）"
    type: average
    value_format_name: decimal_2
    sql: ${TABLE}.rating ;;
  }
}
