view: shops {
  sql_table_name: raw_shop.shops ;;
  dimension: id { sql: ${TABLE}.id ;; }
  dimension: name { }
  dimension: nme { }
  dimension: quoted { sql: ${TABLE}."a b" || ${TABLE}.`nmae` ;; }
  dimension: computed { sql: concat(${TABLE}.prefecture, ${TABLE}.ID) ;; }
  dimension_group: created { type: time sql: ${TABLE}.creatd_at ;; }
  dimension_group: updated { type: time timeframes: [date, week] }
  measure: total { type: sum sql: ${TABLE}.amount * 2 ;; }
}
view: unknown_table { dimension: anything { } }
view: derived { derived_table: { sql: SELECT 1 AS x ;; } dimension: y { sql: ${TABLE}.y ;; } }
