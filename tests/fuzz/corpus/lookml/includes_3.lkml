view: points { dimension: id { type: number } }
