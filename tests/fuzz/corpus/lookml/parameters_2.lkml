view: v {
  dimension: a { }
  dimension: secret { required_access_grants: [boss] }
}
view: w { required_access_grants: [boss] dimension: a { } }
explore: open { from: v }
explore: rows { from: v access_filter: { field: v.a user_attribute: tenant } }
explore: joined { from: v join: w { sql_on: ${joined.a} = ${w.a} ;; required_access_grants: [boss] } }
