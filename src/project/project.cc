// Folder, lock, model and warehouse of a project.
#include "project/project.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <thread>

#include "base/file.h"
#include "base/text.h"
#include "calendar/lookml.h"
#include "lookml/load.h"
#include "project/local_config.h"
#include "warehouse/duckdb.h"

namespace kura::project {
namespace {

constexpr std::string_view kConfigName = "kura.yaml";
constexpr std::string_view kModelFolder = "lookml";
constexpr std::chrono::milliseconds kOwnerEndsWithin(2000);
constexpr std::size_t kConfigBytesMax = 4'000'000;

// Who holds the lock wrote its process id and command into the file.
std::string Owner(const std::string& path) {
  const Result<std::string> text = ReadFile(path, 4096);
  const std::string_view words = text ? Trim(*text) : std::string_view();
  return words.empty() ? "another kura" : std::string(words);
}

// A question that another terminal asks takes a moment; whatever takes longer has a socket for
// commands, so waiting would not help.
bool LockWithin(int descriptor, std::chrono::milliseconds longest) {
  constexpr std::chrono::milliseconds kPause(20);
  for (std::chrono::milliseconds waited(0);; waited += kPause) {
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return true;
    if (errno != EWOULDBLOCK || waited >= longest) return false;
    std::this_thread::sleep_for(kPause);
  }
}

// This process as "kura serve (pid 4711)".
std::string Self() {
  std::string command = "kura";
  const Result<std::string> line = ReadFile("/proc/self/comm", 4096);
  if (line && !Trim(*line).empty()) command = std::string(Trim(*line));
  return fmt::format("{} (pid {})", command, ::getpid());
}

// What this machine adds to kura.yaml, when there is such a file.
Status AddLocal(const std::string& folder, Config* config, Diagnostics& diagnostics) {
  const std::string path = JoinPath(folder, kLocalConfigName);
  if (!PathExists(path)) return {};
  TRY_STATUS(CheckLocalFile(path));
  TRY(std::string text, ReadFile(path, kConfigBytesMax));
  auto file = std::make_shared<const SourceFile>(kLocalConfigName, std::move(text));
  (void)diagnostics.Keep(file);
  ReadLocalConfig(*file, config, diagnostics);
  if (!diagnostics.has_errors()) return {};
  return Fail(Code::kInvalid, "{} has mistakes", kLocalConfigName);
}

}  // namespace

Result<std::string> Project::FindFolder(const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code problem;
  const fs::path start = fs::absolute(folder.empty() ? fs::path(".") : fs::path(folder), problem);
  for (fs::path at = start.lexically_normal();; at = at.parent_path()) {
    if (PathExists((at / kConfigName).string())) return at.string();
    if (!folder.empty() || at == at.root_path()) break;
  }
  return FailWithHint(Code::kNotFound,
                      fmt::format("there is no kura.yaml in {}{}",
                                  start.lexically_normal().string(),
                                  folder.empty() ? " or above it" : ""),
                      "a project is a folder with kura.yaml; name it with --project DIR");
}

Project::Project(std::string folder, Config config, std::shared_ptr<const SourceFile> file)
    : folder_(std::move(folder)), config_(std::move(config)), config_file_(std::move(file)) {}

Project::~Project() {
  warehouse_.reset();
  if (lock_descriptor_ >= 0) ::close(lock_descriptor_);  // The lock goes with the descriptor.
}

Result<std::unique_ptr<Project>> Project::Open(const std::string& folder,
                                               Diagnostics& diagnostics) {
  TRY(const std::string found, FindFolder(folder));
  TRY(std::string text, ReadFile(JoinPath(found, kConfigName), kConfigBytesMax));
  auto file = std::make_shared<const SourceFile>(std::string(kConfigName), std::move(text));
  (void)diagnostics.Keep(file);
  Config config = ReadConfig(*file, diagnostics);
  if (config.name.empty()) config.name = std::filesystem::path(found).filename().string();
  if (diagnostics.has_errors()) return Fail(Code::kInvalid, "kura.yaml has mistakes");
  for (SourceEntry& entry : config.sources) entry.folder = found;
  TRY_STATUS(AddLocal(found, &config, diagnostics));
  return std::unique_ptr<Project>(new Project(found, std::move(config), std::move(file)));
}

std::string Project::PathOf(const std::string& name) const {
  return JoinPath(folder_, name);
}

std::shared_ptr<const lookml::Project> Project::LoadModel(Diagnostics& diagnostics) const {
  lookml::LoadInput input;
  const std::string root = PathOf(std::string(kModelFolder));
  const Result<std::vector<std::string>> names = ListFiles(root, ".lkml");
  if (names) {
    for (const std::string& name : *names) {
      Result<std::string> text = ReadFile(JoinPath(root, name));
      if (!text) continue;  // Gone since it was listed: as if it had not been there.
      input.files.push_back(std::make_shared<const SourceFile>(
          std::string(kModelFolder) + "/" + name, *std::move(text)));
    }
  }
  input.root = std::string(kModelFolder) + "/";
  input.builtin.push_back(
      std::make_shared<const SourceFile>("calendar", calendar::CalendarLookml()));
  return lookml::Load(input, diagnostics);
}

std::string Project::ModelFingerprint() const {
  return FilesFingerprint(PathOf(std::string(kModelFolder)), ".lkml");
}

bool Project::HasWarehouse() const {
  return PathExists(PathOf(config_.warehouse_path));
}

Status Project::TakeOwnerLock() {
  TRY_STATUS(MakeFolder(PathOf(".kura")));
  const std::string path = PathOf(".kura/owner.lock");
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0) {
    return Fail(Code::kUnavailable, "cannot open {}: {}", path, std::strerror(errno));
  }
  if (!LockWithin(descriptor, kOwnerEndsWithin)) {
    ::close(descriptor);
    return FailWithHint(Code::kConflict,
                        fmt::format("the warehouse is in use by {}", Owner(path)),
                        "wait until it is done or stop it, then run this again; one process at a "
                        "time owns the warehouse");
  }
  const std::string self = Self() + "\n";
  if (::ftruncate(descriptor, 0) != 0 ||
      ::pwrite(descriptor, self.data(), self.size(), 0) != static_cast<ssize_t>(self.size())) {
    const std::string why = std::strerror(errno);
    ::close(descriptor);
    return Fail(Code::kUnavailable, "cannot write {}: {}", path, why);
  }
  lock_descriptor_ = descriptor;
  return {};
}

Result<warehouse::Warehouse*> Project::OpenWarehouse() {
  if (shared_warehouse_ != nullptr) return shared_warehouse_;
  if (warehouse_) return warehouse_.get();
  if (lock_descriptor_ < 0) TRY_STATUS(TakeOwnerLock());
  warehouse::DuckDbOptions options;
  options.path = PathOf(config_.warehouse_path);
  options.temp_directory = PathOf(".kura/tmp");
  options.memory_limit = config_.limit_memory;
  TRY(warehouse_, warehouse::OpenDuckDb(options));
  return warehouse_.get();
}

Result<execute::Snapshot> Project::TakeSnapshot(std::shared_ptr<const lookml::Project> model) {
  TRY(warehouse::Warehouse* const warehouse, OpenWarehouse());
  TRY(sql::Catalogue catalogue, warehouse->ReadCatalogue());
  execute::Snapshot snapshot;
  snapshot.project = std::move(model);
  snapshot.catalogue = std::make_shared<const sql::Catalogue>(std::move(catalogue));
  snapshot.warehouse = warehouse;
  snapshot.timezone = config_.timezone;
  snapshot.row_limit = config_.limit_rows;
  snapshot.timeout_s = config_.limit_timeout_s;
  return snapshot;
}

}  // namespace kura::project
