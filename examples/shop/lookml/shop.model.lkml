# The shop's model. No explore stands on a business table as it is: each has a purpose and a grain.
# "now" explores answer how many there are today, "daily" explores start from the calendar.
connection: "duckdb"
label: "ショップ"
week_start_day: monday

include: "//kura/calendar"
include: "/views/*.view"

explore: users_now {
  label: "ユーザー（いま）"
  description: "いまのユーザー。1行＝1人。退会した人と検証用の人を除く"
}

explore: users_daily {
  view_name: calendar
  label: "ユーザー（日ごと）"
  description: "日ごとの利用。暦が土台なので、誰も使わなかった日も0として出る"
  join: user_days {
    type: left_outer
    relationship: one_to_many
    sql_on: ${calendar.day_raw} = ${user_days.day_raw} ;;
  }
  join: users_now {
    type: left_outer
    relationship: many_to_one
    sql_on: ${user_days.user_id} = ${users_now.id} ;;
  }
}

explore: shops_now {
  label: "ショップ（いま）"
  description: "いまのショップ。1行＝1店。退店した店と検証用の店を除く"
}

explore: shops_daily {
  view_name: calendar
  label: "ショップ（日ごと）"
  description: "日ごとの資金提供の対象と売上。暦が土台"
  join: shop_days {
    type: left_outer
    relationship: one_to_many
    sql_on: ${calendar.day_raw} = ${shop_days.day_raw} ;;
  }
  join: shops_now {
    type: left_outer
    relationship: many_to_one
    sql_on: ${shop_days.shop_id} = ${shops_now.id} ;;
  }
}
