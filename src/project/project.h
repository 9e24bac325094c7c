// project/project.h: opens a project folder (kura.yaml, *.lkml) and wires the stages together.
#pragma once
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "base/result.h"
#include "execute/execute.h"
#include "lookml/model.h"
#include "sync/sync.h"
#include "warehouse/warehouse.h"

namespace kura::project {

/// kura.yaml, checked: every key known, every value in its range.
struct Config {
  std::string name;
  std::string timezone = "UTC";
  std::vector<sync::SourceConfig> sources;
  std::string warehouse_path = ".kura/warehouse.duckdb";
  int limit_rows = 5000;
  double limit_timeout_s = 60;
  std::string limit_memory = "2GB";
};

/// A project folder with its configuration.
class Project {
 public:
  /// Opens the folder that holds kura.yaml. `folder` empty = the nearest parent of the working
  /// directory. Mistakes of kura.yaml go to `diagnostics`, and the Result says kInvalid then.
  /// Errors: kNotFound (no kura.yaml).
  static Result<std::unique_ptr<Project>> Open(const std::string& folder, Diagnostics& diagnostics);
  ~Project();

  const std::string& folder() const { return folder_; }
  const Config& config() const { return config_; }
  std::string path_of(const std::string& name) const;

  /// Reads and resolves the LookML files as they are now. The result is never null.
  std::shared_ptr<const lookml::Project> LoadModel(Diagnostics& diagnostics) const;

  /// Opens the warehouse (once) under .kura/owner.lock. Errors: kConflict (another kura has it; the
  /// message names its process), kUnavailable.
  Result<warehouse::Warehouse*> OpenWarehouse();

  /// Model and catalogue as they are now, for questions. Opens the warehouse.
  Result<execute::Snapshot> TakeSnapshot(Diagnostics& diagnostics);

  /// The password and other ${VARIABLES} of a source, read now. Errors: kInvalid names the variable.
  Result<sync::SourceConfig> ResolveSecrets(const sync::SourceConfig& source) const;

 private:
  Project(std::string folder, Config config);
  std::string folder_;
  Config config_;
  int lock_descriptor_ = -1;
  std::unique_ptr<warehouse::Warehouse> warehouse_;
};

}  // namespace kura::project
