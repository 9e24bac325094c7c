view: v { derived_table: { persist_for: "1 hour" } }
view: w { derived_table: { explore_source: v { column: a { } } } }
