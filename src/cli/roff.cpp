#include "roff.h"

#include <fmt/format.h>

#include <cstddef>

namespace pipeline::cli::roff {
namespace {

std::string_view escape_of(char sign) noexcept {
  switch (sign) {
    case '\\':
      return "\\e";
    case '-':
      return "\\-";
    case '"':
      return "\\(dq";
    case '\'':
      return "\\(aq";
    case '`':
      return "\\(ga";
    case '^':
      return "\\(ha";
    case '~':
      return "\\(ti";
    default:
      return {};
  }
}

// A line that begins with a point or a quote would be a command. It is asked of the text before its signs are written.
std::string guarded(std::string line) {
  return line.starts_with('.') ? "\\&" + line : line;
}

// The text up to the next line break, which is taken away with it.
std::string_view take_line(std::string_view& text) noexcept {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == text.npos ? text.size() : end + 1);
  return line;
}

}  // namespace

std::string plain(std::string_view text) {
  std::string out;
  for (const char sign : text) {
    const auto escape = escape_of(sign);
    if (escape.empty())
      out += sign;
    else
      out += escape;
  }
  return out;
}

std::string bold(std::string_view text) {
  return fmt::format("\\fB{}\\fR", plain(text));
}

std::string italic(std::string_view text) {
  return fmt::format("\\fI{}\\fR", plain(text));
}

std::string filled(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t open = text.find('`');
    const std::size_t close = open == text.npos ? open : text.find('`', open + 1);
    if (close == text.npos) break;
    out += plain(text.substr(0, open)) + bold(text.substr(open + 1, close - open - 1));
    text.remove_prefix(close + 1);
  }
  return guarded(out + plain(text)) + "\n";
}

std::string paragraphs(std::string_view text) {
  std::string out;
  std::string paragraph;
  std::string lines;
  const auto end = [&] {
    if (!paragraph.empty()) out += (out.empty() ? "" : ".PP\n") + filled(paragraph);
    if (!lines.empty()) out += example(lines);
    paragraph.clear();
    lines.clear();
  };
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    const bool stays = line.starts_with(' ');
    if (line.empty() || (stays ? !paragraph.empty() : !lines.empty())) end();
    if (stays)
      lines += std::string(line.substr(line.find_first_not_of(' '))) + "\n";
    else if (!line.empty())
      paragraph += (paragraph.empty() ? "" : " ") + std::string(line);
  }
  end();
  return out;
}

std::string example(std::string_view text) {
  std::string out = ".RS 4\n.nf\n";
  while (!text.empty()) out += guarded(plain(take_line(text))) + "\n";
  return out + ".fi\n.RE\n";
}

}  // namespace pipeline::cli::roff
