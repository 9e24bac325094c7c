----
model m
  view calendar builtin
    19 fields
  explore calendar on calendar
    fields calendar.day_date, calendar.days
