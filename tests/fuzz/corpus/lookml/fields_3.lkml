view: v {
  dimension: a { type: nmber }
  dimension: b { type: yes_no hidden: maybe }
  dimension_group: c { type: tme timeframes: [dat, week, fiscal_quarter, minute15] datatype: dates }
  dimension_group: d { timeframes: date }
  dimension_group: e { type: duration intervals: [day] sql_start: ${TABLE}.a ;; sql_end: ${TABLE}.b ;; }
  measure: m { type: summ sql: ${a} ;; }
  measure: n { type: sum }
  measure: o { sql: max(${TABLE}.x) ;; }
  measure: p { type: percentile percentile: 90 sql: ${a} ;; }
  measure: q { type: count filters: "x" }
  measure: r { type: count filters: [a] }
  measure: s { type: count filters: { field: a } }
  dimension: t { type: tier tiers: [1, 2] sql: ${TABLE}.t ;; }
  label: [a]
  sql_table_name: { }
}
