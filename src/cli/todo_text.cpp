#include "todo_text.h"

#include "pipeline/catalogue/columns.h"
#include "pipeline/catalogue/wording.h"

#include "summary.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

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

}  // namespace

std::span<const TodoKind> todo_kinds() noexcept {
  return kKinds;
}

std::string why_of(const Todo& todo) {
  switch (todo.why) {
    case Why::stale_words: {
      std::vector<std::string> words;
      for (const auto& stale : todo.stale)
        words.push_back(fmt::format("{}: {} is {} now: {}", stale.place, stale.before,
                                    stale.after.empty() ? "gone" : stale.after, stale.sentence));
      return joined(words);
    }
    case Why::built:
      return "built, and not published so far";
    case Why::built_anew:
      return "built with other content since it was published";
    case Why::not_to_be_had:
      if (todo.detail == "REMOVED") return fmt::format("{} was removed from the store", name_of_product(todo));
      return fmt::format("{} is not to be had: {}", name_of_product(todo),
                         in_words(catalogue::Column::status, todo.detail));
    case Why::not_built:
      return joined(todo.details);
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
