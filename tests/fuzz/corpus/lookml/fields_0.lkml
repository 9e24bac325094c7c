view: orders {
  sql_table_name: raw_shop.orders ;;
  drill_fields: [id, detail*]
  set: detail { fields: [id, created_date] }
  dimension: id { primary_key: yes hidden: yes type: number sql: ${TABLE}.id ;; }
  dimension: name { label: "Name" description: "two
lines" group_label: "G" group_item_label: "I" view_label: "V" tags: ["a", "b"] }
  dimension: day { type: date sql: ${TABLE}.day ;; datatype: date convert_tz: no }
  dimension: paid { type: yesno sql: ${TABLE}.status = 'paid' ;; }
  measure: count { type: count drill_fields: [detail*] }
  measure: total { type: sum sql: ${TABLE}.total ;; value_format: "#,##0" filters: [paid: "yes", name: "-NULL"] }
  measure: old { type: sum sql: ${TABLE}.total ;; filters: { field: orders.name value: "x" } }
  measure: ratio { type: number sql: 1.0 * ${total} / nullif(${count}, 0) ;; value_format_name: percent_1 }
  filter: when { type: date default_value: "7 days" }
  parameter: unit { type: unquoted default_value: "day" allowed_value: { label: "Day" value: "day" } }
  dimension_group: created { type: time timeframes: [raw, date, month] sql: ${TABLE}.created_at ;; }
}
explore: orders { }
