#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/report/morning.h"

#include "page_text.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

// Words, numbers and times as the page writes them, in both languages, and as HTML.
namespace pipeline::report::page {

inline constexpr std::chrono::hours kKst{9};

using Both = Words;

namespace detail {
template <typename T>
[[nodiscard]] const auto& pick(const T& value, std::string Both::*language) {
  if constexpr (std::is_same_v<T, Both>)
    return value.*language;
  else
    return value;
}
}  // namespace detail

// The text with its `{}` filled in; a Both among the arguments gives its own language.
template <typename... Args>
[[nodiscard]] Both say(const Text& text, const Args&... args) {
  return {fmt::format(fmt::runtime(text.ko), detail::pick(args, &Both::ko)...),
          fmt::format(fmt::runtime(text.en), detail::pick(args, &Both::en)...)};
}

[[nodiscard]] Both same(std::string_view text);
[[nodiscard]] Both joined(const Both& a, std::string_view between, const Both& b);

// 12.3 ms, 4.56 s; 2분 05초, 2 min 05 s.
[[nodiscard]] Both duration(double seconds);
// The same without digits that say nothing: 20 ms, 1.5 s, 2분. For the ticks of an axis and for limits.
[[nodiscard]] Both round_duration(double seconds);
[[nodiscard]] std::string percent(double share);     // 12%, 0.4%
[[nodiscard]] std::string moment(WallTime time);     // 2026-11-23 16:36, KST
[[nodiscard]] std::string to_second(WallTime time);  // 2026-11-23 16:36:09, KST
[[nodiscard]] Both long_date(WallTime time);         // 2026년 11월 23일, 23 November 2026; KST

[[nodiscard]] Both short_date(std::chrono::sys_days day);   // 11월 23일, 23 Nov
[[nodiscard]] Both long_day(std::chrono::sys_days day);     // 2026년 11월 23일 월요일, Monday, 23 November 2026
[[nodiscard]] std::chrono::sys_days day_of(WallTime time);  // KST
[[nodiscard]] std::string clock_time(WallTime time);        // 03:10, KST

// What a stage or a command is called; its own name when it is none of ours.
[[nodiscard]] Both stage_title(std::string_view metric);
[[nodiscard]] Both command_title(std::string_view command);
// A rule's or a set's name.
[[nodiscard]] Both rule_title(std::string_view name);

// Names come from outside, of any length; one that is written from right to left must not turn its neighbours round.
[[nodiscard]] std::string outside(std::string_view name);

// Both languages as HTML, of which the page shows one; the text alone when they are equal.
[[nodiscard]] std::string html(const Both& words);
template <typename... Args>
[[nodiscard]] std::string html(const Text& text, const Args&... args) {
  return html(say(text, args...));
}

}  // namespace pipeline::report::page
