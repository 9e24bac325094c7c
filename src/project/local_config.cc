// kura.local.yaml → the commands of each source.
#include "project/local_config.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "base/text.h"
#include "base/yaml.h"
#include "project/diagnostics.h"
#include "project/yaml_section.h"

namespace kura::project {
namespace {

constexpr std::string_view kPort = "{port}";

void ReadTunnel(const YamlNode& node, const std::string& where, sync::MysqlConfig* mysql,
                Diagnostics& diagnostics) {
  YamlSection section(node, where, diagnostics);
  if (!section.Text("command", &mysql->tunnel_command)) {
    if (section.is_map() && node.Find("command") == nullptr) {
      section.Report(node.span,
                     kMissingKey,
                     where + " has no 'command'",
                     "tunnel: {command: \"ssh -N -L {port}:db.internal:3306 bastion\"}");
    }
  } else if (mysql->tunnel_command.find(kPort) == std::string::npos) {
    section.Report(section.Take("command")->span,
                   kWrongValue,
                   "the tunnel's command does not say {port}, the local port that kura chooses",
                   "for example  ssh -N -L {port}:db.internal:3306 bastion");
  }
  section.Finish();
}

void ReadLocalSource(const YamlNode& node, SourceEntry* entry, Diagnostics& diagnostics) {
  YamlSection section(node, "sources." + entry->config.name, diagnostics);
  if (const YamlNode* tunnel = section.Take("tunnel")) {
    ReadTunnel(*tunnel, section.where() + ".tunnel", &entry->config.mysql, diagnostics);
  }
  section.Text("password_command", &entry->config.mysql.password_command);
  section.Finish();
}

std::vector<std::string> SourceNames(const Config& config) {
  std::vector<std::string> names;
  for (const SourceEntry& entry : config.sources) names.push_back(entry.config.name);
  return names;
}

}  // namespace

void ReadLocalConfig(const SourceFile& file, Config* config, Diagnostics& diagnostics) {
  const std::optional<YamlNode> root = ParseYaml(file, diagnostics);
  if (!root) return;
  YamlSection section(*root, file.name(), diagnostics);
  if (const YamlNode* sources = section.Take("sources")) {
    const YamlSection named(*sources, "sources", diagnostics);
    for (const YamlNode::Entry& source : sources->map) {
      const auto entry = std::find_if(
          config->sources.begin(), config->sources.end(), [&source](const SourceEntry& candidate) {
            return candidate.config.name == source.key;
          });
      if (entry != config->sources.end()) {
        ReadLocalSource(source.value, &*entry, diagnostics);
        continue;
      }
      const std::vector<std::string> names = SourceNames(*config);
      const std::string nearest = NearestName(source.key, names);
      section.Report(source.key_span,
                     kUnknownKey,
                     fmt::format("there is no source '{}' in kura.yaml", source.key),
                     !nearest.empty() ? fmt::format("did you mean '{}'?", nearest)
                     : names.empty()  ? "kura.yaml names no sources"
                                      : "its sources: " + Join(names, ", "));
    }
  }
  section.Finish();
}

Status CheckLocalFile(const std::string& path) {
  struct stat info = {};
  if (::stat(path.c_str(), &info) != 0) return {};
  const bool is_strange = info.st_uid != ::geteuid() && info.st_uid != 0;
  if (!is_strange && (info.st_mode & S_IWOTH) == 0) return {};
  return FailWithHint(Code::kInvalid,
                      fmt::format("{} {}, and it names commands that kura runs",
                                  kLocalConfigName,
                                  is_strange ? "belongs to another user"
                                             : "can be written by "
                                               "everybody"),
                      is_strange ? "make it your own:  chown $(id -un) kura.local.yaml"
                                 : "chmod o-w kura.local.yaml");
}

}  // namespace kura::project
