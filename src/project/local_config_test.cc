// A project folder on disk with its kura.local.yaml: who may have written it, what it replaces, and
// where files are looked for.
#include "project/local_config.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cstdlib>

#include "base/file.h"
#include "project/project.h"

namespace kura::project {
namespace {

constexpr const char* kConfig =
    "sources:\n  shop: {type: mysql, host: h, user: u, database: d, tls_ca: ca.pem,\n"
    "         password: \"${KURA_TEST_UNSET}\"}\n"
    "  crm: {type: mysql, host: h, user: u, database: d, password_file: /run/secret}\n";

struct Folder {
  std::string path = "/tmp/kura_project_test.XXXXXX";
  Folder() { REQUIRE(mkdtemp(path.data()) != nullptr); }
  ~Folder() { (void)!std::system(("rm -rf '" + path + "'").c_str()); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  void Write(const std::string& name, const std::string& text) const {
    REQUIRE(WriteFile(path + "/" + name, text));
  }
};

TEST_CASE("a local password command takes the place of a variable that is not set") {
  const Folder folder;
  folder.Write("kura.yaml", kConfig);
  Diagnostics diagnostics;
  const auto without = Project::Open(folder.path, diagnostics);
  REQUIRE(without);
  const auto unset = ResolveSource((*without)->config().sources[0]);
  REQUIRE_FALSE(unset);
  CHECK(unset.error().message == "the variable KURA_TEST_UNSET is not set");
  folder.Write(kLocalConfigName, "sources: {shop: {password_command: cat secret}}\n");
  const auto with = Project::Open(folder.path, diagnostics);
  REQUIRE(with);
  const auto source = ResolveSource((*with)->config().sources[0]);
  REQUIRE(source);
  CHECK(source->mysql.password_command == "cat secret");
  CHECK(source->mysql.password.empty());
}

TEST_CASE("files are named from the project's folder") {
  const Folder folder;
  folder.Write("kura.yaml", kConfig);
  folder.Write(kLocalConfigName, "sources: {shop: {password_command: a}}\n");
  Diagnostics diagnostics;
  const auto project = Project::Open(folder.path, diagnostics);
  REQUIRE(project);
  const auto shop = ResolveSource((*project)->config().sources[0]);
  REQUIRE(shop);
  CHECK(shop->mysql.tls_ca == folder.path + "/ca.pem");
  const auto crm = ResolveSource((*project)->config().sources[1]);
  REQUIRE(crm);
  CHECK(crm->mysql.password_file == "/run/secret");
}

TEST_CASE("a local file that everybody can write is not read") {
  const Folder folder;
  folder.Write("kura.yaml", kConfig);
  folder.Write(kLocalConfigName, "sources: {shop: {password_command: a}}\n");
  REQUIRE(chmod((folder.path + "/" + kLocalConfigName).c_str(), 0666) == 0);
  Diagnostics diagnostics;
  const auto project = Project::Open(folder.path, diagnostics);
  REQUIRE_FALSE(project);
  CHECK(project.error().code == Code::kInvalid);
  CHECK(project.error().message.find("can be written by everybody") != std::string::npos);
  CHECK(project.error().hint == "chmod o-w kura.local.yaml");
}

TEST_CASE("mistakes of the local file are found when the project is opened") {
  const Folder folder;
  folder.Write("kura.yaml", kConfig);
  folder.Write(kLocalConfigName, "sources: {shp: {}}\n");
  Diagnostics diagnostics;
  const auto project = Project::Open(folder.path, diagnostics);
  REQUIRE_FALSE(project);
  CHECK(project.error().message == "kura.local.yaml has mistakes");
  CHECK(diagnostics.has_errors());
}

}  // namespace
}  // namespace kura::project
