#include "summary.h"

#include "pipeline/base/log.h"
#include "pipeline/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace pipeline::cli {
namespace {

using nlohmann::ordered_json;

struct Word {
  ExitCode code;
  std::string_view word;
  std::string_view in_runs;
};
constexpr std::array<Word, 8> kWords{{{ExitCode::failed, "failed", "FAILED"},
                                      {ExitCode::ok, "ok", "OK"},
                                      {ExitCode::usage, "usage", "FAILED"},
                                      {ExitCode::partial, "partial", "PARTIAL"},
                                      {ExitCode::over_budget, "over_budget", "OVER_BUDGET"},
                                      {ExitCode::try_later, "try_later", "TRY_LATER"},
                                      {ExitCode::interrupted, "interrupted", "INTERRUPTED"},
                                      {ExitCode::terminated, "terminated", "INTERRUPTED"}}};

const Word& word_of(ExitCode code) noexcept {
  const auto* const word = std::ranges::find(kWords, code, &Word::code);
  return word == kWords.end() ? kWords.front() : *word;
}

}  // namespace

std::string_view status_word(ExitCode code) noexcept {
  return word_of(code).word;
}

std::string_view runs_status(ExitCode code) noexcept {
  return word_of(code).in_runs;
}

std::string verdict_text(std::string_view command, ExitCode code, const std::string& why) {
  switch (code) {
    case ExitCode::ok:
      return fmt::format("{}: all done", command);
    case ExitCode::partial:
      return fmt::format("{}: done in part: {}", command, why.empty() ? "what is named above is left" : why);
    case ExitCode::over_budget:
      return fmt::format("{}: all done, but over budget: see which stages got slower", command);
    case ExitCode::try_later:
      return fmt::format("{}: put off: {}", command, why);
    case ExitCode::interrupted:
    case ExitCode::terminated:
      return fmt::format("{}: interrupted; what had arrived is saved: run it again", command);
    case ExitCode::failed:
    case ExitCode::usage:
      break;
  }
  return fmt::format("{}: failed: {}", command, why.empty() ? "see the last error" : why);
}

ExitCode worse(ExitCode a, ExitCode b) noexcept {
  constexpr std::array kOrder{ExitCode::ok,     ExitCode::over_budget, ExitCode::partial,    ExitCode::try_later,
                              ExitCode::failed, ExitCode::usage,       ExitCode::terminated, ExitCode::interrupted};
  return std::ranges::find(kOrder, a) < std::ranges::find(kOrder, b) ? b : a;
}

std::string document(const ordered_json& json) {
  return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

ordered_json or_null(const std::string& text) {
  return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

ordered_json time_json(const std::optional<WallTime>& time) {
  return time ? ordered_json(format_utc(*time)) : ordered_json(nullptr);
}

std::string count(std::int64_t n) {
  return format_count(n);
}

std::string removals_word(const std::string& held_back_text, const std::string& note) {
  if (!held_back_text.empty()) return "held back: " + held_back_text;
  return note.empty() ? "checked" : "not checked: " + note;
}

ordered_json removals_json(const std::optional<store::HeldBackRemovals>& held_back) {
  auto list = ordered_json::array();
  if (held_back)
    for (const auto& [sku, name] : held_back->examples) list.push_back({{"sku", sku}, {"name", name}});
  return list;
}

void tell_refusal(std::string_view command, const std::string& trace_id, const Failure& failure, Output& output) {
  try {
    output.write(document({{"trace_id", trace_id},
                           {"command", command.empty() ? ordered_json(nullptr) : ordered_json(command)},
                           {"status", status_word(failure.code)},
                           {"exit_code", static_cast<int>(failure.code)},
                           {"stopped", failure.message},
                           {"failures", ordered_json::array()}}));
    output.flush();
  } catch (const Error& e) {  // the last word of a run that failed already
    log::error("{}", e.what());
  }
}

}  // namespace pipeline::cli
