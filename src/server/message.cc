// server/message.cc: the small functions of requests and answers.
#include "server/message.h"

namespace kura::server {

void Disconnect::OnGone(std::function<void()> action) {
  {
    const std::scoped_lock lock(mutex_);
    if (!gone_) {
      action_ = std::move(action);
      return;
    }
  }
  action();
}

void Disconnect::Fire() {
  std::function<void()> action;
  {
    const std::scoped_lock lock(mutex_);
    gone_ = true;
    std::swap(action, action_);
  }
  if (action) action();
}

void Disconnect::Clear() {
  std::function<void()> dropped;
  const std::scoped_lock lock(mutex_);
  std::swap(dropped, action_);
}

Response Response::Text(int status, std::string_view content_type, std::string text) {
  Response response;
  response.status = status;
  response.content_type = content_type;
  response.owner = std::make_shared<const std::string>(std::move(text));
  response.body = *response.owner;
  return response;
}

Response Response::Json(int status, std::string text) {
  return Text(status, "application/json", std::move(text));
}

}  // namespace kura::server
