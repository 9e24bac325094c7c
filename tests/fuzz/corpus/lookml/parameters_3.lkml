project_name: "shop"
constant: schema { value: "raw_@{env}" export: override_optional }
constant: env { value: "shop" }
local_dependency: { project: "../x" }
nonsense: 1
