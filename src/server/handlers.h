// server/handlers.h: the handlers of the route table. Each answers through `respond`, once.
#pragma once
#include "server/router.h"

namespace kura::server {

/// The process is there.
void AnswerHealth(Context& context, const Request& request, const PathValues& values,
                  const Respond& respond);

/// Model and warehouse are there too; 503 with the reason otherwise.
void AnswerReady(Context& context, const Request& request, const PathValues& values,
                 const Respond& respond);

/// Counts in Prometheus' text format.
void AnswerMetrics(Context& context, const Request& request, const PathValues& values,
                   const Respond& respond);

/// Project, version, time zone and synced tables.
void AnswerStatus(Context& context, const Request& request, const PathValues& values,
                  const Respond& respond);

/// The models with their explores.
void AnswerModels(Context& context, const Request& request, const PathValues& values,
                  const Respond& respond);

/// One explore with its fields.
void AnswerExplore(Context& context, const Request& request, const PathValues& values,
                   const Respond& respond);

/// Runs a question (questions.cc): from the cache, together with an equal one, or on a thread.
void AnswerQuestion(Context& context, const Request& request, const PathValues& values,
                    const Respond& respond);

}  // namespace kura::server
