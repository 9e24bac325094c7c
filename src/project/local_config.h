// project/local_config.h: kura.local.yaml, which lies beside kura.yaml, is kept out of git and
// holds what only this machine should decide: the commands that it runs to reach a source.
#pragma once
#include <string>

#include "base/diagnostics.h"
#include "base/result.h"
#include "project/config.h"

namespace kura::project {

/// The file's name.
inline constexpr const char* kLocalConfigName = "kura.local.yaml";

/// Adds what `file` says to the sources of `config`, which kura.yaml named. Mistakes go to
/// `diagnostics`.
void ReadLocalConfig(const SourceFile& file, Config* config, Diagnostics& diagnostics);

/// Refuses a file whose commands others could have written. Errors: kInvalid.
Status CheckLocalFile(const std::string& path);

}  // namespace kura::project
