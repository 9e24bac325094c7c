// tests/bench/sync_bench.cc: rows/s of a full copy of one table, beside its two halves: the bare
// fetch of the same rows by one connection, and DuckDB writing them from memory (DESIGN §8, first
// line).
//   SHOP_DB_PORT=… SHOP_DB_USER=… SHOP_DB_PASSWORD=… build/release/sync_bench [database [table]]
#include <fmt/core.h>
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "sync/mysql_source.h"
#include "sync/sync.h"
#include "warehouse/duckdb.h"

namespace kura {
namespace {

constexpr int kRuns = 3;
constexpr std::size_t kRowsInMemoryMax = 2'000'000;

struct Setting {
  sync::SourceConfig source;
  std::string table;
  std::string folder;
};

struct Measured {
  double seconds = 0;
  double cpu_seconds = 0;
  std::int64_t rows = 0;
};

double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// The server runs on the same cores: its CPU is part of what a copy costs.
double ServerCpuSeconds() {
  const char* id = std::getenv("SHOP_DB_PID");
  if (id == nullptr) return 0;
  const std::string path = "/proc/" + std::string(id) + "/stat";
  std::FILE* file = std::fopen(path.c_str(), "r");
  if (file == nullptr) return 0;
  char text[1024] = {};
  const std::size_t size = std::fread(text, 1, sizeof text - 1, file);
  std::fclose(file);
  const std::string line(text, size);
  const std::size_t name_end = line.rfind(')');
  long user = 0;
  long system = 0;
  std::size_t at = name_end;
  for (int field = 2; field < 14 && at != std::string::npos; ++field) at = line.find(' ', at + 1);
  if (at == std::string::npos) return 0;
  char* rest = nullptr;
  user = std::strtol(line.c_str() + at, &rest, 10);
  system = std::strtol(rest, nullptr, 10);
  return static_cast<double>(user + system) / 100.0;
}

Result<Measured> Measure(const std::function<Result<std::int64_t>()>& work) {
  std::optional<Measured> best;
  for (int run = 0; run < kRuns; ++run) {
    const double cpu = CpuSeconds() + ServerCpuSeconds();
    const double start = MonotonicSeconds();
    TRY(const std::int64_t rows, work());
    const Measured measured{
        MonotonicSeconds() - start, CpuSeconds() + ServerCpuSeconds() - cpu, rows};
    if (!best || measured.seconds < best->seconds) best = measured;
  }
  return *best;
}

std::string Name(const char* variable, const char* fallback) {
  const char* value = std::getenv(variable);
  return value == nullptr ? fallback : value;
}

Result<std::unique_ptr<warehouse::Warehouse>> FreshWarehouse(const std::string& folder) {
  const std::string clear = "rm -rf '" + folder + "' && mkdir -p '" + folder + "'";
  if (std::system(clear.c_str()) != 0) return Fail(Code::kUnavailable, "cannot clear {}", folder);
  warehouse::DuckDbOptions options;
  options.path = folder + "/warehouse.duckdb";
  options.memory_limit = "300MB";
  return warehouse::OpenDuckDb(options);
}

// With one connection in one pass, as tables of this size are copied; with more in ranges of the
// key.
Result<std::int64_t> FullCopy(const Setting& setting, int connections) {
  TRY(const auto warehouse, FreshWarehouse(setting.folder));
  const SystemClock clock;
  sync::SyncOptions options;
  options.tables = {setting.table};
  options.full = true;
  options.connections = connections;
  if (connections > 1) options.ranges_from = 0;
  TRY(const auto report, sync::SyncSource(setting.source, *warehouse, clock, options));
  if (report.tables[0].error) return tl::make_unexpected(*report.tables[0].error);
  return report.tables[0].rows;
}

using Batches = std::vector<std::unique_ptr<warehouse::Batch>>;

struct Fetched {
  sync::SourceTable table;
  std::vector<sql::Type> types;
  Batches batches;
};

// Reads every row; keeps the first ones when `keep`.
Result<std::int64_t> Fetch(const Setting& setting, bool keep, Fetched* fetched) {
  const auto source = sync::MakeMysqlSource(setting.source.mysql);
  TRY(const auto session, source->Connect());
  TRY(const auto tables, session->ReadTables());
  sync::ReadRequest request;
  for (const sync::SourceTable& table : tables) {
    if (table.name == setting.table) fetched->table = table;
  }
  request.table = &fetched->table;
  fetched->types.clear();
  for (const sync::SourceColumn& column : fetched->table.columns) {
    request.columns.push_back(column.name);
    fetched->types.push_back(column.type);
  }
  TRY(const auto reader, session->Read(request));
  auto batch = std::make_unique<warehouse::Batch>(fetched->types);
  std::size_t rows = 0;
  while (true) {
    TRY(const bool more, reader->Next(batch.get()));
    if (!more) return static_cast<std::int64_t>(rows);
    rows += batch->rows;
    if (!keep || rows > kRowsInMemoryMax) continue;
    fetched->batches.push_back(std::move(batch));
    batch = std::make_unique<warehouse::Batch>(fetched->types);
  }
}

Result<std::int64_t> WriteOnly(const Setting& setting, const Fetched& fetched) {
  TRY(const auto warehouse, FreshWarehouse(setting.folder));
  TRY(const auto connection, warehouse->Connect());
  std::string columns;
  for (std::size_t i = 0; i < fetched.types.size(); ++i) {
    columns += fmt::format("{}c{} {}", i == 0 ? "" : ", ", i, sql::TypeName(fetched.types[i]));
  }
  TRY_STATUS(connection->Execute("CREATE TABLE main.t (" + columns + ")"));
  std::int64_t rows = 0;
  const Status done = warehouse::InTransaction(*connection, [&]() -> Status {
    TRY(const auto loader, connection->Load("main", "t"));
    for (const auto& batch : fetched.batches) {
      TRY_STATUS(loader->Append(*batch));
      rows += static_cast<std::int64_t>(batch->rows);
    }
    return loader->Finish();
  });
  if (!done) return tl::make_unexpected(done.error());
  return rows;
}

void Print(const char* name, const Measured& measured) {
  const double rate = static_cast<double>(measured.rows) / measured.seconds / 1e6;
  fmt::print("{:<28} {:>10} rows  {:>7.3f} s  {:>6.2f} M rows/s  {:>7.3f} s CPU\n",
             name,
             measured.rows,
             measured.seconds,
             rate,
             measured.cpu_seconds);
}

Status Bench(const Setting& setting) {
  Fetched fetched;
  TRY(const Measured fetch, Measure([&] { return Fetch(setting, false, &fetched); }));
  TRY(const Measured copy, Measure([&] { return FullCopy(setting, 1); }));
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  TRY(const Measured two, Measure([&] { return FullCopy(setting, 2); }));
  TRY(const Measured four, Measure([&] { return FullCopy(setting, 4); }));
  rusage ranged_usage{};
  getrusage(RUSAGE_SELF, &ranged_usage);
  TRY_STATUS(Fetch(setting, true, &fetched).map([](std::int64_t) {}));
  TRY(const Measured write, Measure([&] { return WriteOnly(setting, fetched); }));
  Print("bare binary fetch", fetch);
  Print("DuckDB writes from memory", write);
  Print("full copy, 1 connection", copy);
  Print("full copy, 2 connections", two);
  Print("full copy, 4 connections", four);
  const double per_row = write.cpu_seconds / static_cast<double>(write.rows);
  const double write_all = per_row * static_cast<double>(copy.rows);
  const double bound = (fetch.cpu_seconds + write_all) / 2;
  fmt::print("full copy / ((fetch CPU + write CPU) / 2 cores) = {:.2f}   target <= 1.15\n",
             copy.seconds / bound);
  fmt::print("full copy / bare fetch = {:.2f}   target about 1.5 (orders)\n",
             copy.seconds / fetch.seconds);
  fmt::print("peak memory = {} MB, in ranges {} MB   target < 500\n",
             usage.ru_maxrss / 1024,
             ranged_usage.ru_maxrss / 1024);
  return {};
}

int Main(int count, char** arguments) {
  Setting setting;
  setting.source.name = "bench";
  setting.source.datetime_zone = "UTC";
  setting.source.mysql.host = "127.0.0.1";
  setting.source.mysql.port = std::atoi(Name("SHOP_DB_PORT", "3306").c_str());
  setting.source.mysql.user = Name("SHOP_DB_USER", "root");
  setting.source.mysql.password = Name("SHOP_DB_PASSWORD", "");
  setting.source.mysql.tls = sync::TlsMode::kOff;
  setting.source.mysql.database = count > 1 ? arguments[1] : "shop";
  setting.table = count > 2 ? arguments[2] : "orders";
  std::string folder = "/tmp/kura_sync_bench.XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) return 3;
  setting.folder = folder + "/warehouse";
  const Status done = Bench(setting);
  const int removed = std::system(("rm -rf '" + folder + "'").c_str());
  if (done) return removed == 0 ? 0 : 3;
  fmt::print(stderr, "error: {}\n{}\n", done.error().message, done.error().hint);
  return 3;
}

}  // namespace
}  // namespace kura

int main(int count, char** arguments) {
  return kura::Main(count, arguments);
}
