view: users { dimension: id { } measure: points { type: sum sql: ${TABLE}.points ;; } }
view: orders { dimension: user_id { } measure: n { type: count } }
explore: users_daily {
  view_name: users
  join: orders {
    relationship: one_to_many
    sql_on: ${users.id} = ${orders.user_id} ;;
  }
}
explore: users {
  join: orders { relationship: many_to_many sql_on: ${users.id} = ${orders.user_id} ;; }
}
