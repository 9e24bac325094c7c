// sync/verify_db_for_test.h: a database at a real server, its warehouse, and a verification of one
// of its tables, for the tests of verify.h.
#pragma once
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "sync/test_server.h"
#include "sync/verify.h"

namespace kura::sync::testing {

using Keys = std::vector<std::string>;

inline constexpr const char* kStamp =
    "updated_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6), "
    "KEY (updated_at)";

class VerifyDb {
 public:
  explicit VerifyDb(std::string name) : name_(std::move(name)) {
    TestServer::Get().Create(name_);
    admin_ = TestServer::Get().Admin(name_);
    Run("SET time_zone = '+09:00'");
    warehouse_ = OpenIn(folder_.path());
    source_ = SourceOf(name_);
  }

  void Run(const std::string& sql) { TestServer::Run(*admin_, sql); }
  // `rows` rows with keys from 1 on, stamped hours ago.
  void MakeOrders(int rows) {
    Run(std::string("CREATE TABLE orders (id BIGINT PRIMARY KEY, code VARCHAR(40), "
                    "amount DECIMAL(12,2), ") +
        kStamp + ")");
    Run("INSERT INTO orders SELECT seq, CONCAT('c', seq), seq * 1.5, NOW(6) - INTERVAL 3 HOUR "
        "FROM seq_1_to_" +
        std::to_string(rows));
  }
  void Sync() { MustSync(source_, *warehouse_); }
  void Tamper(const std::string& sql) {
    const auto connection = warehouse_->Connect();
    const Status done = (*connection)->Execute(sql);
    REQUIRE_MESSAGE(done.has_value(), done.error().message);
  }

  Result<VerifyReport> TryVerify(const VerifyOptions& options = {}) {
    return VerifySource(source_, *warehouse_, SystemClock(), options);
  }
  TableVerdict Verify(const std::string& table, VerifyOptions options = {}) {
    options.tables = {table};
    const auto report = TryVerify(options);
    REQUIRE_MESSAGE(report.has_value(), report.error().message);
    REQUIRE(report->tables.size() == 1);
    const TableVerdict& verdict = report->tables[0];
    if (verdict.error) MESSAGE(std::string(verdict.error->message));
    return verdict;
  }
  TableVerdict Repair(const std::string& table) {
    VerifyOptions options;
    options.repair = true;
    return Verify(table, options);
  }
  std::vector<std::string> Here(const std::string& sql) { return RowsOf(*warehouse_, sql); }

  warehouse::Warehouse& warehouse() { return *warehouse_; }
  SourceConfig& source() { return source_; }
  const std::string& name() const { return name_; }

 private:
  std::string name_;
  std::unique_ptr<MysqlConnection> admin_;
  TestFolder folder_;
  std::unique_ptr<warehouse::Warehouse> warehouse_;
  SourceConfig source_;
};

}  // namespace kura::sync::testing
