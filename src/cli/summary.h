#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/base/error.h"
#include "pipeline/base/failure.h"
#include "pipeline/store/removal_limit.h"

#include "output.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// What the commands' summaries are made of.
namespace pipeline::cli {

// The exit code in a word: ok, failed, usage, partial, over_budget, try_later, interrupted, terminated.
[[nodiscard]] std::string_view status_word(ExitCode code) noexcept;
// How the table `runs` says it: OK, PARTIAL, OVER_BUDGET, FAILED, INTERRUPTED, TRY_LATER.
[[nodiscard]] std::string_view runs_status(ExitCode code) noexcept;

// How a run ended, in one sentence with what to do. `why`: what stopped it, or what was not done of it.
[[nodiscard]] std::string verdict_text(std::string_view command, ExitCode code, const std::string& why);

// Of two, the one that asks more of whoever reads it: interrupted, wrong usage, failed, try later, done in part, over
// budget, ok.
[[nodiscard]] ExitCode worse(ExitCode a, ExitCode b) noexcept;

[[nodiscard]] std::string document(const nlohmann::ordered_json& json);  // indented, with a line break at its end
[[nodiscard]] nlohmann::ordered_json or_null(const std::string& text);   // null for nothing
[[nodiscard]] nlohmann::ordered_json time_json(const std::optional<WallTime>& time);  // in UTC
[[nodiscard]] std::string count(std::int64_t n);                                      // 12,345

// Whether products that are gone were looked for, in words; `text`: what is said of those that were held back.
[[nodiscard]] std::string removals_word(const std::string& held_back_text, const std::string& note);
// [{sku, name}], the examples.
[[nodiscard]] nlohmann::ordered_json removals_json(const std::optional<store::HeldBackRemovals>& held_back);

// A call that did not come to a run has a summary, too: who reads only that must not find nothing.
void tell_refusal(std::string_view command, const std::string& trace_id, const Failure& failure, Output& output);

}  // namespace pipeline::cli
