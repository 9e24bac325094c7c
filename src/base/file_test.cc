// Files and folders in a temporary folder of the test's own.
#include "base/file.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

namespace kura {
namespace {

struct Folder {
  Folder() {
    char name[] = "/tmp/kura_file_test_XXXXXX";
    path = ::mkdtemp(name);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string path;
};

}  // namespace

TEST_CASE("a file is written whole or not at all") {
  const Folder folder;
  const std::string path = JoinPath(folder.path, "a.txt");
  CHECK(ReadFile(path).error().code == Code::kNotFound);
  REQUIRE(WriteFile(path, "one"));
  REQUIRE(WriteFile(path, "two"));
  CHECK(*ReadFile(path) == "two");
  CHECK(ReadFile(path, 2).error().code == Code::kInvalid);
  CHECK_FALSE(PathExists(path + ".tmp"));
  CHECK_FALSE(WriteFile(JoinPath(folder.path, "none/a.txt"), "x"));
}

TEST_CASE("files are listed below a folder, hidden folders are not") {
  const Folder folder;
  REQUIRE(MakeFolder(JoinPath(folder.path, "views")));
  REQUIRE(MakeFolder(JoinPath(folder.path, ".git")));
  REQUIRE(WriteFile(JoinPath(folder.path, "views/b.lkml"), ""));
  REQUIRE(WriteFile(JoinPath(folder.path, "a.lkml"), ""));
  REQUIRE(WriteFile(JoinPath(folder.path, "a.txt"), ""));
  REQUIRE(WriteFile(JoinPath(folder.path, ".git/c.lkml"), ""));
  const auto names = ListFiles(folder.path, ".lkml");
  REQUIRE(names);
  REQUIRE(names->size() == 2);
  CHECK((*names)[0] == "a.lkml");
  CHECK((*names)[1] == "views/b.lkml");
  CHECK(ListFiles(folder.path + "/none", "").error().code == Code::kNotFound);
}

}  // namespace kura
