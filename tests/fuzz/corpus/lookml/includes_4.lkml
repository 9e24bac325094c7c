view: unseen { dimension: id { type: number } }
