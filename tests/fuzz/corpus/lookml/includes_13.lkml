----
lookml/m.model.lkml:1:10: error[missing-include]: there is no file 'lookml/viws/shops.view.lkml' (did you mean 'lookml/views/shops.view.lkml'?)
    1 | include: "/viws/shops.view.lkml"
      |          ^^^^^^^^^^^^^^^^^^^^^^^
lookml/m.model.lkml:2:10: error[missing-include]: there is no file '//kura/calender' (did you mean '//kura/calendar'?)
    2 | include: "//kura/calender"
      |          ^^^^^^^^^^^^^^^^^
lookml/m.model.lkml:3:10: warning[unsupported-parameter]: files of other projects cannot be included yet
    3 | include: "//other_project/x.view"
      |          ^^^^^^^^^^^^^^^^^^^^^^^^ left out
lookml/m.model.lkml:4:10: error[missing-include]: there is no file 'lookml/nothing_at_all*'
    4 | include: "nothing_at_all*"
      |          ^^^^^^^^^^^^^^^^^
