// advise/words.h: what the written files say in the language of the source's comments.
#pragma once
#include <string>

#include "advise/design.h"

namespace kura::advise {

/// Texts of the files in Japanese or English.
class Words {
 public:
  explicit Words(bool japanese) : japanese_(japanese) {}

  bool japanese() const { return japanese_; }

  /// Chooses.
  std::string Say(const std::string& japanese, const std::string& english) const {
    return japanese_ ? japanese : english;
  }

  /// What a table's rows are called: its short comment, or its name in words.
  std::string Name(const TableShape& table) const;

  /// The same within a sentence: "funding offers".
  std::string InText(const TableShape& table) const;

  /// What counts a table's rows is called: "ショップの数", "Number of funding offers".
  std::string CountOf(const TableShape& table) const;

  /// What adds up (or averages) a field is called: "注文金額合計", "Total shipping fee".
  std::string TotalOf(const std::string& label) const;
  std::string AverageOf(const std::string& label) const;

  /// "ユーザー（日ごと）"; with the facts for a further explore of the entity.
  std::string DailyLabel(const EntityDesign& entity) const;

  /// "削除された行（deleted_at）、検証用の行（is_test = 1）" of the rules; empty without any.
  std::string LeftOut(const TableShape& table, const std::vector<RowRule>& rules) const;

 private:
  bool japanese_;
};

}  // namespace kura::advise
