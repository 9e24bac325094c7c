include: "//kura/calendar"
explore: calendar { fields: [calendar.day_date, calendar.days] }
