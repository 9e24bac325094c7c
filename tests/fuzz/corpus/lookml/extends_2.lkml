view: shops { dimension: a { } }
view: +shop { label: "x" }
view: child { extends: [shps] }
view: x { extends: [y] dimension: a { } }
view: y { extends: [x] }
explore: shops { extends: [base_explore] }
explore: +shopss { hidden: yes }
