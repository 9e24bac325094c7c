view: orders { dimension: id { primary_key: yes } dimension: user_id { } measure: n { type: count } set: some { fields: [id] } }
view: users { dimension: id { primary_key: yes } dimension: name { } measure: n { type: count } }
explore: orders {
  label: "Orders"
  description: "What was ordered"
  group_label: "Shop"
  view_label: "Order"
  hidden: yes
  fields: [ALL_FIELDS*, -orders.user_id, orders.some*, buyers.name]
  sql_always_where: ${orders.id} > 0 ;;
  sql_always_having: ${orders.n} > 0 ;;
  always_filter: { filters: [orders.id: ">0", buyers.name: "-NULL"] }
  always_join: [buyers]
  join: buyers {
    from: users
    type: inner
    relationship: many_to_one
    sql_on: ${orders.user_id} = ${buyers.id} ;;
    sql_where: ${buyers.name} IS NOT NULL ;;
    view_label: "Buyer"
    fields: [buyers.id, buyers.name]
  }
  join: referrers { from: users foreign_key: user_id required_joins: [buyers] }
  join: everyone { from: users type: cross relationship: many_to_many }
}
explore: renamed { view_name: o from: orders join: users { sql_on: ${o.user_id} = ${users.id} ;; type: full_outer relationship: one_to_one } }
