----
model a
  view shops
    dimension id number
  explore shops on shops
model b
  label B
  connection duckdb
  week_start_day 6
  fiscal_month_offset 3
  view shops
    dimension id number
  explore shops on shops
lookml/b.model.lkml:7:10: error[duplicate]: there are two explores 'shops'
    7 | explore: shops { }
      |          ^^^^^ the first is at lookml/b.model.lkml:6
      = to change it, refine it:  explore: +shops {
lookml/views/shops2.view.lkml:1:7: error[duplicate]: there are two views 'shops'
    1 | view: shops { dimension: name { } }
      |       ^^^^^ the first is at lookml/views/shops.view.lkml:1
      = to change it, refine it:  view: +shops {
