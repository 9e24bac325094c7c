view: shops { dimension: id { primary_key: yes type: number } }
