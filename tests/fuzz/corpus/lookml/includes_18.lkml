view: shops { dimension: name { } }
