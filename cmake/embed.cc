// cmake/embed.cc: a program of the build: `kura_embed web/dist OUT` writes OUT/web_files.bin (all
// files and their compressed forms end to end), OUT/web_files.cc (the table that
// server/static_files.h reads, with the .bin by .incbin, so that compiling costs nothing) and
// OUT/web_files.d for ninja. The same files give the same bytes.
#include <brotli/encode.h>
#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kNoPage = R"(<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Kura</title>
<body style="font: 16px/1.6 sans-serif; max-width: 40em; margin: 4em auto; padding: 0 1em">
<h1>Kura</h1>
<p>The web page is not part of this build. Build it with <code>make web</code>, then build again.</p>
<p>The API is here all the same: <a href="/api/v1/status">/api/v1/status</a>.</p>
</html>
)";

struct File {
  std::string path;
  std::string plain;
  std::string brotli;
  std::string gzip;
};

std::string ReadAll(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// Leaves a file alone that would not change, so that nothing is compiled again.
bool WriteIfChanged(const fs::path& path, const std::string& content) {
  if (fs::exists(path) && ReadAll(path) == content) return true;
  std::ofstream out(path, std::ios::binary);
  out << content;
  return out.good();
}

std::string Brotli(const std::string& plain) {
  std::size_t size = BrotliEncoderMaxCompressedSize(plain.size());
  std::string out(size, '\0');
  const auto* in = reinterpret_cast<const std::uint8_t*>(plain.data());
  auto* to = reinterpret_cast<std::uint8_t*>(out.data());
  if (size == 0 || BrotliEncoderCompress(BROTLI_MAX_QUALITY,
                                         BROTLI_MAX_WINDOW_BITS,
                                         BROTLI_MODE_GENERIC,
                                         plain.size(),
                                         in,
                                         &size,
                                         to) == BROTLI_FALSE) {
    return "";
  }
  out.resize(size);
  return out;
}

std::string Gzip(const std::string& plain) {
  z_stream stream{};
  constexpr int kGzipWindow = 15 + 16;
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kGzipWindow, 9, Z_DEFAULT_STRATEGY) !=
      Z_OK) {
    return "";
  }
  std::string in = plain;
  std::string out(deflateBound(&stream, in.size()) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const bool whole = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  out.resize(whole ? stream.total_out : 0);
  deflateEnd(&stream);
  return out;
}

/// FNV-1a, two ways, as 32 hex digits: names a content, guards against nothing.
std::string Hash(const std::string& text) {
  std::uint64_t forward = 14695981039346656037ULL;
  std::uint64_t backward = forward ^ text.size();
  for (std::size_t at = 0; at < text.size(); ++at) {
    forward = (forward ^ static_cast<unsigned char>(text[at])) * 1099511628211ULL;
    backward =
        (backward ^ static_cast<unsigned char>(text[text.size() - 1 - at])) * 1099511628211ULL;
  }
  char out[33];
  std::snprintf(out,
                sizeof out,
                "%016llx%016llx",
                static_cast<unsigned long long>(forward),
                static_cast<unsigned long long>(backward));
  return out;
}

/// All files below `folder`, sorted; what make must watch goes to `watched`.
std::vector<File> ReadFiles(const fs::path& folder, std::vector<std::string>& watched) {
  std::vector<File> files;
  if (!fs::exists(folder / "index.html")) {
    watched.push_back((fs::exists(folder) ? folder : folder.parent_path()).string());
    files.push_back({"/index.html", std::string(kNoPage), "", ""});
    return files;
  }
  watched.push_back(folder.string());
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    watched.push_back(entry.path().string());
    if (!entry.is_regular_file()) continue;
    const std::string path = "/" + fs::relative(entry.path(), folder).generic_string();
    files.push_back({path, ReadAll(entry.path()), "", ""});
  }
  const auto by_path = [](const File& a, const File& b) { return a.path < b.path; };
  std::sort(files.begin(), files.end(), by_path);
  return files;
}

/// Compresses what gets smaller; pictures and fonts do not.
void Compress(File& file) {
  file.brotli = Brotli(file.plain);
  file.gzip = Gzip(file.plain);
  if (file.brotli.size() >= file.plain.size()) file.brotli.clear();
  if (file.gzip.size() >= file.plain.size()) file.gzip.clear();
}

/// Appends to the blob and prints the view of it.
std::string Place(std::string& blob, const std::string& content) {
  if (content.empty()) return "{}";
  const std::size_t begin = blob.size();
  blob += content;
  return "{web_files_begin + " + std::to_string(begin) + ", " + std::to_string(content.size()) +
         "}";
}

constexpr std::string_view kHead = R"(// Written by cmake/embed.cc from web/dist.
#include "server/static_files.h"

)";
constexpr std::string_view kFind = R"(};

}  // namespace

namespace kura::server {

const EmbeddedFile* FindEmbeddedFile(std::string_view path) {
  for (const EmbeddedFile& file : kFiles) {
    if (file.path == path) return &file;
  }
  return nullptr;
}

}  // namespace kura::server
)";

std::string Source(std::vector<File>& files, const fs::path& blob_path, std::string& blob) {
  std::string table;
  for (File& file : files) {
    Compress(file);
    table += "    {\"" + file.path + "\", \"" + Hash(file.plain) + "\",\n     ";
    for (const std::string* form : {&file.plain, &file.brotli, &file.gzip}) {
      table += Place(blob, *form) + (form == &file.gzip ? "},\n" : ",\n     ");
    }
  }
  std::string source(kHead);
  source += "// content " + Hash(blob) + "\n";
  source += "asm(\".section .rodata\\n.global web_files_begin\\nweb_files_begin:\\n.incbin \\\"" +
            blob_path.string() + "\\\"\\n.byte 0\\n.previous\\n\");\n";
  source += "extern \"C\" const char web_files_begin[];\n\nnamespace {\n\n";
  source += "const kura::server::EmbeddedFile kFiles[] = {\n" + table;
  return source + std::string(kFind);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: kura_embed DIST OUT\n", stderr);
    return 2;
  }
  const fs::path out(argv[2]);
  fs::create_directories(out);
  std::vector<std::string> watched;
  std::vector<File> files = ReadFiles(argv[1], watched);
  std::string blob;
  const std::string source = Source(files, out / "web_files.bin", blob);
  std::sort(watched.begin(), watched.end());
  std::string rule = (out / "web_files.cc").string() + ":";
  for (const std::string& path : watched) rule += " \\\n  " + path;
  const bool written = WriteIfChanged(out / "web_files.bin", blob) &&
                       WriteIfChanged(out / "web_files.cc", source) &&
                       WriteIfChanged(out / "web_files.d", rule + "\n");
  if (!written) std::fputs("kura_embed: a file could not be written\n", stderr);
  return written ? 0 : 1;
}
