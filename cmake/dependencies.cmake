# Third-party code, each behind one interface target that only the folder of DESIGN §2 links.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(simdjson REQUIRED)
find_package(CURL REQUIRED)
find_package(CLI11 REQUIRED)
find_package(date REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS context)
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(MARIADB REQUIRED IMPORTED_TARGET libmariadb)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(BROTLI REQUIRED IMPORTED_TARGET libbrotlienc)
find_package(ZLIB REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)

# The DuckDB libraries come as a Go module pinned by third_party/duckdb/go.sum; scripts/setup
# fetches it, and asking the go command for its folder costs nothing when it is there.
execute_process(
  COMMAND ${CMAKE_SOURCE_DIR}/scripts/duckdb-dir
  OUTPUT_VARIABLE KURA_DUCKDB_DIR OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
file(GLOB KURA_DUCKDB_LIBS ${KURA_DUCKDB_DIR}/lib*.a)
list(FILTER KURA_DUCKDB_LIBS EXCLUDE REGEX "tpch|tpcds|jemalloc")

add_library(kura_deps_base INTERFACE)
target_link_libraries(kura_deps_base INTERFACE fmt::fmt spdlog::spdlog yaml-cpp simdjson::simdjson
  CURL::libcurl PkgConfig::RE2 PkgConfig::SODIUM date::date-tz Threads::Threads)

add_library(kura_deps_duckdb INTERFACE)
target_include_directories(kura_deps_duckdb SYSTEM INTERFACE ${KURA_DUCKDB_DIR})
target_link_libraries(kura_deps_duckdb INTERFACE
  -Wl,--start-group ${KURA_DUCKDB_LIBS} -Wl,--end-group Threads::Threads ${CMAKE_DL_LIBS})

add_library(kura_deps_mysql INTERFACE)
target_link_libraries(kura_deps_mysql INTERFACE PkgConfig::MARIADB OpenSSL::SSL)

add_library(kura_deps_http INTERFACE)
target_link_libraries(kura_deps_http INTERFACE Boost::context PkgConfig::BROTLI ZLIB::ZLIB)

add_library(kura_deps_cli INTERFACE)
target_link_libraries(kura_deps_cli INTERFACE CLI11::CLI11)
