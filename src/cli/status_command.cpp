#include "status_command.h"

#include "pipeline/base/folder.h"
#include "pipeline/base/kst_time.h"
#include "pipeline/base/text.h"
#include "pipeline/status/status.h"

#include "change_words.h"
#include "option_kit.h"
#include "places.h"
#include "post_standing.h"
#include "session.h"
#include "summary.h"
#include "todo_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <optional>

namespace pipeline::cli {
namespace {

using nlohmann::ordered_json;
using status::Status;
using status::Todo;
using Why = Todo::Why;

constexpr std::size_t kTodosShown = 20;  // of each kind, on the terminal; --json tells of all

// content_id or sku first; what a kind does not have is left out.
ordered_json json_of(const Todo& todo) {
  ordered_json json;
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) json[name] = value;
  };
  add("content_id", todo.content_id);
  add("sku", todo.product.substr(std::min(todo.product.find(':') + 1, todo.product.size())));
  add("product", todo.product);
  add("product_name", todo.product_name);
  add("command", todo.command);
  json["kind"] = to_string(todo.why);
  json["why"] = why_of(todo);
  json["since"] = time_json(todo.since);
  add("folder", todo.folder);
  add("title", todo.title);
  add("link", todo.link);
  add("state", todo.detail);
  if (todo.count > 0) json["count"] = todo.count;
  if (!todo.details.empty()) json["reasons"] = todo.details;
  if (!todo.stale.empty()) json["stale"] = stale_json(todo.stale);
  return json;
}

ordered_json json_of(const status::DayChanges& changes) {
  ordered_json json = {{"new", changes.fresh},         {"removed", changes.removed},
                       {"price_up", changes.price_up}, {"price_down", changes.price_down},
                       {"sold_out", changes.sold_out}, {"examples", ordered_json::array()}};
  for (const auto& example : changes.examples)
    json["examples"].push_back({{"product", example.product},
                                {"product_name", or_null(example.product_name)},
                                {"field", example.change.field},
                                {"old", ordered_json::parse(example.change.before, nullptr, false)},
                                {"new", ordered_json::parse(example.change.after, nullptr, false)}});
  return json;
}

ordered_json json_of(const Status& status) {
  ordered_json json = {{"todo", ordered_json::object()}};
  for (const TodoKind& kind : todo_kinds()) {
    auto& list = json["todo"][std::string(kind.name)] = ordered_json::array();
    for (const Todo& todo : status.*kind.list) list.push_back(json_of(todo));
  }
  json["nights"] = ordered_json::array();
  for (const auto& night : status.nights)
    json["nights"].push_back({{"command", night.command},
                              {"status", night.status},
                              {"exit_code", night.exit_code ? ordered_json(*night.exit_code) : ordered_json(nullptr)},
                              {"started_at", format_utc(night.started_at)},
                              {"ended_at", time_json(night.ended_at)}});
  json["changes"] = json_of(status.changes);
  json["products"] = status.products;
  json["queue"] = {{"pending", status.queue.pending},
                   {"claimed", status.queue.claimed},
                   {"failed", status.queue.failed},
                   {"done", status.queue.done},
                   {"oldest_pending", time_json(status.queue.oldest_pending)}};
  return json;
}

std::string age(std::chrono::milliseconds time) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(time).count();
  const auto hours = minutes / 60;
  if (hours < 2) return fmt::format("{} min", minutes);
  return hours < 48 ? fmt::format("{} h", hours) : fmt::format("{} days", hours / 24);
}

std::string list_text(const TodoKind& kind, const std::vector<Todo>& list, WallTime now) {
  std::string text = fmt::format("{} ({})\n", kind.title, list.size());
  for (std::size_t i = 0; i < std::min(list.size(), kTodosShown); ++i) {
    Todo todo = list[i];
    todo.folder = shown_from_here(todo.folder);
    const std::string name = subject_of(todo);
    const std::string since =
        todo.since ? fmt::format(" (since {}, {})", format_kst_date(*todo.since), age(now - *todo.since)) : "";
    const auto whys = whys_of(todo);
    if (whys.size() == 1)
      text += fmt::format("  {}{}{}{}\n", name, name.empty() ? "" : ": ", whys.front(), since);
    else
      text += fmt::format("  {}{}:\n    {}\n", name, since, fmt::join(whys, "\n    "));
    if (todo.why == Why::not_to_be_had && !todo.link.empty()) text += fmt::format("    {}\n", todo.link);
  }
  if (list.size() > kTodosShown) text += fmt::format("  and {} more: see --json\n", list.size() - kTodosShown);
  return text;
}

std::string changes_text(const status::DayChanges& changes, const Language& language) {
  std::string text =
      fmt::format("Since yesterday: {} new, {} removed, price up {}, down {}, sold out {}\n", count(changes.fresh),
                  count(changes.removed), count(changes.price_up), count(changes.price_down), count(changes.sold_out));
  for (const auto& [product, name, product_name, change] : changes.examples) {
    const std::string called = product_name.empty() ? name : fmt::format("{} ({})", product_name, name);
    text += fmt::format("  {}: {}\n", called, change_words(change, language));
  }
  return text;
}

std::string full_text(const Status& status, WallTime now, const Language& language) {
  std::string text;
  for (const TodoKind& kind : todo_kinds())
    if (const auto& list = status.*kind.list; !list.empty()) text += list_text(kind, list, now) + "\n";
  if (text.empty()) text = "Nothing to do.\n\n";
  for (const auto& night : status.nights)
    text += fmt::format("{}: {}, {} ({} ago)\n", night.command, night.status, format_kst(night.started_at),
                        age(now - night.started_at));
  text += fmt::format("Products: {}\n", count(status.products)) + changes_text(status.changes, language);
  text += fmt::format("Queue: {} waiting, {} claimed, {} failed", count(status.queue.pending),
                      count(status.queue.claimed), count(status.queue.failed));
  if (status.queue.oldest_pending)
    text += fmt::format("; the oldest waits {}", age(now - *status.queue.oldest_pending));
  return text + "\n";
}

}  // namespace

HelpText StatusCommand::help() const {
  return {.notes =
              "To do, in order: write, where a post says what the catalogue no longer does; upload what is built; take "
              "down posts\nof products that are not to be had; mend what keeps posts from being built; look at nights "
              "that failed.\n",
          .examples =
              "pipeline status --db store.db\n"
              "pipeline status --brief\n"
              "pipeline status --check --quiet || echo 'something waits for a hand'\n"};
}

void StatusCommand::add_options(CLI::App& app) {
  app.add_flag("--check", checks, "Exit code 3 when something waits for a hand")->configurable(false);
  app.add_flag("--brief", brief, "One line")->configurable(false);
}

ExitCode StatusCommand::run(Session& session) {
  session.begin(false);
  check_database(session.database());
  store::Store store = session.open_store(store::Opening::Mode::read);
  const WallTime now = session.clock().wall();
  const Status status = status::read_status(session.database(), store, session.clock());
  const ExitCode code = checks && status.todo() > 0 ? ExitCode::partial : ExitCode::ok;
  if (common.json) {
    auto json = session.head(code);
    json.update(json_of(status));
    session.output().write(document(json));
  } else if (!common.quiet) {
    session.output().say(brief ? brief_text(status) + "\n" : full_text(status, now, session.output().language()));
  }
  return code;
}

}  // namespace pipeline::cli
