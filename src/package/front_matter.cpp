#include "front_matter.h"

#include "pipeline/base/ascii.h"

#include "json.h"

#include <fmt/format.h>
#include <yaml.h>

#include <algorithm>
#include <memory>
#include <new>
#include <utility>

namespace pipeline::package {
namespace {

constexpr std::size_t kLargest = 64U << 10U;  // bytes
constexpr int kDeepestYaml = 50;

constexpr std::string_view kSpace = " \t\r";

std::string_view line_at(std::string_view text, std::size_t at) noexcept {
  return text.substr(at, std::min(text.find('\n', at), text.size()) - at);
}

// `name: …`, which a rule with text below it hardly is.
bool is_field(std::string_view line) noexcept {
  const auto colon = line.find(':');
  return colon != line.npos && colon > 0 && line.substr(0, colon).find_first_of(" \t*[<>(") == line.npos &&
         (colon + 1 == line.size() || line[colon + 1] == ' ' || line[colon + 1] == '\t');
}

struct FreeYamlParser {
  void operator()(yaml_parser_t* parser) const noexcept {
    yaml_parser_delete(parser);
    delete parser;
  }
};

// An event of libyaml, which owns it until the next.
class Events {
 public:
  explicit Events(std::string_view yaml) : parser_(make()) {
    yaml_parser_set_input_string(parser_.get(), reinterpret_cast<const unsigned char*>(yaml.data()), yaml.size());
    yaml_parser_set_encoding(parser_.get(), YAML_UTF8_ENCODING);
  }
  ~Events() { yaml_event_delete(&event_); }
  Events(const Events&) = delete;
  Events& operator=(const Events&) = delete;

  // False: it is no YAML, and objection() says why.
  bool next() {
    yaml_event_delete(&event_);
    event_ = {};
    return yaml_parser_parse(parser_.get(), &event_) != 0;
  }
  [[nodiscard]] yaml_event_type_t type() const noexcept { return event_.type; }
  [[nodiscard]] std::string scalar() const {
    return {reinterpret_cast<const char*>(event_.data.scalar.value), event_.data.scalar.length};
  }
  [[nodiscard]] std::string objection() const {
    return fmt::format("line {}: {}", parser_->problem_mark.line + 2,  // behind the first `---`
                       parser_->problem == nullptr ? "unknown" : parser_->problem);
  }

 private:
  static std::unique_ptr<yaml_parser_t, FreeYamlParser> make() {
    auto parser = std::make_unique<yaml_parser_t>();
    if (yaml_parser_initialize(parser.get()) == 0) throw std::bad_alloc();
    return std::unique_ptr<yaml_parser_t, FreeYamlParser>(parser.release());
  }

  std::unique_ptr<yaml_parser_t, FreeYamlParser> parser_;
  yaml_event_t event_{};
};

// `머그컵, 선물` in one text
std::vector<std::string> split_at_commas(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty())
    if (const auto part = trim(take_until(text, ','), kSpace); !part.empty()) parts.emplace_back(part);
  return parts;
}

// The fields of the outermost map that we know.
void read_yaml(std::string_view yaml, FrontMatter& front) {
  Events events(yaml);
  int depth = 0;
  bool is_name = true;  // of the outermost map
  std::string name;
  while (events.next()) {
    switch (events.type()) {
      case YAML_SCALAR_EVENT: {
        const std::string text = events.scalar();
        if (depth == 1 && is_name) {
          name = text;
        } else if (depth == 1 && name == "title") {
          front.title = text;
        } else if (depth == 1 && (name == "tags" || name == "tag")) {
          front.tags = split_at_commas(text);
        } else if (depth == 2 && (name == "tags" || name == "tag") && !text.empty()) {
          front.tags.push_back(text);
        }
        if (depth == 1) is_name = !is_name;
        break;
      }
      case YAML_ALIAS_EVENT:
        if (depth == 1) is_name = !is_name;
        break;
      case YAML_MAPPING_START_EVENT:
      case YAML_SEQUENCE_START_EVENT:
        if (++depth > kDeepestYaml) return;
        break;
      case YAML_MAPPING_END_EVENT:
      case YAML_SEQUENCE_END_EVENT:
        if (--depth == 1) is_name = !is_name;
        break;
      case YAML_STREAM_END_EVENT:
        return;
      default:
        break;
    }
  }
  front.title.reset();  // half of it would be half a title
  front.tags.clear();
  front.note =
      fmt::format("has front matter that is no YAML ({}): its title and tags are not read", events.objection());
}

// As Hugo has it, too: an object of several lines before the text.
FrontMatter read_json(std::string_view text) {
  const std::string_view near = text.substr(0, kLargest);
  for (std::size_t at = 0; at < near.size(); at += line_at(near, at).size() + 1) {
    const std::string_view line = line_at(near, at);
    if (trim(line, kSpace) != "}") continue;
    const std::size_t end = at + line.size();
    if (!Json::accept(near.substr(0, end))) return {};
    FrontMatter front;
    front.size = std::min(end + 1, text.size());
    front.note = "has front matter in JSON: its title and tags are not read";
    return front;
  }
  return {};
}

}  // namespace

FrontMatter read_front_matter(std::string_view text) {
  const std::string_view first = trim(line_at(text, 0), kSpace);
  if (first.starts_with('{')) return read_json(text);
  if (first != "---" && first != "+++") return {};
  const std::size_t begin = line_at(text, 0).size() + 1;
  if (begin >= text.size()) return {};
  if (first == "---" && !is_field(trim(line_at(text, begin), kSpace)) && trim(line_at(text, begin), kSpace) != "---")
    return {};

  for (std::size_t at = begin; at < std::min(text.size(), kLargest);) {
    const std::string_view line = line_at(text, at);
    const std::size_t next = std::min(at + line.size() + 1, text.size());
    if (trim(line, kSpace) == first || (first == "---" && trim(line, kSpace) == "...")) {
      FrontMatter front;
      front.size = next;
      if (first == "---")
        read_yaml(text.substr(begin, at - begin), front);
      else
        front.note = "has front matter in TOML: its title and tags are not read";
      return front;
    }
    at = next;
  }
  FrontMatter open;
  open.note = fmt::format(
      "begins as front matter does, and no line {} ends it: what was meant for the program stands in the text", first);
  return open;
}

}  // namespace pipeline::package
