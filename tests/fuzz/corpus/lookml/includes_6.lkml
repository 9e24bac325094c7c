----
lookml/shop.model.lkml:2:10: error[missing-include]: there is no file 'lookml/more/**/deep'
    2 | include: "more/**/deep"
      |          ^^^^^^^^^^^^^^
lookml/views/users.view.lkml:1:10: error[missing-include]: there is no file 'lookml/hidden/points' (did you mean 'lookml/hidden/points.view.lkml'?)
    1 | include: "../hidden/points"
      |          ^^^^^^^^^^^^^^^^^^
