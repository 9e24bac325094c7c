# Daily facts, grain = user × day: people who ordered on a day. Sparse: most people have no row.
view: user_days {
  label: "利用（日ごと）"
  derived_table: {
    sql:
      SELECT user_id, CAST(ordered_at AS DATE) AS day,
             count(*) AS orders, sum(total_amount) AS amount
      FROM raw_shop.orders
      WHERE deleted_at IS NULL AND status <> 'cancelled' AND user_id IS NOT NULL
      GROUP BY ALL ;;
  }

  dimension: key {
    primary_key: yes
    hidden: yes
    sql: ${TABLE}.user_id || '/' || ${TABLE}.day ;;
  }
  dimension: user_id {
    hidden: yes
    type: number
    sql: ${TABLE}.user_id ;;
  }
  dimension_group: day {
    hidden: yes
    type: time
    datatype: date
    convert_tz: no
    timeframes: [raw, date]
    sql: ${TABLE}.day ;;
  }

  measure: unique_users {
    label: "ユニークユーザー数"
    description: "その期間に1回以上注文した人。何回注文しても1人"
    type: count_distinct
    value_format_name: decimal_0
    sql: ${user_id} ;;
  }
  measure: orders {
    label: "注文数"
    description: "取り消しと取り下げを除いた注文の数"
    type: sum
    value_format_name: decimal_0
    sql: ${TABLE}.orders ;;
  }
  measure: amount {
    label: "流通額"
    description: "注文金額の合計（税込・円）"
    type: sum
    value_format_name: decimal_0
    sql: ${TABLE}.amount ;;
  }
  measure: orders_per_user {
    label: "1人あたり注文数"
    description: "注文数 ÷ ユニークユーザー数"
    type: number
    value_format_name: decimal_2
    sql: ${orders} / NULLIF(${unique_users}, 0) ;;
  }
}
