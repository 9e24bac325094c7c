conection: "duckdb"
named_value_format: yen { value_format: "#,##0" }
datagroup: daily { max_cache_age: "24 hours" }
view: v {
  lable: "V"
  sql_table: t ;;
  dimension: a { typ: number type: number type: string primary: yes order_by_field: b frobnicate: 1 }
  dimension_group: g { type: time timeframe: [date] }
  measure: n { type: count sql_distinct_key: ${a} ;; }
  dimension: b { case: { when: { sql: 1 = 1 ;; label: "x" } } }
  dimension: c { link: { label: "l" url: "u" } link: { label: "m" url: "v" } html: <b/> ;; tags: ["x"] }
  derived_table: { sql: select 1 ;; persist: yes }
  set: s { field: [a] }
}
explore: v {
  joins: w { }
  symmetric_aggregates: no
  conditionally_filter: { filters: [a: "1"] }
  join: w { sql: left join unnest(${v.a}) as w ;; relationships: one_to_one }
}
view: w { }
