view: v { dimension: a { label: "1" type: number } derived_table: { sql: select 1 as a ;; } }
view: +v { dimension: a { label: "2" } dimension: b { } }
view: +v { dimension: a { label: "3" } derived_table: { sql: select 2 as a ;; } }
explore: v { label: "E" }
explore: +v { label: "F" join: w { sql_on: ${v.a} = ${w.a} ;; relationship: many_to_one } }
view: w { dimension: a { } }
