view: v {
  dimension_group: at { type: time sql: ${TABLE}.at ;; }
  dimension_group: on { datatype: date sql: ${TABLE}.on ;; }
}
