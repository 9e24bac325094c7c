// Which tables are copied together, and when they are due.
#include "cli/sync_loop.h"

#include <doctest/doctest.h>

namespace kura::cli {
namespace {

project::Config Read(const std::string& tables, const std::string& times) {
  Diagnostics diagnostics;
  const SourceFile file("kura.yaml",
                        "sources:\n  shop:\n    type: mysql\n    host: h\n    user: u\n"
                        "    database: d\n" +
                            times + tables);
  project::Config config = project::ReadConfig(file, diagnostics);
  REQUIRE_FALSE(diagnostics.has_errors());
  return config;
}

TEST_CASE("a source without times is copied only when asked") {
  CHECK(GroupsOf(Read("", "")).empty());
}

TEST_CASE("tables with times of their own leave their source's group") {
  const project::Config config =
      Read("    tables: {a: {}, b: {every: 1m}, c: {}}\n", "    at: \"30 4 * * *\"\n");
  const auto groups = GroupsOf(config);
  REQUIRE(groups.size() == 2);
  CHECK(groups[0].tables == std::vector<std::string>{"a", "c"});
  CHECK(groups[1].tables == std::vector<std::string>{"b"});
  CHECK(groups[1].times.every == kMicrosPerMinute);
  const project::Config whole = Read("", "    every: 15m\n");
  REQUIRE(GroupsOf(whole).size() == 1);
  CHECK(GroupsOf(whole)[0].tables.empty());
}

TEST_CASE("a source all of whose tables have times has no group of its own") {
  const project::Config config = Read("    tables: {b: {every: 1m}}\n", "    every: 15m\n");
  CHECK(GroupsOf(config).size() == 1);
}

TEST_CASE("due is after the last copy, and at once when there was none") {
  const Zone zone = *Zone::Find("Asia/Tokyo");
  project::SyncTimes times;
  times.every = 15 * kMicrosPerMinute;
  CHECK(DueAfter(times, 0, zone) == 0);
  CHECK(DueAfter(times, 1000, zone) == 1000 + times.every);
  times.every = 0;
  times.at = *schedule::Cron::Parse("30 4 * * *");
  CHECK(FormatInstant(DueAfter(times, *ParseInstant("2026-11-25T00:00:00Z"), zone)) ==
        "2026-11-25T19:30:00Z");
  times.at = *schedule::Cron::Parse("0 0 30 2 *");
  CHECK(DueAfter(times, 1000, zone) == INT64_MAX);
}

}  // namespace
}  // namespace kura::cli
