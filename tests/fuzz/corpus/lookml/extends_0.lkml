view: base {
  extension: required
  dimension: id { type: number primary_key: yes label: "Base id" }
  dimension: name { label: "Base" sql: ${TABLE}.name ;; }
}
view: other { dimension: name { label: "Other" } measure: n { type: count } }
view: child {
  extends: [base, other]
  sql_table_name: t ;;
  dimension: id { label: "Child id" }
  measure: name { type: count label: "Now a measure" }
}
explore: child { label: "Child" }
explore: grandchild { extends: [child] view_name: child hidden: yes }
