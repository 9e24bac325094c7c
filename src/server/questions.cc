// server/questions.cc: POST /api/4.0/queries/run/{format}. The question is compiled at once, since
// that takes well under a millisecond and gives the cache key; only what the cache does not have
// goes to a thread and the warehouse.
#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "execute/format.h"
#include "server/cache_key.h"
#include "server/errors.h"
#include "server/fields.h"
#include "server/handlers.h"

namespace kura::server {
namespace {

/// A question on its way: everything that its thread needs.
struct Job {
  Format format = Format::kJson;
  std::shared_ptr<const execute::Snapshot> snapshot;
  execute::RunInput input;
};

ExploreRef FindExplore(const lookml::Project& project, const query::Query& query) {
  const auto found =
      project.FindExplore(query.model.empty() ? query.explore : query.model + "::" + query.explore);
  return {found.model, found.explore};
}

Response QuestionError(const Diagnostics& diagnostics) {
  const auto& items = diagnostics.items();
  const bool no_explore = std::any_of(items.begin(), items.end(), [](const Diagnostic& item) {
    return item.kind == "unknown-explore";
  });
  return ErrorResponse(no_explore ? 404 : 422, diagnostics);
}

Response TooMany() {
  Response response = ErrorResponse(429,
                                    "too-many-questions",
                                    "the server has too many questions at once",
                                    "ask again in a second");
  response.headers.emplace_back("Retry-After", "1");
  return response;
}

Response RunError(const Error& error, const execute::CancelToken& cancel) {
  if (error.code != Code::kConflict) return ErrorResponse(error);
  if (cancel.cancelled()) return ErrorResponse(503, "stopped", "the question was stopped");
  return ErrorResponse(504,
                       "timeout",
                       error.message,
                       error.hint.empty() ? "ask for fewer rows, or a shorter time" : error.hint);
}

Response AnswerResponse(const Context& context, const Job& job, const execute::Answer& answer) {
  const ExploreRef at = FindExplore(*job.snapshot->project, job.input.query);
  Response response;
  if (job.format == Format::kCsv) {
    response = Response::Text(200, "text/csv; charset=utf-8", execute::ToCsv(answer));
  } else if (job.format == Format::kJsonDetail && at.explore != nullptr) {
    response = Response::Json(200,
                              execute::ToJsonDetail(answer,
                                                    AnswerFieldsJson(at, answer.compiled.columns),
                                                    FormatInstant(context.clock.Now())));
  } else {
    response = Response::Json(200, execute::ToJson(answer));
  }
  if (answer.freshness.complete_through) {
    response.headers.emplace_back("Kura-Complete-Through",
                                  FormatInstant(*answer.freshness.complete_through));
  }
  return response;
}

/// Runs a question on its thread. The status says whether the answer may be kept.
Response RunJob(Context& context, const Job& job) {
  if (context.stopping || job.input.cancel->cancelled()) {
    return ErrorResponse(503, "stopped", "the question was stopped");
  }
  const double begin_s = MonotonicSeconds();
  context.metrics.QuestionStarted();
  Diagnostics diagnostics;
  const Result<execute::Answer> answer = execute::Run(*job.snapshot, job.input, diagnostics);
  context.metrics.QuestionEnded(MonotonicSeconds() - begin_s);
  if (answer) return AnswerResponse(context, job, *answer);
  if (diagnostics.has_errors()) return QuestionError(diagnostics);
  return RunError(answer.error(), *job.input.cancel);
}

void RunFlight(Context& context, const Job& job, const std::shared_ptr<Flight>& flight, bool keep) {
  Response response;
  try {
    response = RunJob(context, job);
  } catch (const std::exception& problem) {  // out of memory, or a library's
    response = ErrorResponse(Error{Code::kInternal, problem.what(), ""});
  }
  context.cache.Finish(flight, response, keep && response.status == 200);
}

/// Answers from the cache, waits for an equal question, or begins a new one.
void Submit(Context& context, Job job, const Request& request, const std::string& key,
            const Respond& respond) {
  const bool keep = !key.empty();
  // A question that may not be kept is also not shared: its key is the connection's own.
  const std::string own = keep ? key : fmt::format("{}", fmt::ptr(request.disconnect.get()));
  AnswerCache::Ticket ticket = context.cache.Join(own, respond);
  context.metrics.CountCache(ticket.hit.has_value());
  if (ticket.hit) return respond(*std::move(ticket.hit));
  request.disconnect->OnGone([&context, flight = ticket.flight, waiter = ticket.waiter] {
    context.cache.Leave(flight, waiter);
  });
  if (!ticket.leads) return;
  job.input.cancel = &ticket.flight->cancel;
  const auto work = [&context, job = std::move(job), flight = ticket.flight, keep] {
    RunFlight(context, job, flight, keep);
  };
  if (!context.queue.Submit(work)) context.cache.Finish(ticket.flight, TooMany(), false);
}

/// Reads the body; an answer when it is not a question.
std::optional<Response> ReadQuestion(const Context& context, const Request& request, Job& job) {
  Diagnostics diagnostics;
  if (!query::ParseQueryJson(request.body, &job.input.query, diagnostics)) {
    return ErrorResponse(400, diagnostics);
  }
  const Result<Micros> now = QuestionNow(context.clock);
  if (!now) return ErrorResponse(503, "bad-clock", now.error().message, now.error().hint);
  auto snapshot = UsableSnapshot(context);
  if (!snapshot) return ErrorResponse(snapshot.error());
  job.input.now = *now;
  job.input.access.local_administrator = context.loopback;  // accounts come later
  job.snapshot = *std::move(snapshot);
  return std::nullopt;
}

}  // namespace

void AnswerQuestion(Context& context, const Request& request, const PathValues& values,
                    const Respond& respond) {
  const std::optional<Format> format = ParseFormat(values.find("format")->second);
  if (!format) {
    return respond(ErrorResponse(404,
                                 "unknown-format",
                                 "there is no such format of an answer",
                                 "the formats are json, json_detail, csv and sql"));
  }
  Job job;
  job.format = *format;
  if (auto refused = ReadQuestion(context, request, job)) return respond(*std::move(refused));
  Diagnostics diagnostics;
  const auto compiled = execute::CompileOnly(*job.snapshot, job.input, diagnostics);
  if (!compiled) return respond(QuestionError(diagnostics));
  if (*format == Format::kSql) {
    return respond(Response::Text(200, "text/plain; charset=utf-8", compiled->sql));
  }
  const std::string key = CacheKey({&*compiled,
                                    job.snapshot.get(),
                                    &job.input,
                                    *format,
                                    context.generations.Of(job.snapshot->project)});
  Submit(context, std::move(job), request, key, respond);
}

}  // namespace kura::server
