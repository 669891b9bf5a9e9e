#include "queue_options.h"

#include "option_kit.h"

#include <charconv>
#include <functional>
#include <memory>

namespace pipeline::cli {
namespace {

using Queue = std::shared_ptr<QueueCommand>;
using Action = QueueCommand::Action;
using Format = QueueCommand::Format;

constexpr const char* kQueueFooter =
    "`pipeline queue COMMAND --help` shows a command's options; those above may stand before or behind its name.\n"
    "Environment: PIPELINE_QUEUE_LOCK_WAIT, _WORKER, _LEASE, _MAX_ATTEMPTS, _FORMAT; the common ones as "
    "PIPELINE_<OPTION>.\n\n";

constexpr const char* kWithinFooter = "The options of all of them: `pipeline queue --help`.\n\n";

std::optional<std::int64_t> parse_id(const std::string& text) {
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  return error == std::errc() && end == text.data() + text.size() && id > 0 ? std::optional(id) : std::nullopt;
}

CLI::Validator not_empty() {
  return check([](const auto& text) { return !text.empty(); }, "is empty");
}

void add_format(CLI::App& app, const Queue& queue) {
  add_choice<Format>(app, "--format", queue->format,
                     {{"table", Format::table}, {"csv", Format::csv}, {"json", Format::json}}, "table",
                     "How they are shown; --json says the same as the last");
}

void add_worker(CLI::App& app, const Queue& queue, const std::string& description) {
  app.add_option("--worker", queue->worker, description)->type_name("NAME")->check(not_empty());
}

void add_max_attempts(CLI::App& app, const Queue& queue) {
  app.add_option("--max-attempts", queue->max_attempts, "After so many claims without success an entry is FAILED")
      ->type_name("N")
      ->check(within(1, 1000))
      ->capture_default_str();
}

CLI::Option* add_ids(CLI::App& app, const Queue& queue) {
  const auto take = [queue](const std::vector<std::string>& texts) {
    for (const auto& text : texts) {
      if (text == "-")
        queue->ids_from_input = true;
      else
        queue->ids.push_back(*parse_id(text));
    }
  };
  return app
      .add_option_function<std::vector<std::string>>("ID", take,
                                                     "Entries by their ids; -: more on standard input, one a line")
      ->type_name("")
      ->check(check([](const auto& v) { return v == "-" || parse_id(v).has_value(); }, "no id of a queue entry"));
}

void require_worker(const QueueCommand& queue) {
  if (queue.worker.empty()) throw CLI::ValidationError("queue claim", "say who takes the entries with --worker NAME");
}

void require_ids_or_all(const QueueCommand& queue) {
  const bool names_ids = queue.ids_from_input || !queue.ids.empty();
  if (queue.retry_all == names_ids)
    throw CLI::ValidationError("queue retry", "name the entries by their ids, or all of them with --all");
}

// A command within `queue`. Each has fields of its own: the environment gives values to all of them, chosen or not.
// What belongs to one call has no name there.
struct Within {
  CLI::App& app;
  Queue queue;
};
Within add_within(CLI::App& outer, Invocation& chosen, Action action, const std::string& name,
                  const std::string& description, const std::function<void(const QueueCommand&)>& rule = {}) {
  const auto queue = std::make_shared<QueueCommand>();
  queue->action = action;
  CLI::App& app = *outer.add_subcommand(name, description);
  app.fallthrough();
  app.footer(std::string(kWithinFooter) + kExitCodes);
  app.callback([queue, rule, &chosen] {
    if (rule) rule(*queue);
    chosen = *queue;
  });
  return {app, queue};
}

void add_list(CLI::App& outer, Invocation& chosen) {
  const auto [app, queue] = add_within(outer, chosen, Action::list, "list", "Show the entries, oldest first");
  app.add_option("--status", queue->statuses, "Of these states: PENDING, CLAIMED, DONE, FAILED")
      ->type_name("LIST")
      ->default_str("all but DONE")
      ->delimiter(',')
      ->check(one_of({"PENDING", "CLAIMED", "DONE", "FAILED"}))
      ->configurable(false);
  app.add_option("--sku", queue->sku, "Of this product")->type_name("SKU")->check(not_empty())->configurable(false);
  app.add_option("--reason", queue->reasons, "With one of these reasons, e.g. PRICE,STOCK")
      ->type_name("LIST")
      ->delimiter(',')
      ->check(one_of({"NEW", "PRICE", "STOCK", "OPTION", "CONTENT", "STATUS", "REMOVED"}))
      ->configurable(false);
  app.add_option("--worker", queue->claimed_by, "Claimed last by this worker")
      ->type_name("NAME")
      ->check(not_empty())
      ->configurable(false);
  app.add_option("--limit", queue->list_limit, "The first N only")
      ->type_name("N")
      ->check(within(1, 1'000'000'000))
      ->configurable(false);
  add_format(app, queue);
  complete_options(app);
}

void add_claim(CLI::App& outer, Invocation& chosen) {
  const auto [app, queue] = add_within(outer, chosen, Action::claim, "claim",
                                       "Take the oldest entries for the time of a lease", require_worker);
  app.add_option("--limit", queue->claim_limit, "So many at most")
      ->type_name("N")
      ->check(within(1, 10'000))
      ->capture_default_str()
      ->configurable(false);
  add_worker(app, queue, "Who takes them; has to be said");
  add_duration(
      app, "--lease", [queue = queue](Nanoseconds time) { queue->lease = time; },
      "What is not done after so long goes to the next who claims")
      ->default_str("15m");
  add_max_attempts(app, queue);
  add_format(app, queue);
  complete_options(app);
}

void add_done(CLI::App& outer, Invocation& chosen) {
  const auto [app, queue] = add_within(outer, chosen, Action::done, "done", "Mark entries as done");
  add_ids(app, queue)->required();
  add_worker(app, queue, "Only what this worker holds still");
  complete_options(app);
}

void add_fail(CLI::App& outer, Invocation& chosen) {
  const auto [app, queue] =
      add_within(outer, chosen, Action::fail, "fail", "Give claimed entries back, for another attempt");
  add_ids(app, queue)->required();
  app.add_option("--reason", queue->failure, "What went wrong")
      ->type_name("TEXT")
      ->required()
      ->check(not_empty())
      ->configurable(false);
  add_worker(app, queue, "Only what this worker holds still");
  add_max_attempts(app, queue);
  complete_options(app);
}

void add_retry(CLI::App& outer, Invocation& chosen) {
  const auto [app, queue] =
      add_within(outer, chosen, Action::retry, "retry", "Make FAILED entries wait again", require_ids_or_all);
  add_ids(app, queue);
  app.add_flag("--all", queue->retry_all, "All that are FAILED")->configurable(false);
  complete_options(app);
}

}  // namespace

void add_queue(CLI::App& root, Invocation& chosen) {
  const auto shared = std::make_shared<QueueCommand>();
  CLI::App& app = *root.add_subcommand("queue", "Work the refresh queue off, by hand or by script");
  app.require_subcommand(1);
  app.footer(std::string(kQueueFooter) + kExitCodes);
  add_list(app, chosen);
  add_claim(app, chosen);
  add_done(app, chosen);
  add_fail(app, chosen);
  add_retry(app, chosen);
  add_lock_wait(app, shared->lock_wait);
  add_common(app, shared->common, Reports::none);
  complete_options(app);
  app.callback([shared, &app, &chosen] {  // after that of the command within
    auto& queue = std::get<QueueCommand>(chosen);
    queue.common = shared->common;
    queue.lock_wait = shared->lock_wait;
    settle_format(app, queue.format, queue.common);
  });
}

}  // namespace pipeline::cli
