include: "/viws/shops.view.lkml"
include: "//kura/calender"
include: "//other_project/x.view"
include: "nothing_at_all*"
