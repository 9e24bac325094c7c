view: v {
  dimension: a { sql: {% if x %} 1 {% endif %} ;; label: "{{ name }}" }
}
