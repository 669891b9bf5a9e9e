#include "text_rules.h"

#include "pipeline/base/characters.h"
#include "pipeline/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace pipeline::package {
namespace {

constexpr std::string_view kWhiteSpace = " \t\r\n";

constexpr bool is_control(unsigned char c) noexcept {
  return c < 0x20 || c == 0x7F;
}

std::string objection(std::string_view text, std::string_view allowed_controls) {
  if (is_blank(text)) return "is empty";
  for (const char c : text) {
    if (!is_control(static_cast<unsigned char>(c)) || allowed_controls.find(c) != std::string_view::npos) continue;
    if (c == '\n' || c == '\r') return "has a line break";
    return fmt::format("has a control character, U+{:04X}", static_cast<unsigned>(c));
  }
  return {};
}

}  // namespace

std::string text_objection(std::string_view text) {
  return objection(text, "\t\r\n");
}

std::string line_objection(std::string_view text) {
  return objection(text, "");
}

bool is_blank(std::string_view text) noexcept {
  return text.find_first_not_of(kWhiteSpace) == std::string_view::npos;
}

Position position_of(std::string_view text, std::size_t byte) noexcept {
  const std::string_view before = text.substr(0, byte);
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  return {static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1,
          count_characters(before.substr(line_start)) + 1};
}

std::string describe(const Position& position) {
  return fmt::format("line {}, column {}", position.line, position.column);
}

std::size_t utf8_prefix(std::string_view bytes) noexcept {
  if (is_utf8(bytes)) return bytes.size();
  std::size_t sound = 0;
  while (const std::size_t size = utf8_length(bytes.substr(sound))) sound += size;
  return sound;
}

std::string displayed(std::string_view name) {
  std::string out;
  for (;;) {
    // A line break in a name would begin a line of the log.
    const auto* const control = std::ranges::find_if(name, [](char c) { return (c >= 0 && c < 0x20) || c == 0x7F; });
    const std::size_t sound =
        std::min(utf8_prefix(name), static_cast<std::size_t>(std::distance(name.begin(), control)));
    out += name.substr(0, sound);
    if (sound == name.size()) return out;
    fmt::format_to(std::back_inserter(out), "\\x{:02X}", static_cast<unsigned char>(name[sound]));
    name.remove_prefix(sound + 1);
  }
}

}  // namespace pipeline::package
