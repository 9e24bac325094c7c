// Field by field.
#include "cli/source_shape.h"

#include <cstdlib>
#include <filesystem>

#include "advise/joins.h"
#include "base/file.h"
#include "base/text.h"

namespace kura::cli {
namespace {

advise::ColumnShape ToColumn(const sync::SourceColumn& column, const sync::TableShape& table) {
  advise::ColumnShape out;
  out.name = column.name;
  out.type = column.type;
  out.source_type = column.source_type;
  out.comment = column.comment;
  out.nullable = column.nullable;
  const auto sample = table.samples.find(column.name);
  if (sample == table.samples.end()) return out;
  out.sampled = sample->second.rows;
  out.values = sample->second.values;
  return out;
}

advise::TableShape ToTable(const sync::TableShape& table) {
  advise::TableShape out;
  out.name = table.table.name;
  out.comment = table.table.comment;
  out.primary_key = table.table.primary_key;
  out.unique_keys = table.unique_keys;
  out.indexed_columns = table.table.indexed_columns;
  out.rows = table.table.rows_expected;
  for (const sync::SourceColumn& column : table.table.columns) {
    out.columns.push_back(ToColumn(column, table));
  }
  for (const sync::ForeignKey& key : table.foreign_keys) {
    out.references.push_back({key.columns, key.parent, key.parent_columns, false, 0, 0});
  }
  return out;
}

}  // namespace

advise::SourceShape ToAdvice(const sync::SchemaShape& schema, const std::string& name) {
  advise::SourceShape shape;
  shape.name = name;
  shape.server = schema.server;
  shape.now = schema.now;
  shape.zone_offset = schema.zone_offset;
  for (const sync::TableShape& table : schema.tables) {
    shape.tables.push_back(ToTable(table));
    for (const sync::ClockPair& pair : table.clock_pairs) {
      shape.clock_pairs.push_back({table.table.name,
                                   pair.wall_column,
                                   pair.instant_column,
                                   pair.offset,
                                   pair.agreeing,
                                   pair.compared});
    }
    for (const sync::NewestWall& newest : table.newest) {
      shape.newest.push_back({table.table.name, newest.column, newest.wall});
    }
  }
  return shape;
}

void AddGuesses(const sync::MysqlConfig& config, advise::SourceShape* shape) {
  auto guesses = advise::GuessReferences(*shape);
  std::vector<sync::ReferenceQuestion> questions;
  questions.reserve(guesses.size());
  for (const auto& [table, guess] : guesses) {
    questions.push_back({table, guess.columns[0], guess.parent, guess.parent_columns[0]});
  }
  const auto answers = sync::AskMysqlReferences(config, questions);
  for (std::size_t i = 0; i < guesses.size(); ++i) {
    auto& [table, guess] = guesses[i];
    if (answers) {
      guess.sampled = (*answers)[i].sampled;
      guess.found = (*answers)[i].found;
    }
    if (advise::IsRefuted(guess)) continue;
    for (advise::TableShape& candidate : shape->tables) {
      if (candidate.name == table) candidate.references.push_back(guess);
    }
  }
}

std::string LocalZone() {
  const char* variable = std::getenv("TZ");
  if (variable != nullptr && Zone::Find(variable)) return variable;
  std::error_code problem;
  const std::string link = std::filesystem::read_symlink("/etc/localtime", problem).string();
  const std::size_t at = link.find("zoneinfo/");
  if (!problem && at != std::string::npos) {
    std::string name = link.substr(at + 9);
    if (Zone::Find(name)) return name;
  }
  const Result<std::string> file = ReadFile("/etc/timezone", 4096);
  const std::string name = file ? std::string(Trim(*file)) : "";
  return !name.empty() && Zone::Find(name) ? name : "";
}

}  // namespace kura::cli
