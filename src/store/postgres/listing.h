#pragma once

#include "pipeline/store/catalogue.h"
#include "pipeline/store/run_list.h"

#include "connection.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::store::postgres {

// The list of one run, kept on this machine, and compared with the store: a page of it in one round trip, and all of
// the store page by page. What its functions do, Catalogue says.
class Listing {
 public:
  Listing(Connection& connection, std::string source, std::unique_ptr<RunList> list)
      : connection_(connection), source_(std::move(source)), list_(std::move(list)) {}

  [[nodiscard]] const std::string& source() const noexcept { return source_; }
  [[nodiscard]] RunList& list() const noexcept { return *list_; }

  [[nodiscard]] std::vector<Standing> add(std::span<const ListedProduct> page, bool keep_all, int pass);
  [[nodiscard]] std::optional<ListRow> stored(std::string_view sku);
  [[nodiscard]] Overlap overlap();
  [[nodiscard]] std::int64_t count_absent(bool list_is_whole);
  [[nodiscard]] std::vector<RemovalCandidate> absent(bool list_is_whole, std::string_view after, int limit);

 private:
  // Calls the sink with the SKUs of the source's products that are absent, in key order, a page at a time, until it has
  // enough.
  using AbsentSink = std::function<bool(const std::vector<std::string_view>& skus)>;
  void each_absent(bool list_is_whole, std::string_view after, std::int64_t first_page, const AbsentSink& has_enough);
  [[nodiscard]] std::vector<RemovalCandidate> named(const std::vector<std::string>& skus);

  Connection& connection_;
  const std::string source_;
  const std::unique_ptr<RunList> list_;
};

}  // namespace pipeline::store::postgres
