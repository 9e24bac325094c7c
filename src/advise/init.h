// advise/init.h: the door of this folder: a source's shape → the files of a project that a person
// would be glad to start from, and what that person should look at. Pure: nothing is written here.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "advise/design.h"
#include "advise/shape.h"
#include "advise/zone.h"

namespace kura::advise {

/// How kura.yaml reaches the source. The password is named, never held.
struct Connection {
  std::string host;
  int port = 3306;
  std::string socket;
  std::string user;
  std::string password_variable;  // "SHOP_DB_PASSWORD"; empty: the account has no password
  std::string database;
  std::string tls;       // "verify", "skip-verify", "off"
  std::string tls_note;  // why, when it is not verified
  std::string tls_ca;
};

struct InitInput {
  SourceShape shape;
  Connection connection;
  std::string timezone;    // the business day's; empty: from the evidence
  std::string local_zone;  // of this machine; may be empty
  bool japanese = false;   // when the comments do not say
};

/// One file of the project: its path and its text.
struct ProjectFile {
  std::string path;  // "lookml/raw/users.view.lkml"
  std::string text;
};

/// What `kura init` writes and says.
struct InitPlan {
  std::vector<ProjectFile> files;
  std::string timezone;
  ZoneGuess zone;
  bool has_wall_clocks = false;
  std::vector<std::string> explores;
  std::vector<std::string> questions;  // arguments of `kura query` that answer something
  std::vector<std::string> notes;      // to look at, most important first
};

/// Designs the project. Guessed references must already be in the shape.
InitPlan PlanInit(const InitInput& input);

/// kura.yaml of the plan.
std::string ConfigFile(const InitInput& input, const InitPlan& plan);

/// A name as sources and variables take it: "shop-db" → "shop_db".
std::string SourceName(const std::string& database);

}  // namespace kura::advise
