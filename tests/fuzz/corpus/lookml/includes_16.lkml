include: "views/*"
explore: shops { }
