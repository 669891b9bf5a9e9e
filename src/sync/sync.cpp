#include "pipeline/sync/sync.h"

#include "pipeline/base/interrupt.h"
#include "pipeline/base/log.h"
#include "pipeline/base/text.h"
#include "pipeline/sync/list_plan.h"

#include "catalogue_writer.h"
#include "inbox.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <iterator>
#include <memory>
#include <utility>

namespace pipeline::sync {
namespace {

using shop::Answer;

constexpr auto kTick = std::chrono::milliseconds(200);
constexpr std::chrono::hours kKst(9);

ListPlan::Options list_options(const Options& options, const shop::About& shop, WallTime now) {
  // By date there is one filter to a query; and the first few need no more than the first pages.
  const bool short_enough = options.limit && *options.limit <= shop.longest_list;
  return {.page_size = options.page_size,
          .most_entries = shop.longest_list,
          .may_slice = options.modified_since.empty() && !short_enough,
          .first_day = shop.first_day,
          .last_day = std::chrono::floor<std::chrono::days>(now + kKst) + std::chrono::days(1)};
}

// One run. The network's side lives on the calling thread, the database's side (CatalogueWriter) on the worker's; they
// talk by tasks one way and by the inbox the other.
class SyncRun {
 public:
  SyncRun(const Options& options, const Services& services, Summary& summary)
      : options_(options),
        services_(services),
        summary_(summary),
        writer_(options, services),
        plan_(list_options(options, services.shop.about(), services.clock.wall())),
        store_is_known_(!writer_.has_store_news()),
        may_write_(!writer_.is_unproven()),
        listed_(services.metrics.counter("listed_sku_total")) {
    query_.page_size = options.page_size;
    query_.statuses = options.statuses;
    query_.modified_since = options.modified_since;
    if (!options.modified_since.empty()) query_.modified_until = format_kst_date(services.clock.wall());
    if (may_write_) services_.on_accepted();
  }

  void run() {
    services_.shop.authenticate([this] { progress_.phase = Phase::list; });
    while (!finished()) {
      ask_for_pages();
      ask_for_details();
      services_.shop.step(services_.clock.now() + kTick);
      inbox_.run_all();
      services_.worker.check();
      obey_interrupt();
      commit_waiting_batch();
      report_progress();
    }
    settle();
  }

  // The run failed: the worker must not go on with a writer that is gone, and what was committed before counts.
  void give_up() {
    services_.worker.cancel();
    count_written();
  }

 private:
  // --- the two threads ---

  // Runs `task` on the worker's thread, then `then` with its result here.
  template <typename Task, typename Then>
  void on_writer(Task task, Then then) {
    ++tasks_;
    services_.worker.post([this, task = std::move(task), then = std::move(then)]() mutable {
      auto deliver = [this, result = task(), then = std::move(then)]() mutable {
        --tasks_;
        then(std::move(result));
      };
      inbox_.push(std::move(deliver));
      services_.wake();
    });
  }

  // --- the list ---

  [[nodiscard]] bool list_ended() const { return progress_.phase != Phase::token && plan_.ended(); }

  void ask_for_pages() {
    if (progress_.phase == Phase::token || services_.shop.stopped()) return;
    if (options_.limit && summary_.listed >= *options_.limit) plan_.stop();
    while (const auto request = plan_.next()) {
      query_.registered_from = request->days ? format_day(request->days->first) : "";
      query_.registered_until = request->days ? format_day(request->days->last) : "";
      services_.shop.fetch_list_page(query_, request->page, [this, request = *request](Answer answer) {
        page_answered(request, std::move(answer));
      });
    }
  }

  void page_answered(const ListPlan::Request& request, Answer answer) {
    if (answer.kind == Answer::Kind::ok || answer.kind == Answer::Kind::broken) {
      page_came(request, answer.page, answer.trace);
    } else if (answer.kind == Answer::Kind::skipped) {
      forbid_removals("the list was not read to its end");
      list_cut_ = true;
      if (!services_.shop.stopped()) cut_by_deadline_ = true;
      plan_.failed(request);
      plan_.stop();
    } else if (answer.kind == Answer::Kind::refused && request.page > 1) {
      log::info("the list can't be read from page {} on: {}", request.page, answer.error);
      plan_.refused(request);
    } else {
      page_failed(request, answer.error, answer.trace);
    }
  }

  void page_failed(const ListPlan::Request& request, const std::string& error, const std::string& trace) {
    plan_.failed(request);
    const std::string page =
        fmt::format("page {}{}", request.page, request.days ? " of " + to_string(*request.days) : "");
    forbid_removals(fmt::format("{} of the list failed", page));
    add_failure({page, "list", error, trace});
    if (request.page == 1 && !request.days)
      stop(fmt::format("the product list can't be read: {}", error), ExitCode::failed);
  }

  void page_came(const ListPlan::Request& request, const std::shared_ptr<shop::ListPage>& page,
                 const std::string& trace) {
    if (!page->error.empty()) return page_failed(request, page->error, trace);
    if (page->total_elements > request.most) {  // the list has to be sliced: its rows come again
      page->bad_rows.clear();
      return page_compared(request, *page, {}, trace);
    }
    on_writer([this, page, pass = request.pass] { return writer_.add_page(std::move(page->rows), pass); },
              [this, request, page, trace](CatalogueWriter::Compared rows) {
                page_compared(request, *page, std::move(rows), trace);
              });
  }

  void page_compared(const ListPlan::Request& request, shop::ListPage& page, CatalogueWriter::Compared rows,
                     const std::string& trace) {
    plan_.answered(request, {page.total_elements, page.total_pages, page.elements});
    progress_.list_total = plan_.total();
    // A list that changes while it is read can lack a product that is there.
    if (rows.doubled > 0) forbid_removals("the list moved while it was read: products were listed twice");
    summary_.listed += rows.counted;
    listed_.add(static_cast<std::uint64_t>(rows.counted));
    summary_.fresh += rows.fresh;
    summary_.changed += rows.changed;
    summary_.unchanged += rows.unchanged;
    for (auto& row : page.bad_rows) {
      forbid_removals("the list has rows that can't be read");
      add_failure({std::move(row.sku), "list", std::move(row.error), trace});
    }
    for (auto& plan : rows.plans) plans_.push_back(std::move(plan));
    tell_plans();
    if (options_.dry_run) return;
    progress_.details_total += static_cast<std::int64_t>(rows.to_fetch.size());
    tell_known_details(rows);
    std::ranges::move(rows.to_fetch, std::back_inserter(wanted_));
  }

  // When details fail the server is asked for one of these. Of a page without a product that is known, some of those
  // that are wanted, far apart: what fails often stands together.
  void tell_known_details(const CatalogueWriter::Compared& rows) {
    for (const auto& sku : rows.known) services_.shop.add_known_detail(sku);
    if (!rows.known.empty() || rows.to_fetch.size() <= details_ahead()) return;
    for (std::size_t part = 1; part <= 4; ++part)
      services_.shop.add_known_detail(rows.to_fetch[rows.to_fetch.size() * part / 5].sku);
  }

  void forbid_removals(std::string why) {
    if (summary_.removal_note.empty()) summary_.removal_note = std::move(why);
  }

  // Whether the list is all there is; forbids removals when not.
  void judge_list() {
    for (const auto& hidden : plan_.hidden()) add_failure({"end", "list", hidden, {}});
    if (is_filtered(options_)) forbid_removals("the list was filtered");
    if (auto why = plan_.why_not_whole(); !why.empty()) forbid_removals(std::move(why));
  }

  // Whether this is the store that the database belongs to. Unless that was known from the start, no detail was asked
  // for and nothing was written before.
  void judge_store() {
    if (store_is_known_) return;
    const bool is_empty = summary_.listed == 0 && summary_.removal_note.empty();
    on_writer(
        [this, why = is_empty ? "the list was empty" : summary_.removal_note] { return writer_.judge_store(why); },
        [this](const StoreGuard::Verdict& verdict) {
          summary_.store_note = verdict.text;
          if (!verdict.same_store) return refuse_store(verdict.text);
          if (!verdict.text.empty()) log::warn("{}", verdict.text);
          may_write_ = true;
          tell_plans();
        });
  }

  // What another store lists is no change of this one.
  void refuse_store(const std::string& why) {
    summary_.fresh = summary_.changed = summary_.unchanged = 0;
    stop(why, ExitCode::usage);
  }

  void tell_plans() {
    if (!may_write_) return;
    for (const auto& plan : std::exchange(plans_, {})) services_.on_plan(plan);
  }

  // --- the details ---

  // As many as keep the wire busy; the rest waits here as bare SKUs.
  [[nodiscard]] std::size_t details_ahead() const { return static_cast<std::size_t>(options_.workers) * 2; }

  void ask_for_details() {
    if (!may_write_) return;
    // Those that failed and wait for their next attempt keep no place. A writer that can't keep up slows the calls.
    const auto allowed = details_ahead() + services_.shop.details_in_trouble();
    while (!wanted_.empty() && details_under_way_ < allowed && !services_.worker.full() && !services_.shop.stopped()) {
      CatalogueWriter::Wanted product = std::move(wanted_.front());
      wanted_.pop_front();
      ++details_under_way_;
      services_.shop.fetch_detail(product.sku,
                                  [this, product](Answer answer) { detail_answered(product, std::move(answer)); });
    }
  }

  void detail_answered(const CatalogueWriter::Wanted& product, Answer answer) {
    --details_under_way_;
    if (answer.kind == Answer::Kind::skipped) {
      if (!services_.shop.stopped()) cut_by_deadline_ = true;
      return leave_for_next_run(1);
    }
    ++progress_.details_done;
    switch (answer.kind) {
      case Answer::Kind::broken:
        add_failure({product.sku, "parse", answer.error, answer.trace});
        [[fallthrough]];  // it is stored as it came, so that one can look at it
      case Answer::Kind::ok:
        ++summary_.detail_fetched;
        services_.worker.post(
            [this, product, detail = std::move(answer.detail)] { writer_.add_detail(product, detail); });
        break;
      case Answer::Kind::not_found:
        ++summary_.gone;
        services_.worker.post([this, sku = product.sku] { writer_.add_gone(sku); });
        break;
      default:
        add_failure({product.sku, "detail", answer.error, answer.trace});
    }
  }

  // Changes that were not reached make the run a partial one; a check of an old detail loses nothing by waiting.
  void leave_for_next_run(std::size_t details) {
    auto& count = progress_.phase == Phase::checks ? summary_.postponed : summary_.unreached;
    count += static_cast<std::int64_t>(details);
  }

  void add_failure(Failure failure) {
    const log::SkuScope scope(failure.stage == "list" ? std::string_view() : failure.sku);
    log::error("{} {}: {}", failure.stage, failure.sku, failure.error);
    ++progress_.failed;
    summary_.failures.push_back(std::move(failure));
  }

  // --- the order of the stages ---

  [[nodiscard]] bool details_ended() const { return wanted_.empty() && details_under_way_ == 0 && tasks_ == 0; }

  // True when there is nothing more to ask. Moves on to the next stage when one has ended.
  bool finished() {
    if (services_.shop.stopped()) return services_.shop.idle();
    if (!list_ended()) return false;
    if (progress_.phase == Phase::list) {
      progress_.phase = Phase::details;
      judge_list();
      judge_store();
    }
    if (!details_ended()) return false;
    if (progress_.phase < Phase::checks) return begin_checks();
    return true;
  }

  // The products whose details are old are fetched after those that changed.
  bool begin_checks() {
    progress_.phase = Phase::checks;
    if (options_.full || is_filtered(options_) || options_.max_detail_age_days == 0 || list_cut_) return true;
    const bool late = deadline_passed();
    on_writer([this, late] { return writer_.due_for_check(!late); },
              [this, late](std::vector<std::string> due) {
                summary_.checked = static_cast<std::int64_t>(due.size());
                if (options_.dry_run) return;
                if (late) {
                  cut_by_deadline_ = cut_by_deadline_ || !due.empty();
                  return leave_for_next_run(due.size());
                }
                progress_.details_total += summary_.checked;
                for (auto& sku : due) wanted_.push_back({std::move(sku)});
              });
    return false;
  }

  void obey_interrupt() {
    const int signal = services_.interrupted();
    if (signal == 0 || services_.shop.stopped()) return;
    stop(std::string(word_of_signal(signal)), exit_code_of_signal(signal));
  }

  void stop(std::string reason, ExitCode code) {
    if (!services_.shop.stopped()) stop_code_ = code;
    services_.shop.stop(std::move(reason));
  }

  // How the run has to end when it was stopped.
  [[nodiscard]] ExitCode code_of_stop() const noexcept {
    switch (services_.shop.ending()) {
      case shop::Ending::asked:
        return stop_code_;
      case shop::Ending::setup:
        return ExitCode::usage;
      case shop::Ending::later:
        return ExitCode::try_later;
      case shop::Ending::outage:
        return options_.outage_code;
      case shop::Ending::deadline:
        return ExitCode::partial;
      case shop::Ending::failed:
        break;
    }
    return ExitCode::failed;
  }

  void commit_waiting_batch() {
    const auto now = services_.clock.now();
    if (options_.dry_run || services_.worker.full() || now < next_look_) return;
    next_look_ = now + std::chrono::seconds(1);
    services_.worker.post([this] { writer_.tick(); });
  }

  // Writes what has arrived, looks for removals when that is allowed, and sums up.
  void settle() {
    services_.worker.drain();
    inbox_.run_all();
    if (may_write_) leave_for_next_run(wanted_.size());
    if (services_.shop.stopped()) {
      forbid_removals("the run ended early");
      summary_.stop_reason = services_.shop.stop_reason();
    } else if (cut_by_deadline_) {
      summary_.stop_reason = "the deadline passed";
    }
    services_.worker.post([this] {
      if (!options_.dry_run) writer_.flush();
    });
    services_.worker.drain();
    look_for_removals();
    count_up();
    progress_.phase = Phase::done;
    report_progress();
  }

  void look_for_removals() {
    progress_.phase = Phase::removals;
    report_progress();
    services_.worker.post([this] { removals_ = writer_.remove_absent(summary_.removal_note.empty()); });
    services_.worker.drain();
    for (const auto& plan : removals_.plans) services_.on_plan(plan);
    summary_.held_back = removals_.held_back;
    if (summary_.held_back) log::error("removals held back: {}", removal_text(*summary_.held_back));
  }

  void count_written() {
    const auto& counts = writer_.counts();
    summary_.written = counts.written;
    summary_.enqueued = counts.enqueued;
    summary_.removed = options_.dry_run ? static_cast<std::int64_t>(removals_.plans.size()) : counts.removed;
  }

  void count_up() {
    count_written();
    if (summary_.listed > 0)
      services_.metrics.gauge("changed_sku_ratio")
          .set(static_cast<double>(summary_.fresh + summary_.changed) / static_cast<double>(summary_.listed));
    if (services_.shop.stopped())
      summary_.code = code_of_stop();
    else if (!summary_.failures.empty() || summary_.unreached > 0 || list_cut_ || summary_.held_back)
      summary_.code = ExitCode::partial;
  }

  [[nodiscard]] bool deadline_passed() const {
    return options_.deadline && services_.clock.now() >= *options_.deadline;
  }

  void report_progress() {
    progress_.listed = summary_.listed;
    progress_.rate = services_.shop.detail_rate();
    progress_.outage = services_.shop.outage();
    services_.on_progress(progress_);
  }

  const Options& options_;
  const Services& services_;
  Summary& summary_;
  shop::ListQuery query_;
  CatalogueWriter writer_;  // used on the worker's thread only, until that is drained
  ListPlan plan_;
  const bool store_is_known_;  // these credentials filled the database
  bool may_write_;             // false until it is known that the database belongs to this store
  metrics::Counter listed_;
  Inbox inbox_;
  Progress progress_;

  ExitCode stop_code_ = ExitCode::failed;  // of the stop that this run asked for
  bool list_cut_ = false;                  // by the deadline or the stop
  bool cut_by_deadline_ = false;           // something was left because of it
  std::vector<Plan> plans_;                // to be told once it is known whose store this is
  std::deque<CatalogueWriter::Wanted> wanted_;
  std::size_t details_under_way_ = 0;
  std::size_t tasks_ = 0;  // given to the writer, result not here yet
  SteadyTime next_look_;   // for a batch that has waited long enough
  CatalogueWriter::Removals removals_;
};

}  // namespace

std::string removal_text(const store::HeldBackRemovals& held_back) {
  return to_text(held_back, "were not found in the store");
}

void run(const Options& options, const Services& services, Summary& summary) {
  SyncRun sync(options, services, summary);
  try {
    sync.run();
  } catch (...) {
    sync.give_up();
    throw;
  }
}

}  // namespace pipeline::sync
