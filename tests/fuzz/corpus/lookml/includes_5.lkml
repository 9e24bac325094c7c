view: deep { dimension: id { type: number } }
