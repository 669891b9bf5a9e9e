#include "text_rules.h"

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

std::size_t count_characters(std::string_view utf8) noexcept {
  return static_cast<std::size_t>(
      std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
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
  for (std::size_t sound = 0;;) {
    const auto lead = static_cast<unsigned char>(bytes[sound]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (!is_utf8(bytes.substr(sound, length))) return sound;
    sound += length;
  }
}

std::string displayed(std::string_view name) {
  std::string out;
  for (;;) {
    const std::size_t sound = utf8_prefix(name);
    out += name.substr(0, sound);
    if (sound == name.size()) return out;
    fmt::format_to(std::back_inserter(out), "\\x{:02X}", static_cast<unsigned char>(name[sound]));
    name.remove_prefix(sound + 1);
  }
}

}  // namespace pipeline::package
