#include "pipeline/status/news.h"

#include "pipeline/base/error.h"
#include "pipeline/catalogue/changes.h"
#include "pipeline/catalogue/columns.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <utility>

namespace pipeline::status {
namespace {

using catalogue::Change;
using catalogue::Column;
using catalogue::Reason;

bool is_words(const Change& change) {
  const auto column = catalogue::column_of(change.field);
  return column && change.reason == Reason::content && catalogue::info(*column).kind == catalogue::Kind::words &&
         column != Column::image_url && column != Column::category_name;
}

bool is_of_stock(const Change& change) {
  return change.field == name_of(Column::stock_quantity) && (change.before == "0") != (change.after == "0");
}

// Told by the stock of the same product already.
bool is_told_by_stock(const Change& change, const std::vector<Change>& all) {
  const bool sold_out = change.before == R"("OUTOFSTOCK")" || change.after == R"("OUTOFSTOCK")";
  return change.reason == Reason::status && sold_out && std::ranges::any_of(all, is_of_stock);
}

// Null: it is only counted.
NewsList* list_of(const Change& change, News& news) {
  switch (change.reason) {
    case Reason::new_product:
      return &news.fresh;
    case Reason::removed:
      return &news.removed;
    case Reason::price:
      return catalogue::column_of(change.field) ? &news.price : nullptr;  // how a discount is made is no price
    case Reason::status:
      return &news.state;
    case Reason::stock:
      return is_of_stock(change) ? &news.stock : nullptr;
    default:
      return is_words(change) ? &news.words : nullptr;
  }
}

void add(const std::string& product, const Change& change, News& news) {
  NewsList* const list = list_of(change, news);
  if (list == nullptr) {
    ++news.others;
    return;
  }
  ++list->count;
  if (list->latest.size() < kNewsShown) list->latest.push_back({product, {}, change});
}

// Of a first night there are as many as products: those that say no more are counted by the queue itself, and the last
// of them looked for only when they are few.
void read_fresh(store::Queue& queue, WallTime since, News& news) {
  constexpr std::int64_t kFew = 1000;
  if (news.fresh.count > kFew) return;
  std::deque<ProductNews> latest;
  queue.each({.reasons = {std::string(to_string(Reason::new_product))}}, [&](const catalogue::QueueEntry& entry) {
    if (entry.enqueued_at < since || entry.reason != to_string(Reason::new_product)) return;
    latest.push_front({full_name(entry.key()), {}, {Reason::new_product, "product", "null", "null"}});
    if (latest.size() > kNewsShown) latest.pop_back();
  });
  for (ProductNews& one : latest)
    if (news.fresh.latest.size() < kNewsShown) news.fresh.latest.push_back(std::move(one));
}

void name_products(store::Catalogue& catalogue, NewsList& list) {
  for (ProductNews& one : list.latest) {
    const auto found = catalogue.find(one.product);
    if (found.size() == 1) one.name = found.front().product.name.value_or("");
  }
}

}  // namespace

bool News::empty() const noexcept {
  return price.count + stock.count + state.count + fresh.count + removed.count + words.count + others == 0;
}

News read_news(store::Store& store, WallTime since) {
  News news{.since = since, .price = {}, .stock = {}, .state = {}, .fresh = {}, .removed = {}, .words = {}};
  const std::int64_t plain = store.queue->each_change_since(since, [&](const catalogue::QueueEntry& entry) {
    try {
      const auto changes = catalogue::parse_changes(entry.changes);
      for (const Change& change : changes)
        if (!is_told_by_stock(change, changes)) add(full_name(entry.key()), change, news);
    } catch (const Error&) {  // written by hand
    }
  });
  news.fresh.count += plain;
  if (plain > 0) read_fresh(*store.queue, since, news);
  for (NewsList* list : {&news.price, &news.stock, &news.state, &news.fresh, &news.removed, &news.words})
    name_products(*store.catalogue, *list);
  return news;
}

Waiting read_waiting(store::Queue& queue, WallTime now) {
  Waiting waiting;
  queue.each({.statuses = {catalogue::QueueStatus::pending}}, [&](const catalogue::QueueEntry& entry) {
    const auto age = now - entry.enqueued_at;
    if (age < std::chrono::days(1))
      ++waiting.today;
    else if (age < std::chrono::days(7))
      ++waiting.this_week;
    else
      ++waiting.longer;
    if (!waiting.oldest || entry.enqueued_at < *waiting.oldest) waiting.oldest = entry.enqueued_at;
  });
  return waiting;
}

}  // namespace pipeline::status
