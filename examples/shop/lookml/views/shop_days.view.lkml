# Daily facts, grain = shop × day: shops that may be funded on a day, and what they sold.
view: shop_days {
  label: "ショップ（日ごと）"
  derived_table: {
    sql:
      SELECT shop_id, day, max(fundable) AS fundable, sum(orders) AS orders, sum(sales) AS sales
      FROM (
        SELECT shop_id,
               CAST(unnest(generate_series(valid_from, valid_until, INTERVAL 1 DAY)) AS DATE) AS day,
               1 AS fundable, 0 AS orders, 0.00 AS sales
        FROM raw_shop.funding_offers
        UNION ALL
        SELECT shop_id, CAST(ordered_at AS DATE), 0, count(*), sum(total_amount)
        FROM raw_shop.orders
        WHERE deleted_at IS NULL AND status <> 'cancelled'
        GROUP BY ALL
      )
      GROUP BY ALL ;;
  }

  dimension: key {
    primary_key: yes
    hidden: yes
    sql: ${TABLE}.shop_id || '/' || ${TABLE}.day ;;
  }
  dimension: shop_id {
    hidden: yes
    type: number
    sql: ${TABLE}.shop_id ;;
  }
  dimension_group: day {
    hidden: yes
    type: time
    datatype: date
    convert_tz: no
    timeframes: [raw, date]
    sql: ${TABLE}.day ;;
  }
  dimension: is_fundable {
    label: "資金提供の対象"
    description: "その日に利用できる案内がある"
    type: yesno
    sql: ${TABLE}.fundable = 1 ;;
  }

  measure: fundable_shops {
    label: "資金提供の対象ショップ数"
    description: "その日に利用できる案内がある店。1店を1回だけ数える"
    type: count_distinct
    value_format_name: decimal_0
    filters: [is_fundable: "yes"]
    sql: ${shop_id} ;;
  }
  measure: selling_shops {
    label: "売れたショップ数"
    description: "その期間に1件以上売れた店"
    type: count_distinct
    value_format_name: decimal_0
    sql: CASE WHEN ${TABLE}.orders > 0 THEN ${shop_id} END ;;
  }
  measure: orders {
    label: "注文数"
    description: "取り消しと取り下げを除いた注文の数"
    type: sum
    value_format_name: decimal_0
    sql: ${TABLE}.orders ;;
  }
  measure: sales {
    label: "売上"
    description: "注文金額の合計（税込・円）"
    type: sum
    value_format_name: decimal_0
    sql: ${TABLE}.sales ;;
  }
}
