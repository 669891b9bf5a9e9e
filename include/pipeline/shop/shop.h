#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/base/sha256.h"
#include "pipeline/catalogue/product.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What is asked of a shop, whichever it is: that it knows who calls, its list page by page, one product's detail, and
// what an answer means. naver/ answers it; the commands know nothing else of a shop.
namespace pipeline::shop {

// What is always the same of one shop.
struct About {
  std::string_view source;          // of its products
  std::string_view credentials;     // the settings that say whose store it is, for people
  std::chrono::sys_days first_day;  // no product was registered before it
  std::int64_t longest_list = 0;    // entries; a longer list may be refused from some page on
};

// Which products a list shows. Days are yyyy-MM-dd; empty: all.
struct ListQuery {
  int page_size = 500;
  std::vector<std::string> statuses;  // as the shop names them; empty: all
  std::string modified_since;
  std::string modified_until;      // set with modified_since
  std::string registered_from{};   // a query has one period, so not with modified_since
  std::string registered_until{};  // set with registered_from
};

// A row of the list as it waits for its detail, or is stored with its product.
struct KeptRow {
  Sha256 list_hash;
  std::string text;  // packed: in the shop's own form, with what was read already; else JSON
  bool is_packed = true;
};

struct ListPage {
  std::string error;  // the page can't be read; the rest is empty
  std::int64_t total_elements = 0;
  int total_pages = 0;
  std::int64_t elements = 0;  // of this page, which total_elements counts; each has any number of rows, also none
  struct Row {
    std::string sku;
    Sha256 list_hash;    // of what the row says of the product
    std::string packed;  // KeptRow::text
  };
  std::vector<Row> rows;
  struct BadRow {
    std::string sku;  // or its place on the page, when even the number can't be read
    std::string error;
  };
  std::vector<BadRow> bad_rows;
};

// A detail that was answered, parsed once. Made on the thread of the calls, used on that of the database.
class Detail {
 public:
  virtual ~Detail() = default;
  Detail() = default;
  Detail(const Detail&) = delete;
  Detail& operator=(const Detail&) = delete;

  // The product from its list row and its detail; the body goes with it, so it is asked for once. What breaks the
  // shop's contract gives a product with parse_status fail, with the columns of the list row and no list_hash.
  [[nodiscard]] virtual catalogue::Product take_product(std::string_view sku, const KeptRow& row) = 0;
  // What has changed since the detail with the stored body, beyond the columns. Nothing when that is no detail.
  [[nodiscard]] virtual std::vector<catalogue::Change> changes_since(std::string_view stored_body) const = 0;
};

// What a call ended with, after all retries.
struct Answer {
  enum class Kind {
    ok,
    failed,     // `error` says why
    refused,    // of a list: the shop does not take the request as it is
    not_found,  // there is no such product (any more)
    broken,     // it was answered, but in breach of the contract each time; `error` says how
    skipped,    // never answered: the run was stopped, or its deadline passed
  };
  Kind kind = Kind::ok;
  std::shared_ptr<ListPage> page;  // of a list, ok or broken
  std::shared_ptr<Detail> detail;  // of a detail, ok or broken
  std::string error;               // for people, with the trace id at its end
  std::string trace;               // what the shop's support asks for; may be empty
};

// Why a shop answers no more.
enum class Ending {
  failed,    // it can't be used as it is
  asked,     // by stop()
  setup,     // credentials, permissions or address: someone has to change something
  later,     // the quota is used up, or it asked for a long wait
  outage,    // it is down, and was waited for long enough
  deadline,  // before anything could be asked
};

// A server that is waited for.
struct Outage {
  std::string endpoint;
  std::string reason;  // of the last failure
  SteadyTime next_try;
};

// One thread, which drives it by step(), but for what says otherwise.
class Shop {
 public:
  using Done = std::function<void(Answer)>;

  virtual ~Shop() = default;

  [[nodiscard]] virtual const About& about() const noexcept = 0;  // any thread

  // Shows who calls; `ready` comes when the shop has taken it. When it does not the shop stops.
  virtual void authenticate(std::function<void()> ready) = 0;
  virtual void fetch_list_page(const ListQuery& query, int page, Done done) = 0;  // pages count from 1
  virtual void fetch_detail(const std::string& sku, Done done) = 0;
  // Whether it has the form of the shop's own numbers. A product file may have brought others under the shop's name;
  // the shop has no answer for them. Any thread.
  [[nodiscard]] virtual bool is_own_sku(std::string_view sku) const noexcept = 0;
  // A product whose detail was answered in an earlier run, or is likely to be in this one: asked for when others fail,
  // to learn whether the server is down. The last few are kept; those that were answered in this run are known anyway.
  virtual void add_known_detail(const std::string& sku) = 0;

  // Sends and receives until there is news or `until` has come; the answers' callbacks run inside.
  virtual void step(SteadyTime until) = 0;
  [[nodiscard]] virtual bool idle() const noexcept = 0;  // no call waits or is under way

  // Ends all calls as skipped; no more are made. The first reason is kept.
  virtual void stop(std::string reason) = 0;
  [[nodiscard]] virtual bool stopped() const noexcept = 0;
  [[nodiscard]] virtual const std::string& stop_reason() const noexcept = 0;
  [[nodiscard]] virtual Ending ending() const noexcept = 0;  // when it was stopped

  // Details that failed and are to be asked for again, or wait to be judged.
  [[nodiscard]] virtual std::size_t details_in_trouble() const noexcept = 0;
  // The server that is waited for now, if one is.
  [[nodiscard]] virtual std::optional<Outage> outage() const = 0;
  [[nodiscard]] virtual double detail_rate() const noexcept = 0;  // requests a second, as the shop allows now

  // For people, of a row of this run: the product's name, and the fields that differ from the row that is stored as
  // JSON. Any thread.
  struct RowNews {
    std::string name;
    std::vector<catalogue::Change> changes;
  };
  [[nodiscard]] virtual RowNews compare_rows(std::string_view stored, const ListPage::Row& row) const = 0;
};

}  // namespace pipeline::shop
