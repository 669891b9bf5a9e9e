#include "pipeline/sync/list_plan.h"

#include "pipeline/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>

namespace pipeline::sync {
namespace {

// A page is asked for before the one in hand is compared, so that the wire does not wait for the disk.
constexpr int kPagesInFlight = 2;

}  // namespace

std::string format_day(std::chrono::sys_days day) {
  const std::chrono::year_month_day date(day);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::string to_string(const DayRange& days) {
  return days.first == days.last ? format_day(days.first)
                                 : fmt::format("{}..{}", format_day(days.first), format_day(days.last));
}

ListPlan::ListPlan(const Options& options)
    : options_(options), may_slice_(options.may_slice), most_(options.most_entries) {
  begin_pass({});
}

std::optional<ListPlan::Request> ListPlan::next() {
  if (under_way_ == 0 && std::exchange(again_in_slices_, false))
    begin_pass({.days = DayRange{options_.first_day, options_.last_day}});
  if (under_way_ == 0 && next_page_ > last_page_) begin_next_slice();
  if (stopped_ || again_in_slices_ || next_page_ > last_page_) return std::nullopt;
  if (under_way_ >= (current_.total ? kPagesInFlight : 1)) return std::nullopt;  // the first page says how many
  ++under_way_;
  const bool may_be_too_long = next_page_ == 1 && can_split(current_.days);
  return Request{current_.days, next_page_++, may_be_too_long ? most_ : std::numeric_limits<std::int64_t>::max(),
                 pass_};
}

bool ListPlan::ended() const noexcept {
  if (under_way_ > 0) return false;
  return stopped_ || (!again_in_slices_ && next_page_ > last_page_ && waiting_.empty());
}

void ListPlan::answered(const Request& request, const Page& page) {
  --under_way_;
  if (stopped_ || again_in_slices_) return;
  if (total_ == 0) total_ = page.total_entries;
  if (request.page == 1) {
    current_.total = page.total_entries;
    if (!dates_are_heeded()) return give_up_slicing();
    if (page.total_entries > request.most) return split();
    slices_total_ += page.total_entries;
  }
  if (page.total_entries != current_.total) moved_ = true;
  entries_ += page.entries;
  if (!current_.cut) last_page_ = std::max(last_page_, page.total_pages);
}

void ListPlan::refused(const Request& request) {
  --under_way_;
  if (stopped_ || again_in_slices_) return;
  const auto readable = std::int64_t{request.page - 1} * options_.page_size;
  if (!request.days) whole_was_refused_ = true;
  if (can_split(current_.days) && readable < most_) {
    most_ = readable;
    again_in_slices_ = true;
    return;
  }
  if (std::exchange(current_.cut, true)) {
    if (last_page_ < request.page) return;  // the page before was refused as well
    hidden_.pop_back();
  }
  last_page_ = request.page - 1;
  hidden_.push_back(
      fmt::format("the server shows only the first {} of {} entries{}", format_count(readable),
                  format_count(current_.total.value_or(0)),
                  current_.days ? fmt::format(" registered on {}", to_string(*current_.days)) : std::string()));
}

void ListPlan::failed(const Request&) {
  --under_way_;
}

void ListPlan::stop() {
  stopped_ = true;
}

std::string ListPlan::why_not_whole() const {
  if (!hidden_.empty()) return hidden_.front();
  if (moved_ || slices_total_ > total_) return "the list changed while it was read";
  if (entries_ < total_) return "the list's pages held fewer rows than it said it has";
  if (entries_ > total_) return "the list's pages held more rows than it said it has";  // so there may be more pages
  return {};
}

void ListPlan::begin_pass(Slice slice) {
  ++pass_;
  entries_ = 0;
  slices_total_ = 0;
  moved_ = false;
  waiting_ = {std::move(slice)};
  begin_next_slice();
}

void ListPlan::begin_next_slice() {
  if (waiting_.empty()) return;
  current_ = std::move(waiting_.back());
  waiting_.pop_back();
  next_page_ = 1;
  last_page_ = 1;
}

// --- slices ---

bool ListPlan::can_split(const std::optional<DayRange>& days) const {
  return may_slice_ && (!days || days->first < days->last);
}

// Not when the two halves of a slice have half again what it has. The current slice has just been measured.
bool ListPlan::dates_are_heeded() {
  if (!waiting_.empty() && waiting_.back().family == current_.family) waiting_.back().sibling_total = current_.total;
  return !current_.sibling_total || *current_.total + *current_.sibling_total <= current_.parent_total * 3 / 2;
}

// The current slice is too long: its halves take its place. But its own sibling comes before them, which tells a server
// that does not heed the dates from a store that was filled in one day.
void ListPlan::split() {
  if (!current_.days) {
    again_in_slices_ = true;
    return;
  }
  const auto [first, last] = *current_.days;
  const auto middle = first + (last - first) / 2;
  Slice early{.days = DayRange{first, middle}, .family = ++families_, .parent_total = *current_.total};
  Slice late = early;
  late.days = DayRange{middle + std::chrono::days(1), last};
  const bool sibling_waits = !waiting_.empty() && waiting_.back().family == current_.family;
  waiting_.insert(waiting_.end() - (sibling_waits ? 1 : 0), {std::move(late), std::move(early)});
}

void ListPlan::give_up_slicing() {
  may_slice_ = false;
  if (whole_was_refused_) {  // what it shows of the whole was read
    hidden_.push_back(
        fmt::format("the server does not heed the day of registration, by which a list this long has to be read: only "
                    "the first {} of {} entries were read",
                    format_count(most_), format_count(total_)));
    return stop();
  }
  begin_pass({});
}

}  // namespace pipeline::sync
