#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::cli {

// What a check found: a line.
struct Finding {
  enum class State { ok, warning, failed };
  std::string check;  // of which kind it is: token, database, …
  State state = State::ok;
  std::string subject;  // what was looked at; may be empty
  std::string text;
  std::string advice{};  // what to do; empty: nothing, or the text says it
};
using Findings = std::vector<Finding>;

[[nodiscard]] std::string_view to_string(Finding::State state) noexcept;  // ok, warning, failed

// What the look finds; whatever it throws is a finding, too, so that one check's failure takes no other along.
[[nodiscard]] Findings look_at(std::string_view check, const std::string& subject,
                               const std::function<Findings()>& look);

void append(Findings& all, Findings more);

}  // namespace pipeline::cli
