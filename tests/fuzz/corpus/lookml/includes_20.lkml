include: "m.model"
include: "v"
explore: v {}
