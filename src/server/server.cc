// server/server.cc: puts the listener, the router and the threads for questions together.
#include "server/server.h"

#include <atomic>
#include <utility>

#include "base/ensure.h"
#include "server/context.h"
#include "server/http_listener.h"
#include "server/router.h"

namespace kura::server {
namespace {

class RunningServer : public Server {
 public:
  RunningServer(const ServerOptions& options, SnapshotSource snapshots, const Clock& clock,
                std::unique_ptr<HttpListener> listener)
      : context_(options, std::move(snapshots), clock), listener_(std::move(listener)) {
    context_.loopback = listener_->loopback();
    listener_->Run([this](const Request& request,
                          Respond respond) { Dispatch(context_, request, std::move(respond)); },
                   {[this] { context_.metrics.ConnectionOpened(); },
                    [this] { context_.metrics.ConnectionClosed(); }},
                   kIoThreads);
  }
  ~RunningServer() override { Stop(); }

  std::uint16_t port() const override { return listener_->port(); }

  void Stop() override {
    if (stopped_.exchange(true)) return;
    listener_->StopAccepting();
    context_.stopping = true;
    context_.cache.CancelAll();
    context_.queue.Stop();
    listener_->Stop();
  }

 private:
  std::atomic<bool> stopped_ = false;
  Context context_;
  std::unique_ptr<HttpListener> listener_;  // its threads use the context
};

}  // namespace

Result<std::unique_ptr<Server>> Server::Start(const ServerOptions& options,
                                              SnapshotSource snapshots, const Clock& clock) {
  ENSURE(options.threads > 0);
  ENSURE(snapshots != nullptr);
  TRY(std::unique_ptr<HttpListener> listener, HttpListener::Bind(options.host, options.port));
  return std::unique_ptr<Server>(
      std::make_unique<RunningServer>(options, std::move(snapshots), clock, std::move(listener)));
}

}  // namespace kura::server
