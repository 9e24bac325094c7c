view: shops { dimension: id { type: number } }
