// server/static_files_test.cc: encodings, tags, and the page for every path.
#include "server/static_files.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace kura::server {
namespace {

std::string HeaderOf(const Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return "";
}

Request GetRequest(std::string target) {
  Request request;
  request.method = "GET";
  request.target = std::move(target);
  return request;
}

TEST_CASE("the best encoding that both sides know") {
  const EmbeddedFile file{"/a.js", "tag", "plain", "br", "gz"};
  CHECK(ChooseEncoding(file, "") == Encoding::kPlain);
  CHECK(ChooseEncoding(file, "gzip, deflate, br") == Encoding::kBrotli);
  CHECK(ChooseEncoding(file, "gzip, br;q=0") == Encoding::kGzip);
  CHECK(ChooseEncoding(file, "gzip;q=0.000, br ; q=0.5") == Encoding::kBrotli);
  CHECK(ChooseEncoding(file, "bread") == Encoding::kPlain);
  CHECK(ChooseEncoding({"/a.png", "tag", "plain", "", ""}, "br, gzip") == Encoding::kPlain);
}

TEST_CASE("every path that is no file is the page") {
  const Response page = AnswerFile(GetRequest("/"));
  CHECK(page.status == 200);
  CHECK(page.content_type == "text/html; charset=utf-8");
  CHECK(page.body.find("<!doctype html>") != std::string_view::npos);
  CHECK(HeaderOf(page, "Cache-Control") == "no-cache");
  CHECK(AnswerFile(GetRequest("/explore/shop/users_now?fields=a")).body == page.body);
  CHECK(AnswerFile(GetRequest("/../../etc/passwd")).body == page.body);
}

TEST_CASE("an asset that is not there is not the page") {
  CHECK(AnswerFile(GetRequest("/assets/none.js")).status == 404);
}

TEST_CASE("a tag that the client has is answered without the file") {
  Request request = GetRequest("/index.html");
  const Response first = AnswerFile(request);
  const std::string etag = HeaderOf(first, "ETag");
  CHECK(etag.size() > 10);
  request.if_none_match = "\"other\", W/" + etag;
  CHECK(AnswerFile(request).status == 304);
  CHECK(AnswerFile(request).body.empty());
  request.if_none_match = "\"other\"";
  CHECK(AnswerFile(request).status == 200);
}

TEST_CASE("compressed forms have tags of their own") {
  Request request = GetRequest("/index.html");
  const Response plain = AnswerFile(request);
  request.accept_encoding = "br";
  const Response brotli = AnswerFile(request);
  CHECK(HeaderOf(brotli, "Content-Encoding") == "br");
  CHECK(brotli.body.size() < plain.body.size());
  CHECK(HeaderOf(brotli, "ETag") != HeaderOf(plain, "ETag"));
  request.if_none_match = HeaderOf(plain, "ETag");
  CHECK(AnswerFile(request).status == 200);
}

}  // namespace
}  // namespace kura::server
