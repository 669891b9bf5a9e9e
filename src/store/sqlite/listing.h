#pragma once

#include "pipeline/store/catalogue.h"

#include "connection.h"
#include "list_tables.h"
#include "statement.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::store::sqlite {

// The list of one run, beside the database. Works on a read-only one. One at a time on a connection: making another
// empties the tables. What its functions do, Catalogue says.
class Listing {
 public:
  Listing(Connection& connection, std::string source);

  [[nodiscard]] const std::string& source() const noexcept { return source_; }

  [[nodiscard]] std::vector<Standing> add(std::span<const ListedProduct> page, bool keep_all, int pass);
  void note(std::span<const std::string_view> skus);
  void note_gone(std::string_view sku) { tables_.note_gone(sku); }
  [[nodiscard]] std::optional<ListRow> take(std::string_view sku) { return tables_.take(sku); }
  [[nodiscard]] std::optional<ListRow> stored(std::string_view sku);
  [[nodiscard]] std::int64_t size() { return tables_.size(); }
  [[nodiscard]] Overlap overlap();
  [[nodiscard]] std::int64_t count_absent(bool list_is_whole);
  [[nodiscard]] std::vector<RemovalCandidate> absent(bool list_is_whole, std::string_view after, int limit);

 private:
  Standing compare(const ListedProduct& row);

  Connection& connection_;
  const std::string source_;
  ListTables tables_;
  Statement look_up_;
  Statement stored_;
  Statement overlap_;
  Statement count_absent_;
  Statement absent_;
};

}  // namespace pipeline::store::sqlite
