// lookml/print.h: the two results of this folder as text: for `kura query --stage`, golden files
// and people. The same input always prints the same text.
#pragma once
#include <string>

#include "lookml/model.h"
#include "lookml/syntax.h"

namespace kura::lookml {

/// Prints the tree, one property a line, indented by two.
std::string PrintSyntax(const Syntax& syntax);

/// Prints all models with their views, fields and explores; defaults are left out.
std::string PrintModel(const Project& project);

/// Prints a SQL text as it was written, without the white space around it.
std::string PrintSql(const Sql& sql);

}  // namespace kura::lookml
