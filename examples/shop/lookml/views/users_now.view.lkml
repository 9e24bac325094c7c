# Current data, grain = user: people who can use the shop today.
view: users_now {
  label: "ユーザー"
  derived_table: {
    sql:
      SELECT id, prefecture, gender, birthday, points, created_at, last_login_at
      FROM raw_shop.users
      WHERE deleted_at IS NULL AND is_test = 0 ;;
  }

  dimension: id {
    primary_key: yes
    hidden: yes
    type: number
    sql: ${TABLE}.id ;;
  }
  dimension: prefecture {
    label: "都道府県"
    description: "本人が登録した都道府県。未登録は空"
    sql: ${TABLE}.prefecture ;;
  }
  dimension: gender {
    label: "性別"
    description: "本人が選んだ性別（任意）"
    sql: ${TABLE}.gender ;;
  }
  dimension: points {
    label: "保有ポイント"
    description: "いま持っているポイント"
    type: number
    value_format_name: decimal_0
    sql: ${TABLE}.points ;;
  }
  dimension: has_points {
    label: "ポイントあり"
    description: "ポイントを1以上持っている"
    type: yesno
    sql: ${points} > 0 ;;
  }
  dimension_group: created {
    label: "登録"
    description: "登録した日時（日本時間）"
    type: time
    timeframes: [raw, time, date, week, month, quarter, year, day_of_week, hour_of_day]
    sql: ${TABLE}.created_at ;;
  }
  dimension_group: last_login {
    label: "最終ログイン"
    description: "最後にログインした日時（日本時間）"
    type: time
    timeframes: [raw, time, date, week, month]
    sql: ${TABLE}.last_login_at ;;
  }

  measure: count {
    label: "ユーザー数"
    description: "1人を1回だけ数える"
    type: count
    drill_fields: [id, prefecture, created_date]
  }
  measure: total_points {
    label: "保有ポイント合計"
    description: "全員の保有ポイントの合計"
    type: sum
    value_format_name: decimal_0
    sql: ${points} ;;
  }
  measure: average_points {
    label: "保有ポイント平均"
    description: "1人あたりの保有ポイント"
    type: average
    value_format_name: decimal_1
    sql: ${points} ;;
  }
}
