#pragma once

#include "pipeline/store/catalogue.h"

#include "connection.h"
#include "statement.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::store::sqlite {

// The list of one run, beside the database: which SKUs were seen and which rows wait for their detail, kept in
// temporary tables (a file of SQLite's own in the folder for temporary files, not the WAL), so memory does not grow
// with the store. Works on a read-only database. One at a time on a connection: making another empties the tables. What
// its functions do, Catalogue says.
class Listing {
 public:
  Listing(Connection& connection, std::string source);

  [[nodiscard]] const std::string& source() const noexcept { return source_; }

  [[nodiscard]] std::vector<Standing> add(std::span<const ListedProduct> page, bool keep_all, int pass);
  void note(std::span<const std::string_view> skus);
  void note_gone(std::string_view sku);
  [[nodiscard]] std::optional<ListRow> take(std::string_view sku);
  [[nodiscard]] std::optional<ListRow> stored(std::string_view sku);
  [[nodiscard]] std::int64_t size();
  [[nodiscard]] Overlap overlap();
  [[nodiscard]] std::int64_t count_absent(bool list_is_whole);
  [[nodiscard]] std::vector<RemovalCandidate> absent(bool list_is_whole, std::string_view after, int limit);

 private:
  Standing compare(const ListedProduct& row);

  Connection& connection_;
  const std::string source_;
  Statement look_up_;
  Statement note_;
  Statement keep_;
  Statement take_;
  Statement stored_;
  Statement count_;
  Statement pass_;
  Statement overlap_;
  Statement note_gone_;
  Statement count_absent_;
  Statement absent_;
};

}  // namespace pipeline::store::sqlite
