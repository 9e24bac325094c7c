module kura/third_party/duckdb

go 1.19

require github.com/duckdb/duckdb-go-bindings/lib/linux-amd64 v0.10506.0
