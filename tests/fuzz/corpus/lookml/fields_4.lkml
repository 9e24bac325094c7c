view: v {
  dimension: a { primary_key: yes }
  measure: a { type: count }
  dimension: b { primary_key: yes }
  dimension_group: c { type: time timeframes: [date] }
  dimension: c_date { }
}
view: v { }
explore: v { }
explore: v { }
