include: "../hidden/points"
view: users { dimension: id { type: number } }
