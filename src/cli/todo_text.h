#pragma once

#include "pipeline/status/status.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

// What there is to do, in words.
namespace pipeline::cli {

// One of the lists of a status.
struct TodoKind {
  std::string_view name;  // in JSON
  std::string_view title;
  std::vector<status::Todo> status::Status::*list;
};
// In the order in which they are to be done.
[[nodiscard]] std::span<const TodoKind> todo_kinds() noexcept;

[[nodiscard]] std::string_view to_string(status::Todo::Why why) noexcept;  // stale_words, built, …
[[nodiscard]] std::string why_of(const status::Todo& todo);                // a sentence, without what it is about
[[nodiscard]] std::vector<std::string> whys_of(const status::Todo& todo);  // the same, one for each reason
[[nodiscard]] std::string subject_of(const status::Todo& todo);            // a post or product; empty: neither
[[nodiscard]] std::string brief_text(const status::Status& status);        // write 1, upload 3; 12 queued

}  // namespace pipeline::cli
