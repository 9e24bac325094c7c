include: "m.model.lkml"
view: v { measure: n { type: count } }
