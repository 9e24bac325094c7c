----
model shop
  view old
    dimension id number
  view shops
    dimension id number primary_key
  view users
    dimension id number
  explore shops on shops
lookml/shop.model.lkml:2:10: error[missing-include]: there is no file 'lookml/more/**/deep'
    2 | include: "more/**/deep"
      |          ^^^^^^^^^^^^^^
