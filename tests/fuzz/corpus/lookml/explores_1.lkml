view: orders { dimension: id { } dimension: user_id { } }
view: users { dimension: id { } }
explore: orders {
  join: user { sql_on: ${orders.user_id} = ${user.id} ;; }
  join: users { relationship: many_to_one }
  join: buyers { from: users type: left sql_on: ${orders.usr_id} = ${buyers.id} ;; relationship: many_to_on }
  join: users { sql_on: ${orders.user_id} = ${users.id} ;; }
  join: keyed { from: users foreign_key: user_id }
  join: typo { from: users sql_on: ${order.user_id} = ${typo.id} AND ${id} = 1 ;; required_joins: [buyer] }
  always_join: [nobody]
  fields: [orders.nothing, -user.id, orders.details*]
  sql_always_where: ${users_x.id} = 1 ;;
  always_filter: { filters: [orders.stat: "x"] }
}
explore: nothing { }
