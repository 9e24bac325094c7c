// cli/commands.h: one function per command, each in its own file. A command declares its options on
// `app` and, when it was chosen, sets `*run` to what main calls; that returns the exit code.
#pragma once
#include <CLI/App.hpp>
#include <functional>

#include "cli/app.h"

namespace kura::cli {

using RunCommand = std::function<int()>;

void AddInit(CLI::App& app, const Globals& globals, RunCommand* run);
void AddNew(CLI::App& app, const Globals& globals, RunCommand* run);
void AddDoctor(CLI::App& app, const Globals& globals, RunCommand* run);
void AddSync(CLI::App& app, const Globals& globals, RunCommand* run);
void AddVerify(CLI::App& app, const Globals& globals, RunCommand* run);
void AddValidate(CLI::App& app, const Globals& globals, RunCommand* run);
void AddQuery(CLI::App& app, const Globals& globals, RunCommand* run);
void AddSql(CLI::App& app, const Globals& globals, RunCommand* run);
void AddServe(CLI::App& app, const Globals& globals, RunCommand* run);

}  // namespace kura::cli
