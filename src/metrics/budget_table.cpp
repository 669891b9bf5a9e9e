#include "pipeline/base/text.h"
#include "pipeline/metrics/budget.h"
#include "pipeline/metrics/terminal_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace pipeline::metrics {
namespace {

using Outcome = Verdict::Outcome;

constexpr std::size_t kMeasureColumns = 44;
constexpr std::string_view kIndent = "    ";

std::string_view mark_of(Outcome outcome) noexcept {
  switch (outcome) {
    case Outcome::kept:
      return "✓";
    case Outcome::over:
      return "✗";
    case Outcome::not_applicable:
      return "–";
    case Outcome::missing:
      break;
  }
  return "?";
}

// Broken at spaces; a word that is longer than a line is cut.
std::string wrapped(std::string_view text) {
  const std::size_t width = kTerminalColumns - kIndent.size();
  std::string lines;
  std::string line;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const auto word = shorten(text.substr(0, end), width);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty() && display_width(line) + 1 + display_width(word) > width) {
      lines.append(kIndent).append(line) += '\n';
      line.clear();
    }
    line.append(line.empty() ? "" : " ").append(word);
  }
  return lines.append(kIndent).append(line) + '\n';
}

std::vector<std::string> cells_of(const Verdict& verdict) {
  const auto& [set, name, command, measure, limit, when] = verdict.rule;
  const bool judged = verdict.outcome == Outcome::kept || verdict.outcome == Outcome::over;
  return {fmt::format("{} {}: {}", mark_of(verdict.outcome), set, name), shorten(describe(measure), kMeasureColumns),
          judged ? format_measured(measure, limit, *verdict.value) : std::string(), format_limit(measure, limit)};
}

std::string note_of(const Verdict& verdict) {
  if (verdict.outcome == Outcome::not_applicable) return wrapped("does not apply: " + verdict.reason);
  if (verdict.outcome == Outcome::missing) return wrapped("missing: " + verdict.reason);
  return {};
}

std::string summary_of(const Verdicts& verdicts) {
  std::string text = fmt::format("budget: {} kept", count(verdicts, Outcome::kept));
  const auto add = [&](Outcome outcome, std::string_view words) {
    if (const auto n = count(verdicts, outcome); n > 0) text += fmt::format(", {} {}", n, words);
  };
  add(Outcome::over, "over");
  add(Outcome::not_applicable, "not applicable");
  add(Outcome::missing, "missing");
  return text + '\n';
}

}  // namespace

std::string format_budget(const Verdicts& verdicts) {
  if (verdicts.empty()) return "budget: no rule is for this command\n";
  std::vector<std::vector<std::string>> lines{{"  rule", "measure", "measured", "limit"}};
  for (const Verdict& verdict : verdicts) lines.push_back(cells_of(verdict));
  const auto table = align_in_terminal(lines, "llrr");
  std::string text;
  std::size_t at = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {  // each rule's note below its line
    const std::size_t end = table.find('\n', at) + 1;
    text += table.substr(at, end - at);
    at = end;
    if (i > 0) text += note_of(verdicts[i - 1]);
  }
  return text + '\n' + summary_of(verdicts);
}

}  // namespace pipeline::metrics
