#pragma once

#include "pipeline/store/catalogue.h"

#include "connection.h"
#include "statement.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace pipeline::store::sqlite {

// What a run's list is kept in: which SKUs were seen and which rows wait for their detail, in temporary tables (a file
// of SQLite's own in the folder for temporary files, not the WAL), so memory does not grow with the store. One at a
// time on a connection: making another empties the tables, which are temp.listed (sku, standing), temp.kept and
// temp.gone (sku).
class ListTables {
 public:
  explicit ListTables(Connection& connection);

  // Returns the standing, or that the row is doubled, or comes again.
  Standing add(const ListedProduct& row, Standing standing, bool keep_all, int pass);
  void note(std::string_view sku);  // as unchanged, without a row
  void note_gone(std::string_view sku);
  [[nodiscard]] std::optional<ListRow> take(std::string_view sku);
  [[nodiscard]] std::int64_t size();

 private:
  Connection& connection_;
  Statement note_;
  Statement pass_;
  Statement keep_;
  Statement take_;
  Statement count_;
  Statement note_gone_;
};

}  // namespace pipeline::store::sqlite
