// tests/bench/delta_bench.cc: a delta of 40,000 updates, 40,000 inserts and 1,000 deletes on the
// 4 M rows of tables.sql, clustered and scattered (DESIGN §8, second line).
//   SHOP_DB_PORT=… SHOP_DB_SOCKET=… build/release/delta_bench DATABASE
#include <fmt/core.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>

#include "base/clock.h"
#include "sync/mysql_connection.h"
#include "sync/sync.h"
#include "warehouse/duckdb.h"

namespace kura {
namespace {

constexpr int kRounds = 3;
constexpr std::int64_t kUpdates = 40'000;
constexpr std::int64_t kInserts = 40'000;
constexpr std::int64_t kDeletes = 1'000;

std::string Name(const char* variable) {
  const char* value = std::getenv(variable);
  return value == nullptr ? "" : value;
}

struct Round {
  double seconds = 0;
  std::int64_t rows = 0;
  std::int64_t deleted = 0;
  std::string note;
};

class Bench {
 public:
  Bench(const std::string& database, std::string folder) : folder_(std::move(folder)) {
    source_.name = "bench";
    source_.datetime_zone = "UTC";
    source_.mysql.host = "127.0.0.1";
    source_.mysql.port = std::atoi(Name("SHOP_DB_PORT").c_str());
    source_.mysql.user = Name("SHOP_DB_USER");
    source_.mysql.password = Name("SHOP_DB_PASSWORD");
    source_.mysql.tls = sync::TlsMode::kOff;
    source_.mysql.database = database;
    source_.tables["orders"].lookback = 0;
    admin_.socket = Name("SHOP_DB_SOCKET");
    admin_.user = Name("SHOP_DB_ADMIN");
    admin_.database = database;
  }

  Status Run() {
    TRY(writer_, sync::MysqlConnection::Open(admin_));
    TRY_STATUS(writer_->Execute("SET SESSION TRANSACTION READ WRITE"));
    warehouse::DuckDbOptions options;
    options.path = folder_ + "/warehouse.duckdb";
    options.memory_limit = "1GB";
    options.temp_directory = folder_ + "/tmp";
    TRY(warehouse_, warehouse::OpenDuckDb(options));
    TRY(const Round copy, Sync());
    fmt::print("copied {} rows in {:.2f} s\n", copy.rows, copy.seconds);
    TRY_STATUS(Rounds("deletes clustered", false, 1.0));
    return Rounds("deletes scattered", true, 1.3);
  }

 private:
  Status Rounds(const char* name, bool scattered, double target) {
    double best = 1e9;
    Round last;
    for (int round = 0; round < kRounds; ++round) {
      TRY_STATUS(Change(scattered));
      std::this_thread::sleep_for(std::chrono::milliseconds(2500));  // behind the next watermark
      TRY(last, Sync());
      best = std::min(best, last.seconds);
    }
    fmt::print("{:<20} {:>7} rows {:>6} deleted  {:>6.2f} s   target <= {:.1f}{}\n",
               name,
               last.rows,
               last.deleted,
               best,
               target,
               last.note.empty() ? "" : "   " + last.note);
    return {};
  }

  Status Change(bool scattered) {
    ++changes_;
    const std::string modulo = std::to_string(4'000'000 / kUpdates);
    TRY_STATUS(
        writer_->Execute("UPDATE orders SET amount = amount + 1, updated_at = NOW(6) WHERE id % " +
                         modulo + " = " + std::to_string(changes_)));
    TRY_STATUS(writer_->Execute(fmt::format(
        "INSERT INTO orders SELECT {} + seq, seq, seq, 1, seq, 0, 'new', CURDATE(), NOW(), NOW(6) "
        "FROM seq_1_to_{}",
        Now() * 1'000'000 + changes_ * 50'000,
        kInserts)));
    // Other rows in each run of this program.
    const std::int64_t begin = 1'000'000 + (Now() * 1009 + changes_ * 50'000) % 2'900'000;
    return writer_->Execute(scattered
                                ? fmt::format("DELETE FROM orders WHERE id % {} = {} LIMIT {}",
                                              4'000'000 / kDeletes,
                                              (Now() + changes_) % (4'000'000 / kDeletes),
                                              kDeletes)
                                : fmt::format("DELETE FROM orders WHERE id BETWEEN {} AND {}",
                                              begin,
                                              begin + kDeletes - 1));
  }

  static std::int64_t Now() { return SystemClock().Now() / kMicrosPerSecond; }

  Result<Round> Sync() {
    sync::SyncOptions options;
    options.tables = {"orders"};
    const double begin = MonotonicSeconds();
    TRY(const auto report, sync::SyncSource(source_, *warehouse_, SystemClock(), options));
    const sync::TableReport& table = report.tables[0];
    if (table.error) return tl::make_unexpected(*table.error);
    return Round{MonotonicSeconds() - begin, table.rows, table.deleted, table.note};
  }

  const std::string folder_;
  sync::SourceConfig source_;
  sync::MysqlConfig admin_;
  std::unique_ptr<sync::MysqlConnection> writer_;
  std::unique_ptr<warehouse::Warehouse> warehouse_;
  int changes_ = 0;
};

int Main(int count, char** arguments) {
  std::string folder = "/tmp/kura_delta_bench.XXXXXX";
  if (count < 2 || mkdtemp(folder.data()) == nullptr) return 2;
  const Status done = Bench(arguments[1], folder).Run();
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
