include: "/views/*.view.lkml"
include: "more/**/deep"
explore: shops {}
