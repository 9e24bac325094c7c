view: v {
  derived_table: { sql: SELECT * FROM ${w.SQL_TABLE_NAME} WHERE x = '$' AND y = '{z}' ;; }
  dimension: a { sql: concat(${TABLE}."a b", ${ w.b }, ${c}, '$') ;; }
  dimension: c { }
}
view: w { dimension: b { } }
