// The versions follow from the target and the history alone (sql/history.h), so a commit that was
// not recorded is made good by comparing everything once.
#include "sync/history.h"

#include <algorithm>

#include "base/text.h"
#include "sql/history.h"
#include "sync/history_layout.h"
#include "sync/landing.h"
#include "sync/mask.h"
#include "warehouse/history_state.h"
#include "warehouse/state.h"

namespace kura::sync {
namespace {

using warehouse::HistoryState;

// A clock that was set back by more than this is worth a word.
constexpr Micros kSetBackFrom = kMicrosPerMinute;

std::string HistoryName(const std::string& table) {
  return table + std::string(sql::kHistorySuffix);
}

std::string TextOf(const warehouse::Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr ? std::string() : *text;
}

class Recorder {
 public:
  Recorder(warehouse::Connection& connection, const std::string& source, const SourceTable& table,
           const HistoryStep& step)
      : connection_(connection),
        source_(source),
        table_(table),
        step_(step),
        text_(LandingShape(source, table)) {}

  Result<std::string> Run() {
    TRY(known_, warehouse::ReadHistory(connection_, source_, table_.name));
    TRY_STATUS(ReadColumns());
    const bool is_there = !before_.columns.empty();
    if (is_there && !known_) return NotOurs();
    if (!is_there && !table_.keeps_history) return std::string();
    const Converts converts = [this](const auto& column, const auto& was, const auto& type) {
      return IsConvertible(column, was, type);
    };
    if (known_) before_.columns_json = known_->columns_json;
    TRY(layout_, LayOutHistory(table_, step_.columns_json, before_, converts));
    if (layout_.rewrites) TRY_STATUS(LayOut(is_there));
    if (layout_.hides) TRY_STATUS(connection_.Execute(sql::NoteScrubText()));
    std::string note = layout_.note;
    if (table_.keeps_history) TRY_STATUS(Record(is_there, &note));
    TRY_STATUS(WriteState());
    return note;
  }

 private:
  tl::unexpected<Error> NotOurs() const {
    return FailWithHint(
        Code::kConflict,
        fmt::format("the warehouse has a table '{}' that is not the history of '{}'",
                    HistoryName(table_.name),
                    table_.name),
        "it was made by something else than  history: true ; leave  history  out, or drop that "
        "table while kura does not run");
  }

  Status ReadColumns() {
    TRY(const auto stream, connection_.Query(text_.ReadColumns(), {}));
    std::vector<warehouse::Value> row;
    while (true) {
      TRY(const bool more, stream->Next(&row));
      if (!more) return {};
      const std::string name = TextOf(row[0]);
      if (name == sql::kValidFrom || name == sql::kValidTo) continue;
      before_.columns.push_back({name, sql::ParseTypeName(TextOf(row[1]))});
    }
  }

  Result<bool> IsConvertible(const std::string& column, const sql::Type& was,
                             const sql::Type& type) {
    TRY(const auto stream, connection_.Query(text_.CountNotConvertible(column, was, type), {}));
    std::vector<warehouse::Value> row;
    TRY(const bool has_row, stream->Next(&row));
    return has_row && row[0] == warehouse::Value(std::int64_t{0});
  }

  Status LayOut(bool is_there) {
    if (layout_.salted) TRY_STATUS(KeepSalt());
    TRY_STATUS(
        ExecuteAll(is_there ? text_.Rewrite(layout_.columns) : text_.Create(layout_.columns)));
    if (!layout_.salted) return {};
    return connection_.Execute(sql::HistoryText::DropSalt());
  }

  // By the loader, so that it is in no statement that an error could quote.
  Status KeepSalt() {
    TRY_STATUS(connection_.Execute(sql::HistoryText::CreateSalt()));
    TRY(const auto loader, connection_.Load("main", std::string(sql::kHistorySalt)));
    warehouse::Batch batch({{sql::TypeKind::kVarchar, 0, 0}});
    for (const SourceColumn& column : table_.columns) {
      if (column.mask == nullptr || column.mask->salt().empty()) continue;
      batch.columns[0].bytes = column.mask->salt();
    }
    batch.columns[0].valid = {1};
    batch.columns[0].ends = {static_cast<std::uint32_t>(batch.columns[0].bytes.size())};
    batch.rows = 1;
    TRY_STATUS(loader->Append(batch));
    return loader->Finish();
  }

  // Later than everything that is recorded, also when the clock was set back.
  Status Record(bool is_there, std::string* note) {
    at_ = step_.at;
    if (known_ && known_->recorded_at >= at_) {
      if (known_->recorded_at - at_ > kSetBackFrom) {
        *note += (note->empty() ? "" : "; ") + std::string("the clock was set back: ") +
                 text_.name() + " goes on from " + FormatInstant(known_->recorded_at);
      }
      at_ = known_->recorded_at + 1;
    }
    TRY(const auto state, warehouse::ReadTableState(connection_, source_, table_.name));
    table_version_ = state ? state->version : 0;
    const bool goes_on = is_there && known_->table_version == table_version_ && !layout_.rewrites;
    const sql::HistoryText text(LandingShape(source_, table_), layout_.dropped);
    const std::string at = InstantSql(at_);
    return ExecuteAll(goes_on && !step_.whole ? text.RecordChanged(at) : text.RecordWhole(at));
  }

  Status WriteState() {
    HistoryState state = known_.value_or(HistoryState());
    state.source = source_;
    state.table = table_.name;
    state.name = text_.name();
    ++state.version;
    state.columns_json = layout_.columns_json;
    if (table_.keeps_history) {
      state.table_version = table_version_ + 1;  // The one that this transaction writes.
      state.recorded_at = at_;
      state.complete_through = step_.complete_through;
    }
    return warehouse::WriteHistory(connection_, state);
  }

  Status ExecuteAll(const std::vector<std::string>& statements) {
    for (const std::string& statement : statements) TRY_STATUS(connection_.Execute(statement));
    return {};
  }

  warehouse::Connection& connection_;
  const std::string& source_;
  const SourceTable& table_;
  const HistoryStep& step_;
  const sql::HistoryText text_;
  std::optional<HistoryState> known_;
  HistoryBefore before_;
  HistoryLayout layout_;
  Micros at_ = 0;
  std::int64_t table_version_ = 0;
};

}  // namespace

Result<std::string> RecordHistory(warehouse::Connection& connection, const std::string& source,
                                  const SourceTable& table, const HistoryStep& step) {
  return Recorder(connection, source, table, step).Run();
}

Status CheckHistoryName(const std::string& table, const std::vector<std::string>& with_history,
                        const std::map<std::string, Landed>& landed) {
  std::vector<std::string> owners = with_history;
  for (const auto& [name, known] : landed) {
    if (known.history) owners.push_back(name);
  }
  for (const std::string& owner : owners) {
    if (!EqualsIgnoreCase(HistoryName(owner), table)) continue;
    return FailWithHint(
        Code::kInvalid,
        fmt::format("the history of '{}' is called '{}' in the warehouse, so the source's table of "
                    "that name cannot be copied there",
                    owner,
                    table),
        fmt::format("leave one of them out: list the tables to copy without '{}', or '{}' without "
                    " history: true  and with its history dropped",
                    table,
                    owner));
  }
  const auto copied = landed.find(HistoryName(table));
  const bool is_kept =
      std::find(with_history.begin(), with_history.end(), table) != with_history.end();
  if (!is_kept || copied == landed.end() || !copied->second.state) return {};
  return FailWithHint(
      Code::kInvalid,
      fmt::format("history: true of '{}' needs the name '{}', and the warehouse has the source's "
                  "table of that name",
                  table,
                  copied->first),
      "leave  history  out, or drop that table while kura does not run and do not copy it");
}

}  // namespace kura::sync
