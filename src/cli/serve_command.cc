// kura serve: the API and the web page. The model is read again when a file changes, so that a
// saved change is seen in under a second.
#include <fmt/format.h>

#include <condition_variable>
#include <mutex>

#include "base/clock.h"
#include "base/log.h"
#include "cli/command_socket.h"
#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/seed_loop.h"
#include "cli/sync_loop.h"
#include "lookml/load.h"
#include "server/server.h"

namespace kura::cli {
namespace {

constexpr auto kReloadPoll = std::chrono::milliseconds(400);

struct ServeOptions {
  std::string host = "127.0.0.1";
  int port = 8080;
};

// The current snapshot and the loop that replaces it. Requests only copy a pointer.
class Live {
 public:
  explicit Live(project::Project& project) : project_(project) {}

  // Reads the model and the catalogue; an error when the warehouse cannot be read.
  Status Reload() {
    fingerprint_ = project_.ModelFingerprint();
    Diagnostics diagnostics;
    auto model = project_.LoadModel(diagnostics);
    TRY(execute::Snapshot snapshot, project_.TakeSnapshot(std::move(model)));
    lookml::Validate(*snapshot.project, snapshot.catalogue.get(), diagnostics);
    snapshot.model_errors = diagnostics.error_count();
    diagnostics.Sort();
    for (const Diagnostic& d : diagnostics.items()) {
      if (d.severity == Severity::kError) LogWarning("{}", Render(d));
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    snapshot_ = std::make_shared<const execute::Snapshot>(std::move(snapshot));
    return {};
  }

  Result<std::shared_ptr<const execute::Snapshot>> Get() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return snapshot_;
  }

  // Watches the files until Stop.
  void Watch() {
    std::unique_lock<std::mutex> lock(wake_mutex_);
    while (!stopped_) {
      wake_.wait_for(lock, kReloadPoll);
      const bool changed = project_.ModelFingerprint() != fingerprint_;
      if (stopped_ || !(changed || poked_)) continue;
      poked_ = false;
      const Status reloaded = Reload();
      if (reloaded && changed)
        LogInfo("the model was read again");
      else if (!reloaded)
        LogError("the model could not be read again: {}", reloaded.error().message);
    }
  }

  /// The catalogue may have changed: it is read again soon.
  void Poke() {
    const std::lock_guard<std::mutex> lock(wake_mutex_);
    poked_ = true;
    wake_.notify_all();
  }

  void Stop() {
    const std::lock_guard<std::mutex> lock(wake_mutex_);
    stopped_ = true;
    wake_.notify_all();
  }

 private:
  project::Project& project_;
  std::string fingerprint_;
  std::mutex mutex_;
  std::shared_ptr<const execute::Snapshot> snapshot_;
  std::mutex wake_mutex_;
  std::condition_variable wake_;
  bool stopped_ = false;
  bool poked_ = false;
};

int Serve(const Globals& globals, const ServeOptions& options) {
  const double begin_s = MonotonicSeconds();
  int exit_code = kExitDone;
  const std::unique_ptr<project::Project> project = OpenProject(globals, &exit_code);
  if (!project) return exit_code;
  Live live(*project);
  const Status loaded = live.Reload();
  if (!loaded) return ReportError(globals, loaded.error());
  server::ServerOptions server_options;
  server_options.host = options.host;
  server_options.port = static_cast<std::uint16_t>(options.port);
  server_options.project_name = project->config().name;
  server_options.version = std::string(kVersion);
  const SystemClock clock;
  const Result<std::unique_ptr<server::Server>> server = server::Server::Start(
      server_options, [&live] { return live.Get(); }, clock);
  if (!server) return ReportError(globals, server.error());
  const Result<warehouse::Warehouse*> warehouse = project->OpenWarehouse();
  if (!warehouse) return ReportError(globals, warehouse.error());
  const Result<std::unique_ptr<CommandSocket>> commands =
      CommandSocket::Listen(project->folder(), **warehouse, {[&live] { live.Poke(); }, false});
  if (!commands) return ReportError(globals, commands.error());
  Note(globals,
       fmt::format("{} on http://{}:{}   ready in {:.0f} ms, Ctrl-C stops it",
                   project->config().name,
                   options.host,
                   (*server)->port(),
                   (MonotonicSeconds() - begin_s) * 1000));
  const SeedLoop seeds(*project, **warehouse, [&live] { live.Poke(); });
  const SyncLoop loop(*project, **warehouse, [&live] { live.Poke(); });
  const InterruptWatcher watcher([&live] { live.Stop(); });
  live.Watch();
  (*server)->Stop();
  return kExitDone;
}

}  // namespace

void AddServe(CLI::App& app, const Globals& globals, RunCommand* run) {
  const auto options = std::make_shared<ServeOptions>();
  CLI::App* command = app.add_subcommand("serve", "serve the web page and the API");
  command->add_option("--host", options->host, "the address to listen on")->capture_default_str();
  command->add_option("--port", options->port, "the port; 0 for any free one")
      ->check(CLI::Range(0, 65'535))
      ->capture_default_str();
  command->footer("Examples:\n  kura serve\n  kura serve --port 0");
  command->callback([&globals, options, run] {
    *run = [&globals, options] { return Serve(globals, *options); };
  });
}

}  // namespace kura::cli
