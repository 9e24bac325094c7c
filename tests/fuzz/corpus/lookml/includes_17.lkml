include: "views/*"
week_start_day: sunday
fiscal_month_offset: 3
label: "B"
connection: "duckdb"
explore: shops { }
explore: shops { }
