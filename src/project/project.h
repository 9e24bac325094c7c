// project/project.h: opens a project folder (kura.yaml, lookml/**/*.lkml) and wires the stages
// together: which files a model is loaded from, who owns the warehouse, what a question runs on.
#pragma once
#include <memory>
#include <string>

#include "base/diagnostics.h"
#include "base/result.h"
#include "execute/execute.h"
#include "lookml/model.h"
#include "project/config.h"
#include "warehouse/warehouse.h"

namespace kura::project {

/// A project folder with its configuration. For one thread.
class Project {
 public:
  /// Opens the folder that holds kura.yaml; `folder` empty = the nearest parent of the working
  /// directory that has one. Mistakes of kura.yaml go to `diagnostics`, and the code is kInvalid.
  /// Errors: kNotFound (no kura.yaml).
  static Result<std::unique_ptr<Project>> Open(const std::string& folder, Diagnostics& diagnostics);
  ~Project();

  /// The folder that Open would open. Errors: kNotFound.
  static Result<std::string> FindFolder(const std::string& folder);

  const std::string& folder() const { return folder_; }
  const Config& config() const { return config_; }

  /// A name of kura.yaml ("." = the project's folder) as a path.
  std::string PathOf(const std::string& name) const;

  /// Reads and resolves the LookML files as they are now. Never null.
  std::shared_ptr<const lookml::Project> LoadModel(Diagnostics& diagnostics) const;

  /// A text that changes when a LookML file changes: names, sizes and times of change.
  std::string ModelFingerprint() const;

  /// Whether a warehouse has been made by an earlier sync.
  bool HasWarehouse() const;

  /// Opens the warehouse (once) under .kura/owner.lock; an owner that is about to end is waited
  /// for. Errors: kConflict (another kura has it; the message names its process), kUnavailable.
  Result<warehouse::Warehouse*> OpenWarehouse();

  /// Uses a warehouse that this process has open already, and that outlives this.
  void UseWarehouse(warehouse::Warehouse* warehouse) { shared_warehouse_ = warehouse; }

  /// A snapshot for questions: `model` with the warehouse's catalogue as it is now.
  Result<execute::Snapshot> TakeSnapshot(std::shared_ptr<const lookml::Project> model);

 private:
  Project(std::string folder, Config config, std::shared_ptr<const SourceFile> file);
  Status TakeOwnerLock();

  std::string folder_;
  Config config_;
  std::shared_ptr<const SourceFile> config_file_;  // the spans of config_ point into it
  int lock_descriptor_ = -1;
  std::unique_ptr<warehouse::Warehouse> warehouse_;
  warehouse::Warehouse* shared_warehouse_ = nullptr;
};

}  // namespace kura::project
