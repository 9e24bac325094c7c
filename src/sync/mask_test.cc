// What each policy makes of values of every type, without a server.
#include "sync/mask.h"

#include <doctest/doctest.h>

#include <cstring>

#include "sync/row_key.h"

namespace kura::sync {
namespace {

using sql::TypeKind;

const sql::Type kText{TypeKind::kVarchar, 0, 0};

MaskConfig Sha256Of() {
  MaskConfig config;
  config.kind = MaskKind::kSha256;
  return config;
}

MaskConfig Last(int count) {
  MaskConfig config;
  config.kind = MaskKind::kLast;
  config.last = count;
  return config;
}

MaskConfig Pattern(const std::string& pattern, const std::string& replacement) {
  MaskConfig config;
  config.kind = MaskKind::kRegex;
  config.pattern = pattern;
  config.replacement = replacement;
  return config;
}

std::shared_ptr<const Mask> MaskOf(const MaskConfig& config, const sql::Type& type = kText) {
  auto mask = Mask::Make(config, type, "0123456789abcdef");
  REQUIRE_MESSAGE(mask.has_value(), mask.error().message);
  return *mask;
}

TEST_CASE("sha256 is the hash of salt and text") {
  const auto mask = MaskOf(Sha256Of());
  // printf '%s' '0123456789abcdefhanako@example.jp' | sha256sum
  CHECK(mask->Apply("hanako@example.jp") ==
        "1fadb5cb8d6f91694487a6d10794146341ac79e10774d5be378894344aea0607");
  CHECK(mask->Apply("") == "9f9f5111f7b27a781f1f1ddde5ebc2dd2b796bfc7365c9c28b548e564176929f");
  CHECK(mask->type().kind == TypeKind::kVarchar);
  const auto other = Mask::Make(Sha256Of(), kText, "another salt");
  CHECK((*other)->Apply("a") != mask->Apply("a"));
  CHECK((*other)->declared() != mask->declared());
  CHECK(mask->declared().find("0123") == std::string::npos);
}

TEST_CASE("last keeps characters, not bytes") {
  CHECK(MaskOf(Last(4))->Apply("090-1234-5678") == "*********5678");
  CHECK(MaskOf(Last(2))->Apply("山田太郎") == "**太郎");
  CHECK(MaskOf(Last(4))->Apply("123") == "123");
  CHECK(MaskOf(Last(4))->Apply("") == "");
}

TEST_CASE("regex replaces every match") {
  CHECK(MaskOf(Pattern("[0-9]", "9"))->Apply("a1b22") == "a9b99");
  CHECK(MaskOf(Pattern("^[^@]*", "x"))->Apply("hanako@example.jp") == "x@example.jp");
}

TEST_CASE("policies that cannot work are refused") {
  const sql::Type bytes{TypeKind::kBlob, 0, 0};
  CHECK_FALSE(Mask::Make(Last(4), bytes, "salt"));
  CHECK_FALSE(Mask::Make(Pattern("a", "b"), bytes, "salt"));
  CHECK(Mask::Make(Sha256Of(), bytes, "salt"));
  CHECK_FALSE(Mask::Make(Sha256Of(), kText, ""));
  CHECK_FALSE(Mask::Make(Pattern("(", ""), kText, ""));
  CHECK_FALSE(Mask::Make(Pattern("a", R"(\1)"), kText, ""));
}

// Two rows of id, a text and a hidden number; the second text is NULL.
class TwoRows : public BatchReader {
 public:
  Result<bool> Next(warehouse::Batch* batch) override {
    batch->Clear();
    if (done_) return false;
    done_ = true;
    const std::int32_t ids[] = {7, 8};
    batch->columns[0].fixed.resize(sizeof ids);
    std::memcpy(batch->columns[0].fixed.data(), ids, sizeof ids);
    batch->columns[0].valid = {1, 1};
    batch->columns[1].bytes = "secret";
    batch->columns[1].ends = {6, 6};
    batch->columns[1].valid = {1, 0};
    batch->rows = 2;
    return true;
  }
  std::vector<CoercedColumn> Coerced() const override { return {{1, "invalid_utf8", 1, {}}}; }

 private:
  bool done_ = false;
};

TEST_CASE("a batch has masked columns masked, hidden ones NULL, the others as they were") {
  MaskConfig hide;
  std::vector<SourceColumn> columns = {
      {"hidden", {TypeKind::kInteger, 0, 0}, "int(11)", "", true, ClockKind::kNone},
      {"id", {TypeKind::kInteger, 0, 0}, "int(11)", "", false, ClockKind::kNone},
      {"name", kText, "varchar(9)", "", true, ClockKind::kNone}};
  columns[0].mask = MaskOf(hide, columns[0].type);
  columns[2].mask = MaskOf(Last(1));
  CHECK(UnmaskedColumns(columns).size() == 2);
  const auto reader = MaskRows(std::make_unique<TwoRows>(), columns);
  warehouse::Batch batch({columns[0].type, columns[1].type, columns[2].type});
  REQUIRE(*reader->Next(&batch));
  CHECK(batch.rows == 2);
  CHECK(batch.columns[0].valid == std::vector<std::uint8_t>{0, 0});
  CHECK(batch.columns[0].fixed.size() == 8);
  CHECK(PlainText({&batch, 1}, 1) == "8");
  CHECK(batch.columns[2].bytes == "*****t");
  CHECK(batch.columns[2].ends == std::vector<std::uint32_t>{6, 6});
  CHECK(batch.columns[2].valid == std::vector<std::uint8_t>{1, 0});
  CHECK(reader->Coerced()[0].column == 2);
  CHECK_FALSE(*reader->Next(&batch));
}

TEST_CASE("a row is named by its masked key, and by no masked column without one") {
  const std::vector<sql::Type> types = {kText, {TypeKind::kInteger, 0, 0}};
  warehouse::Batch batch(types);
  TwoRows rows;
  warehouse::Batch source({types[1], types[0]});
  REQUIRE(*rows.Next(&source));
  std::vector<SourceColumn> columns = {{"id", types[1], "int(11)", "", false, ClockKind::kNone},
                                       {"name", kText, "varchar(9)", "", false, ClockKind::kNone}};
  columns[1].mask = MaskOf(Sha256Of());
  std::vector<std::size_t> key = {1};
  CHECK(RowKey({&columns, &key, &source, 0}) == MaskOf(Sha256Of())->Apply("secret"));
  key.clear();
  columns[0].mask = MaskOf(Sha256Of());
  CHECK(RowKey({&columns, &key, &source, 0}).empty());
}

}  // namespace
}  // namespace kura::sync
