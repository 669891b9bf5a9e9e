#pragma once

#include "pipeline/report/morning.h"
#include "pipeline/report/page.h"

#include "page_words.h"

#include <string>
#include <string_view>

// What the page's morning part is put together from, as HTML.
namespace pipeline::report::page {

// How much there is to do, when the page was made, the switches, how the last night went.
[[nodiscard]] std::string morning_head(const PageRequest& request);
// When it was made, in both times.
[[nodiscard]] std::string morning_foot(WallTime now);

// 오늘 할 일이 4건 있습니다
[[nodiscard]] Both todo_words(const Morning& morning);
// What there is to do, kind by kind; in words when it is nothing.
[[nodiscard]] std::string todo_part(const Morning& morning, WallTime now);

[[nodiscard]] std::string changes_part(const Changes& changes);

// A calendar for each command, the legend, and the nights that went wrong in words.
[[nodiscard]] std::string nights_part(const std::vector<CommandNights>& commands);
// The signs that stand for what became of a night, once for all that refer to them.
[[nodiscard]] std::string night_signs();
// A sign with its word.
[[nodiscard]] std::string night_words(NightState state);

[[nodiscard]] std::string backlog_part(const Backlog& backlog);

// Text for ears alone.
[[nodiscard]] std::string unseen(const std::string& html);

// The first `shown` of the items, which are HTML, and the others behind a fold.
[[nodiscard]] std::string folded(std::string_view list, const std::vector<std::string>& items, std::size_t shown);

}  // namespace pipeline::report::page
