#include "todo_text.h"

#include "morning_words.h"
#include "summary.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace pipeline::cli {
namespace {

using status::Status;
using status::Todo;
using Why = Todo::Why;

constexpr std::array kKinds{TodoKind{"write", "Write", &Status::write}, TodoKind{"upload", "Upload", &Status::upload},
                            TodoKind{"take_down", "Take down, or change", &Status::take_down},
                            TodoKind{"mend", "Mend", &Status::mend}, TodoKind{"look", "Look at", &Status::look}};

const std::string& name_of_product(const Todo& todo) {
  return todo.product_name.empty() ? todo.product : todo.product_name;
}

std::string joined(const std::vector<std::string>& texts) {
  return fmt::format("{}", fmt::join(texts, "; "));
}

std::string words_of(const store::StaleWords& stale) {
  return fmt::format("{}: {} is {} now: {}", stale.place, stale.before, stale.after.empty() ? "gone" : stale.after,
                     stale.sentence);
}

std::string why_in_a_sentence(const Todo& todo) {
  switch (todo.why) {
    case Why::stale_words:
    case Why::not_built:
      break;  // each by itself
    case Why::built:
      return "built, and not published so far";
    case Why::built_anew:
      return "built with other content since it was published";
    case Why::not_to_be_had:
      if (todo.detail == "REMOVED") return fmt::format("{} was removed from the store", name_of_product(todo));
      return fmt::format("{} is not to be had: {}", name_of_product(todo),
                         value_words("status", fmt::format("\"{}\"", todo.detail)).en);
    case Why::unreadable:
      return fmt::format("its detail can't be read: {}", joined(todo.details));
    case Why::entries_failed:
      return fmt::format("entries of the queue that failed: {}; see `pipeline queue list --status FAILED`",
                         count(todo.count));
    case Why::night_failed:
      if (todo.detail == "KILLED")
        return fmt::format(
            "the last {} ended without a word (killed, or the machine stopped). What it had saved is there, so run it "
            "again",
            todo.command);
      return fmt::format("the last {} ended as {}", todo.command, todo.detail);
    case Why::night_missing:
      return fmt::format("no {} has run since", todo.command);
    case Why::removals_held_back:
      return fmt::format("{} held back {} removals: see what is missing, then --max-removals", todo.command,
                         count(todo.count));
    case Why::folder_gone:
      return fmt::format("its folder {0} is gone: put it back, or run `pipeline post forget {1}`", todo.folder,
                         todo.content_id);
  }
  return {};
}

}  // namespace

std::span<const TodoKind> todo_kinds() noexcept {
  return kKinds;
}

std::vector<std::string> whys_of(const Todo& todo) {
  if (todo.why == Why::not_built) return todo.details;
  if (todo.why != Why::stale_words) return {why_in_a_sentence(todo)};
  std::vector<std::string> words;
  std::ranges::transform(todo.stale, std::back_inserter(words), words_of);
  return words;
}

std::string why_of(const Todo& todo) {
  return joined(whys_of(todo));
}

std::string_view to_string(Why why) noexcept {
  constexpr std::array<std::string_view, 11> kNames{
      "stale_words",    "built",        "built_anew",    "not_to_be_had",      "not_built",  "unreadable",
      "entries_failed", "night_failed", "night_missing", "removals_held_back", "folder_gone"};
  return kNames[static_cast<std::size_t>(why)];
}

std::string subject_of(const Todo& todo) {
  return !todo.content_id.empty() ? todo.content_id : todo.product;
}

std::string brief_text(const Status& status) {
  std::vector<std::string> parts;
  for (const TodoKind& kind : kKinds)
    if (const auto& list = status.*kind.list; !list.empty())
      parts.push_back(fmt::format("{} {}", kind.name, list.size()));
  const std::string queue = status.queue.pending > 0 ? fmt::format("; {} queued", count(status.queue.pending)) : "";
  return (parts.empty() ? "nothing to do" : fmt::format("{}", fmt::join(parts, ", "))) + queue;
}

}  // namespace pipeline::cli
