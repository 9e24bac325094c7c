// sync/sim_world_for_test.h: for tests: a database server that exists only in memory, with the
// habits that make copying hard: transactions that stamp rows and commit late, statements that run
// long, clocks of applications that lag, changes that leave no stamp. One seed decides everything.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "sync/sim_random_for_test.h"
#include "sync/source.h"
#include "sync/watermark.h"

namespace kura::sync {

/// One row: a value whose changes carry a stamp, and a note whose changes do not.
struct SimRow {
  std::int64_t id = 0;
  std::int64_t value = 0;
  std::int64_t note = 0;
  std::int64_t note_floor = 0;  // the note at the last change that carried a stamp
  std::optional<Micros> stamp;  // as the column shows it
};
using SimRows = std::map<std::int64_t, SimRow>;

/// How a table of the simulation is made.
struct SimTableOptions {
  std::string name;
  bool has_cursor = true;
  bool has_key = true;
  bool whole_seconds = false;  // precision of the cursor column
  ClockKind clock = ClockKind::kInstant;
  std::string zone;           // what its wall clock means
  bool zone_is_known = true;  // kura.yaml says it
  Micros lookback = 0;        // how far stamps of applications may lag
  std::int64_t rows_expected = 0;
  bool estimate_varies = false;  // as the source's statistics do: sometimes the table looks small
};

struct SimTable {
  SimTableOptions options;
  SourceTable described;
  SimRows rows;  // what is committed
};

/// What a reader sees: every table at one moment.
struct SimSnapshot {
  std::map<std::string, SimRows> tables;
  /// The earliest stamp that the server's clock gave to work that is not in it.
  std::optional<Micros> oldest_unseen;
};

/// What the seed decides about the server.
struct SimWorldOptions {
  Micros now = 0;
  bool transactions_visible = true;  // the account has PROCESS
  // A statement may wait before it touches a row, so that its stamp is older than its transaction.
  bool late_starts = false;
};

/// The server. For one thread.
class SimWorld {
 public:
  SimWorld(std::uint64_t seed, const SimWorldOptions& options,
           const std::vector<SimTableOptions>& tables);

  /// Something happens: statements, transactions, time.
  void Act();
  /// What happens while a sync looks elsewhere: often nothing.
  void Tick();
  /// Every open transaction ends.
  void Quiesce();
  /// Another server answers: with what it was restored from, under a new identity.
  void Swap();
  /// A committed change whose stamp is exactly `since`, an instant, in a table with a cursor.
  void Tie(const std::string& table, Micros since);
  /// Time passes; work that PROCESS would have to show ends before it is too old.
  void Advance(Micros by);

  Micros now() const { return now_; }
  const std::string& server_id() const { return server_id_; }
  std::vector<SourceTable> Describe();
  const SimTable& Table(const std::string& name) const;
  const std::vector<SimTable>& tables() const { return tables_; }
  /// The parts of the watermark, each as of its own moment, in the order in which MySQL is asked.
  OpenWork ReadOpenWork();
  std::shared_ptr<const SimSnapshot> TakeSnapshot();
  /// What a cursor column shows of an instant.
  static Micros WallClock(const SimTableOptions& options, Micros instant);

  /// Gets a line for everything that happens; may be empty.
  std::function<void(const std::string&)> trace;

 private:
  struct Write {
    std::size_t table = 0;
    std::int64_t id = 0;
    std::optional<SimRow> row;  // nothing: deleted
  };
  struct Work {
    std::int64_t number = 0;
    std::optional<Micros> transaction;  // since when the server lists it
    std::optional<Micros> statement;    // since when a statement runs
    std::optional<Micros> oldest_stamp;
    bool commits_alone = false;  // autocommit
    std::vector<Write> writes;
  };

  void Say(const std::string& what) const;
  void AdvanceSomewhat(bool in_sync);
  void Autocommit();
  void Begin();
  void StartStatement(Work* work);
  void EndStatement(std::size_t index);
  void WorkOn(std::size_t index);
  void Finish(std::size_t index, bool commit);
  void Change(Work* work, Micros statement);
  void Insert(Work* work, std::size_t table, Micros statement);
  void Update(Work* work, std::size_t table, Micros statement);
  void Delete(Work* work, std::size_t table);
  void Move(Work* work, std::size_t table, Micros statement);
  void Put(Work* work, const Write& write);
  void Stamp(Work* work, std::size_t table, Micros statement, SimRow* row);
  std::optional<std::int64_t> PickFree(std::size_t table);
  std::optional<SimRow> Pick(const Work& work, std::size_t table);
  bool Locked(const Work* but, std::size_t table, std::int64_t id) const;

  SimRandom random_;
  const SimWorldOptions options_;
  Micros now_;
  std::string server_id_ = "server-1";
  int servers_ = 1;
  std::vector<SimTable> tables_;
  std::vector<Work> open_;
  std::int64_t works_ = 0;
  std::int64_t ids_ = 0;
  std::int64_t values_ = 0;
  std::vector<std::vector<SimRows>> backups_;  // what a restored server may hold
};

}  // namespace kura::sync
