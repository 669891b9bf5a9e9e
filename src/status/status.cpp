#include "pipeline/status/status.h"

#include "pipeline/base/error.h"
#include "pipeline/base/folder.h"
#include "pipeline/catalogue/changes.h"
#include "pipeline/catalogue/columns.h"
#include "pipeline/status/runs.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace pipeline::status {
namespace {

using catalogue::Column;
using catalogue::Reason;

constexpr int kMostUnreadable = 20;
constexpr std::chrono::days kLookBack{30};  // for the last run of each command
constexpr std::size_t kRegular = 3;         // runs that make a command one of every night

Todo of_post(const store::PostRecord& post, Todo::Why why, std::optional<WallTime> since) {
  return {.why = why,
          .content_id = post.content_id,
          .folder = post.folder,
          .title = post.title,
          .link = post.link,
          .since = since};
}

void read_posts(store::Packages& packages, Status& status) {
  packages.each_post_in_need([&](const store::PostRecord& post) {
    if (post.need() == store::PostNeed::mend) {
      status.mend.push_back(of_post(post, Todo::Why::not_built, post.not_built_since));
      status.mend.back().detail = to_string(post.state);
      status.mend.back().details = post.reasons;
    } else if (post.need() == store::PostNeed::write) {
      status.write.push_back(of_post(post, Todo::Why::stale_words, post.stale_since));
      status.write.back().stale = post.stale;
    } else if (post.need() == store::PostNeed::upload) {
      status.upload.push_back(of_post(post, post.published ? Todo::Why::built_anew : Todo::Why::built, post.built_at));
    }
  });
  for (store::TakeDown& post : packages.to_take_down())
    status.take_down.push_back({.why = Todo::Why::not_to_be_had,
                                .content_id = std::move(post.content_id),
                                .folder = std::move(post.folder),
                                .title = std::move(post.title),
                                .link = std::move(post.link),
                                .product = std::move(post.product),
                                .product_name = std::move(post.product_name),
                                .detail = std::move(post.state),
                                .since = post.since});
}

// That a published post can't be built any more because its products were removed is told by its being to be taken
// down.
void leave_out_what_is_taken_down(Status& status) {
  std::map<std::string_view, std::size_t> removed;  // products of each post
  for (const Todo& post : status.take_down)
    if (post.detail == "REMOVED") ++removed[post.content_id];
  std::erase_if(status.mend, [&](const Todo& post) {
    const auto found = removed.find(post.content_id);
    return found != removed.end() && post.details.size() == found->second;
  });
}

// Of a folder that is named from elsewhere nothing is known here: the one above it has to be there.
bool is_gone(const std::filesystem::path& folder) {
  std::error_code error;
  return std::filesystem::is_directory(folder_of(folder), error) && !std::filesystem::exists(folder, error) && !error;
}

// Nobody can write in a folder that is gone.
void read_folders(store::Packages& packages, Status& status) {
  std::set<std::string> gone;
  packages.each_post_folder([&](std::string_view content_id, std::string_view folder) {
    if (!is_gone(folder)) return;
    gone.emplace(content_id);
    status.look.push_back(
        {.why = Todo::Why::folder_gone, .content_id = std::string(content_id), .folder = std::string(folder)});
  });
  const auto is_one = [&](const Todo& post) { return gone.contains(post.content_id); };
  std::erase_if(status.write, is_one);
  std::erase_if(status.mend, is_one);
}

void read_products(store::Catalogue& catalogue, Status& status) {
  store::CatalogueTotals totals = catalogue.totals(kMostUnreadable);
  status.products = totals.present;
  for (store::UnreadableProduct& product : totals.unreadable)
    status.look.push_back({.why = Todo::Why::unreadable,
                           .product = std::move(product.product),
                           .product_name = std::move(product.name),
                           .details = {std::move(product.error)},
                           .count = totals.unreadable_count});
}

bool went_wrong(const store::RunRow& run) {
  return run.status != "OK" && run.status != "RUNNING" && run.status != "PARTIAL" && run.status != "OVER_BUDGET";
}

std::int64_t held_back(const store::RunRow& run) {
  const auto counts = nlohmann::json::parse(run.counts_json, nullptr, false);
  return counts.is_object() ? counts.value("held_back", std::int64_t{0}) : 0;
}

// The last run of each command, and what it left.
void read_nights(const std::vector<store::RunRow>& rows, WallTime now, Status& status) {
  for (const store::RunRow& run : rows) {  // the latest first
    const bool is_known = std::ranges::find(status.nights, run.command, &Night::command) != status.nights.end();
    if (is_known) continue;
    status.nights.push_back({run.command, run.status, run.exit_code, run.started_at, run.ended_at});
    if (went_wrong(run))
      status.look.push_back(
          {.why = Todo::Why::night_failed, .command = run.command, .detail = run.status, .since = run.started_at});
    // An upsert that finds nothing to change leaves no row: that it is not there says nothing.
    const bool is_regular = run.command != "upsert" &&
                            std::ranges::count(rows, run.command, &store::RunRow::command) >= std::ptrdiff_t{kRegular};
    if (is_regular && run.status != "RUNNING" && now - run.started_at > kNightMissing)
      status.look.push_back({.why = Todo::Why::night_missing, .command = run.command, .since = run.started_at});
    if (const std::int64_t count = held_back(run); count > 0)
      status.look.push_back(
          {.why = Todo::Why::removals_held_back, .command = run.command, .count = count, .since = run.started_at});
  }
  std::ranges::sort(status.nights, {}, &Night::command);
}

std::optional<std::int64_t> number_of(const std::string& json) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(json.data(), json.data() + json.size(), number);
  return error == std::errc() && end == json.data() + json.size() ? std::optional(number) : std::nullopt;
}

// A product's price is what the seller asks for it: of what follows from that nobody is told a second time.
bool is_price(const catalogue::Change& change, const std::vector<catalogue::Change>& all) {
  if (change.field == name_of(Column::sale_price)) return true;
  return change.field == name_of(Column::discounted_price) &&
         std::ranges::find(all, name_of(Column::sale_price), &catalogue::Change::field) == all.end();
}

// Whether it is worth an example.
bool count(const catalogue::Change& change, const std::vector<catalogue::Change>& all, DayChanges& changes) {
  const auto before = number_of(change.before);
  const auto after = number_of(change.after);
  if (change.reason == Reason::new_product) ++changes.fresh;
  if (change.reason == Reason::removed) ++changes.removed;
  if (is_price(change, all) && before && after) {
    ++(*after > *before ? changes.price_up : changes.price_down);
    return true;
  }
  if (change.field == name_of(Column::stock_quantity) && after == 0) {
    ++changes.sold_out;
    return true;
  }
  return false;
}

void read_changes(store::Queue& queue, WallTime now, DayChanges& changes) {
  changes.fresh += queue.each_change_since(now - std::chrono::days(1), [&](const catalogue::QueueEntry& entry) {
    try {
      const auto all = catalogue::parse_changes(entry.changes);
      for (const catalogue::Change& change : all)
        if (count(change, all, changes) && changes.examples.size() < kExamples)
          changes.examples.push_back({full_name(entry.key()), entry.name, {}, change});
    } catch (const Error&) {  // written by hand
    }
  });
}

// A number says little to who reads it.
void name_products(store::Catalogue& catalogue, std::vector<ProductChange>& changes) {
  for (ProductChange& change : changes)
    if (const auto found = catalogue.find_by_sku(change.product); found.size() == 1)
      change.product_name = found.front().product.name.value_or("");
}

// Entries that failed with a post that is to be mended, or taken down, are told by that, and taken up again with it.
void read_queue(store::Store& store, Status& status) {
  status.queue = store.queue->totals();
  if (status.queue.failed == 0) return;
  std::set<std::string> told;  // products
  store.packages->each_post_in_need([&](const store::PostRecord& post) {
    if (post.need() == store::PostNeed::mend) told.insert(post.products.begin(), post.products.end());
  });
  Todo failed{.why = Todo::Why::entries_failed};
  store.queue->each({.statuses = {catalogue::QueueStatus::failed}}, [&](const catalogue::QueueEntry& entry) {
    if (!told.contains(full_name(entry.key()))) ++failed.count;
  });
  if (failed.count > 0) status.look.push_back(std::move(failed));
}

}  // namespace

Status read_status(const store::Database& database, store::Store& store, const Clock& clock) {
  const WallTime now = clock.wall();
  Status status;
  read_nights(read_runs(database, store, clock, now - kLookBack), now, status);
  read_posts(*store.packages, status);
  leave_out_what_is_taken_down(status);
  read_folders(*store.packages, status);
  read_products(*store.catalogue, status);
  read_queue(store, status);
  read_changes(*store.queue, now, status.changes);
  name_products(*store.catalogue, status.changes.examples);
  return status;
}

}  // namespace pipeline::status
