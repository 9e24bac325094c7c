view: old { dimension: id { type: number } }
