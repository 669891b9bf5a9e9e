#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pipeline::sync {

struct DayRange {
  std::chrono::sys_days first;  // both inclusive, days of the store's calendar (KST)
  std::chrono::sys_days last;
};
[[nodiscard]] std::string to_string(const DayRange& days);  // 2026-01-01..2026-03-31
[[nodiscard]] std::string format_day(std::chrono::sys_days day);

// The order in which the list's pages are asked for, and whether they make a whole list.
//
// It is read page after page. A list of more than `most_entries` may be refused from some page on: then, and when the
// first page names more than that, it is read in slices by day of registration, from `first_day` to `last_day`, each
// halved until it fits. What was read before is read again in another pass. Slices whose entries do not add up to what
// the whole list said lack some: the list is not whole.
//
// Knows no API: tell it what came of each request.
class ListPlan {
 public:
  struct Options {
    int page_size = 500;
    std::int64_t most_entries = 0;
    bool may_slice = true;  // not when a filter by date is on: a query has one period
    std::chrono::sys_days first_day{};
    std::chrono::sys_days last_day{};
  };
  explicit ListPlan(const Options& options);

  struct Request {
    std::optional<DayRange> days;  // absent: the whole list
    int page = 1;
    std::int64_t most = 0;  // a first page that names more entries is not read: the list is sliced (further)
    int pass = 0;           // rows of an earlier pass come again
  };
  // What may be asked now, while others are under way. Nothing: wait for an answer, or ended().
  [[nodiscard]] std::optional<Request> next();
  [[nodiscard]] bool ended() const noexcept;

  // What came of it.
  struct Page {
    std::int64_t total_entries = 0;
    int total_pages = 0;
    std::int64_t entries = 0;  // on this page
  };
  void answered(const Request& request, const Page& page);
  void refused(const Request& request);  // a page after the first, which differs from it by its number alone
  void failed(const Request& request);   // for good; a slice whose first page failed is left out
  void stop();                           // nothing more is asked

  [[nodiscard]] std::int64_t total() const noexcept { return total_; }  // entries of the whole list; 0: not known yet
  // Why the list can lack products that are there, as far as the answers tell; empty when they do not.
  [[nodiscard]] std::string why_not_whole() const;
  // Parts of the list that the server does not show, each a sentence for people.
  [[nodiscard]] const std::vector<std::string>& hidden() const noexcept { return hidden_; }

 private:
  struct Slice {
    std::optional<DayRange> days;   // absent: the whole list
    int family = 0;                 // of the two halves of one slice
    std::int64_t parent_total = 0;  // entries of that slice
    std::optional<std::int64_t> sibling_total{};
    std::optional<std::int64_t> total{};
    bool cut = false;  // the server does not show the rest of it
  };

  void begin_pass(Slice slice);
  void begin_next_slice();
  [[nodiscard]] bool dates_are_heeded();
  void split();
  void give_up_slicing();
  [[nodiscard]] bool can_split(const std::optional<DayRange>& days) const;

  const Options options_;
  bool may_slice_;
  std::int64_t most_;
  std::int64_t total_ = 0;
  int pass_ = -1;
  int families_ = 0;
  bool whole_was_refused_ = false;
  bool again_in_slices_ = false;  // once nothing is under way any more

  std::vector<Slice> waiting_;  // the next one at the back
  Slice current_;
  int next_page_ = 1;
  int last_page_ = 1;
  int under_way_ = 0;
  bool stopped_ = false;

  std::int64_t entries_ = 0;       // of all pages of this pass
  std::int64_t slices_total_ = 0;  // what its slices said they have
  bool moved_ = false;
  std::vector<std::string> hidden_;
};

}  // namespace pipeline::sync
