#include "sync_cases.h"
#include "sync_place.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <stdexcept>

namespace pipeline::bench {
namespace {

using nlohmann::json;

constexpr double kPageSize = 500;  // the executable's own default

double pages(double elements) {
  return std::ceil(elements / kPageSize);
}

// What the store served: at most one token, the pages of the list, and so many details.
void add_requests(const Trial& trial, const json& stats, double origin_products, double details) {
  const auto served = [&](const char* endpoint) { return requests_to(stats, endpoint); };
  trial.add("token requests", served("token"), "", at_most(1));
  trial.add("list requests", served("list"), "", exactly(pages(origin_products)));
  trial.add("detail requests", served("detail"), "", exactly(details));
}

// An edit of the store, and the reasons the queue has to name for it.
struct Edit {
  const char* name;
  json change;
  const char* reason;
};

const std::array kNightEdits{
    Edit{"price", {{"kind", "set_price"}, {"value", 12'900}}, "PRICE"},
    Edit{"stock", {{"kind", "set_stock"}, {"value", 3}}, "STOCK"},
    Edit{"name", {{"kind", "set_name"}, {"text", "새 이름"}}, "CONTENT"},
    Edit{"status", {{"kind", "set_status"}, {"text", "SUSPENSION"}}, "STATUS"},
    Edit{"display status", {{"kind", "set_display_status"}, {"text", "WAIT"}}, "STATUS"},
    Edit{"detail text", {{"kind", "set_detail_text"}, {"text", "<p>새로 쓴 설명</p>"}}, "CONTENT"},
    Edit{"option stock", {{"kind", "set_option_stock"}, {"option", 0}, {"value", 77}}, "OPTION"},
    Edit{"option price", {{"kind", "set_option_price"}, {"option", 0}, {"value", 500}}, "OPTION"},
    Edit{"new option", {{"kind", "add_option"}, {"text", "보라"}}, "OPTION"},
    Edit{"option gone", {{"kind", "remove_option"}, {"option", 0}}, "OPTION"},
};

// Products without any of the awkward traits: an edit of one changes one row and one detail.
std::vector<std::int64_t> plain_products(const StoreProcess& store) {
  const auto all = store.products();
  std::set<std::int64_t> left(all.begin(), all.end());
  for (const char* trait : {"two_channels", "no_options", "many_options", "unmanaged_stock", "price_zero",
                            "missing_fields", "unknown_fields"})
    for (const std::int64_t number : store.products(trait)) left.erase(number);
  return {left.begin(), left.end()};
}

}  // namespace

void unchanged(const Trial& trial) {
  constexpr int kProducts = 1000;
  const StoreProcess store({"--products", std::to_string(kProducts)});
  const SyncPlace place(store);
  (void)place.sync();
  place.execute(fmt::format("VACUUM INTO '{}'", place.copy().string()).c_str());
  store.reset_stats();
  const Run run = place.sync();
  add_requests(trial, store.stats(), kProducts, 0);
  trial.add("rows written", run.count("written"), "", exactly(0));
  const auto attach = fmt::format("ATTACH '{}' AS earlier", place.copy().string());
  const auto differing = [&](const char* table) {
    return std::stod(
        place
            .query(fmt::format("SELECT count(*) FROM (SELECT * FROM {0} EXCEPT SELECT * FROM earlier.{0})", table),
                   attach.c_str())
            .front());
  };
  trial.add("product rows that differ", differing("products"), "", exactly(0));
  trial.add("queue rows that differ", differing("refresh_queue"), "", exactly(0));
  trial.add("whole run", run.metric("sync_total_seconds"), "s");
}

void edited(const Trial& trial) {
  constexpr int kProducts = 1000;
  const StoreProcess store({"--products", std::to_string(kProducts)});
  const SyncPlace place(store);
  (void)place.sync();
  place.execute("UPDATE refresh_queue SET status = 'DONE'");  // or the edits would be merged into what is NEW
  const auto products = plain_products(store);
  std::size_t next = 0;
  for (const Edit& edit : kNightEdits) {
    json change = edit.change;
    change["channel_no"] = products.at(next++);
    (void)store.control("edit", change);
  }
  store.reset_stats();
  const Run run = place.sync();
  add_requests(trial, store.stats(), kProducts, kNightEdits.size());
  trial.add("rows written", run.count("written"), "", exactly(kNightEdits.size()));
  const auto queued = place.query("SELECT sku || ' ' || reason FROM refresh_queue WHERE status = 'PENDING'");
  trial.add("queue entries", static_cast<double>(queued.size()), "", exactly(kNightEdits.size()));
  std::size_t right = 0;
  for (std::size_t i = 0; i < kNightEdits.size(); ++i) {
    const auto wanted = fmt::format("{} {}", products.at(i), kNightEdits.at(i).reason);
    if (std::ranges::find(queued, wanted) != queued.end())
      ++right;
    else
      fmt::print(stderr, "{}: no queue entry `{}` for the edit of {}\n", trial.name, wanted, kNightEdits.at(i).name);
  }
  trial.add("entries with the right reason", static_cast<double>(right), "", exactly(kNightEdits.size()));
}

void unchanged_large(const Trial& trial) {
  constexpr int kProducts = 100'000;
  const StoreProcess store({"--products", std::to_string(kProducts)});
  const SyncPlace place(store);
  {
    const Run first = place.sync();
    const double seconds = first.metric("sync_total_seconds");
    trial.add("first sync", seconds, "s");
    trial.add("first sync: pace", first.count("detail_fetched") / seconds, "details/s");
    trial.add("first sync: peak memory", first.peak_megabytes, "MB");
  }
  store.reset_stats();
  const Run run = place.sync();
  add_requests(trial, store.stats(), kProducts, 0);
  trial.add("rows written", run.count("written"), "", exactly(0));
  trial.add("whole run", run.metric("sync_total_seconds"), "s");
  trial.add("list rows compared", run.count("listed") / run.metric("sync_total_seconds"), "rows/s");
  trial.add("peak memory", run.peak_megabytes, "MB", at_most(150));
}

}  // namespace pipeline::bench
