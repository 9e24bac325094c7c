// yaml-cpp events → YamlNode. Events instead of YAML::Load give us limits before memory is used.
#include "base/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace kura {
namespace {

constexpr int kDepthMax = 64;

// Collects events into a tree. Anchors and aliases are refused: a few lines of them can describe
// a tree that fills the memory.
class Builder : public YAML::EventHandler {
 public:
  explicit Builder(const SourceFile& file) : file_(file) {}

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override { Put({}, mark, 0); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    throw YAML::ParserException(mark, "aliases (*name) are not supported here");
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t /*anchor*/,
                const std::string& value) override {
    YamlNode node;
    node.kind = YamlNode::Kind::kScalar;
    node.scalar = value;
    node.quoted = tag == "!";
    if (!node.quoted && (value == "null" || value == "~" || value.empty())) {
      node.kind = YamlNode::Kind::kNull;
    }
    Put(std::move(node), mark, value.size() + (node.quoted ? 2 : 0));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/,
                       YAML::anchor_t /*anchor*/, YAML::EmitterStyle::value /*style*/) override {
    Open(YamlNode::Kind::kList, mark);
  }
  void OnSequenceEnd() override { stack_.pop_back(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                  YAML::EmitterStyle::value /*style*/) override {
    Open(YamlNode::Kind::kMap, mark);
  }
  void OnMapEnd() override { stack_.pop_back(); }

  YamlNode root;

 private:
  struct Frame {
    YamlNode* node = nullptr;
    bool has_key = false;
    YamlNode::Entry entry;
  };

  Span At(const YAML::Mark& mark, std::size_t length) const {
    const std::size_t size = file_.text().size();
    const std::size_t begin =
        std::min<std::size_t>(static_cast<std::size_t>(std::max(0, mark.pos)), size);
    return {&file_,
            static_cast<std::uint32_t>(begin),
            static_cast<std::uint32_t>(std::min(begin + std::max<std::size_t>(1, length), size))};
  }

  // Puts a node where the next one belongs and returns where it now lives.
  YamlNode* Put(YamlNode node, const YAML::Mark& mark, std::size_t length) {
    if (++count_ > kYamlNodesMax) throw YAML::ParserException(mark, "too many nodes");
    node.span = At(mark, length);
    if (stack_.empty()) {
      root = std::move(node);
      return &root;
    }
    Frame& frame = stack_.back();
    if (frame.node->kind == YamlNode::Kind::kList) {
      frame.node->list.push_back(std::move(node));
      return &frame.node->list.back();
    }
    if (!frame.has_key) return PutKey(frame, std::move(node), mark);
    frame.entry.value = std::move(node);
    frame.has_key = false;
    frame.node->map.push_back(std::move(frame.entry));
    frame.entry = {};
    return &frame.node->map.back().value;
  }

  static YamlNode* PutKey(Frame& frame, YamlNode node, const YAML::Mark& mark) {
    if (node.kind != YamlNode::Kind::kScalar) {
      throw YAML::ParserException(mark, "a key must be a plain text");
    }
    if (frame.node->Find(node.scalar) != nullptr) {
      throw YAML::ParserException(mark, "the key '" + node.scalar + "' occurs twice");
    }
    frame.entry.key = node.scalar;
    frame.entry.key_span = node.span;
    frame.has_key = true;
    return nullptr;
  }

  void Open(YamlNode::Kind kind, const YAML::Mark& mark) {
    if (stack_.size() >= kDepthMax) throw YAML::ParserException(mark, "nested too deeply");
    YamlNode node;
    node.kind = kind;
    YamlNode* at = Put(std::move(node), mark, 1);
    if (at == nullptr) throw YAML::ParserException(mark, "a key must be a plain text");
    stack_.push_back(Frame{at, false, {}});
  }

  const SourceFile& file_;
  std::vector<Frame> stack_;
  int count_ = 0;
};

void Report(const SourceFile& file, std::size_t at, std::string message, Diagnostics& diagnostics) {
  Diagnostic d;
  d.kind = "yaml-syntax";
  const auto begin = static_cast<std::uint32_t>(std::min(at, file.text().size()));
  d.span = {&file, begin, begin + 1};
  d.message = "not valid YAML: " + std::move(message);
  d.hint = "check the indentation, and quote values that contain ': ' or '#'";
  diagnostics.Add(std::move(d));
}

}  // namespace

const YamlNode* YamlNode::Find(std::string_view key) const {
  for (const Entry& entry : map) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

std::optional<YamlNode> ParseYaml(const SourceFile& file, Diagnostics& diagnostics) {
  if (file.text().size() > kYamlBytesMax) {
    Report(file, 0, "the file is larger than 4 MB", diagnostics);
    return std::nullopt;
  }
  try {
    std::istringstream stream(file.text());
    YAML::Parser parser(stream);
    Builder builder(file);
    if (!parser.HandleNextDocument(builder)) return YamlNode{};
    return std::move(builder.root);
  } catch (const YAML::Exception& problem) {
    Report(file, static_cast<std::size_t>(std::max(0, problem.mark.pos)), problem.msg, diagnostics);
  } catch (const std::exception& problem) {
    Report(file, 0, problem.what(), diagnostics);
  }
  return std::nullopt;
}

}  // namespace kura
