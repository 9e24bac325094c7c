// The project's salt: made once, kept, refused when it is damaged or could be guessed.
#include "project/salt.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <thread>
#include <vector>

#include "base/file.h"
#include "project/config.h"

namespace kura::project {
namespace {

class Folder {
 public:
  Folder() {
    std::string name = "/tmp/kura_salt_test.XXXXXX";
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() { (void)!std::system(("rm -rf '" + path_ + "'").c_str()); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::string& path() const { return path_; }
  std::string salt() const { return path_ + "/.kura/salt"; }

 private:
  std::string path_;
};

SourceEntry Entry(const std::string& folder, sync::MaskKind kind) {
  SourceEntry entry;
  entry.folder = folder;
  entry.config.tables["users"].masks["email"].kind = kind;
  return entry;
}

TEST_CASE("a salt is made once, for its owner only") {
  const Folder folder;
  const auto first = ReadOrMakeSalt(folder.path());
  REQUIRE(first);
  CHECK(first->size() == 64);
  CHECK(ReadOrMakeSalt(folder.path()).value_or("") == *first);
  struct stat info = {};
  REQUIRE(::stat(folder.salt().c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
}

TEST_CASE("who comes at the same time gets the same salt") {
  const Folder folder;
  std::vector<std::string> salts(8);
  std::vector<std::thread> threads;
  for (std::string& salt : salts) {
    threads.emplace_back([&] { salt = ReadOrMakeSalt(folder.path()).value_or(""); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& salt : salts) {
    CHECK(salt.size() == 64);
    CHECK(salt == salts[0]);
  }
}

TEST_CASE("a damaged salt is not used") {
  const Folder folder;
  REQUIRE(ReadOrMakeSalt(folder.path()));
  REQUIRE(WriteFile(folder.salt(), "short"));
  const auto damaged = ReadOrMakeSalt(folder.path());
  REQUIRE_FALSE(damaged);
  CHECK(damaged.error().message.find("is damaged") != std::string::npos);
}

TEST_CASE("a source gets a salt only when a mask needs one, from the variable when it is named") {
  const Folder folder;
  const auto without = ResolveSource(Entry(folder.path(), sync::MaskKind::kNull));
  REQUIRE(without);
  CHECK(without->salt.empty());
  CHECK_FALSE(PathExists(folder.salt()));
  CHECK(ResolveSource(Entry(folder.path(), sync::MaskKind::kSha256))->salt.size() == 64);

  SourceEntry named = Entry(folder.path(), sync::MaskKind::kSha256);
  const SourceFile file("kura.yaml", "salt: ${KURA_TEST_SALT}\n");
  named.salt = Setting{"${KURA_TEST_SALT}", {&file, 6, 23}};
  ::unsetenv("KURA_TEST_SALT");
  CHECK(ResolveSource(named).error().message == "the variable KURA_TEST_SALT is not set");
  ::setenv("KURA_TEST_SALT", "0123456789abcdef", 1);
  CHECK(ResolveSource(named)->salt == "0123456789abcdef");
  ::setenv("KURA_TEST_SALT", "short", 1);
  CHECK(ResolveSource(named).error().message == "'salt' has 5 characters; at least 16 are needed");
  ::unsetenv("KURA_TEST_SALT");
}

}  // namespace
}  // namespace kura::project
