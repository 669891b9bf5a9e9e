#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/catalogue/product.h"
#include "pipeline/store/judgement.h"
#include "pipeline/store/product_row.h"

#include "connection.h"
#include "result.h"
#include "values.h"

#include <string>
#include <string_view>
#include <vector>

namespace pipeline::store::postgres {

// What read_stored() and marks_of() read, to be selected first, of `@products AS p`. `body_unless`: the condition under
// which the bodies are not wanted.
[[nodiscard]] std::string stored_columns(std::string_view body_unless);
inline constexpr int kStoredColumnCount = kProductColumnCount + 4;

// Of a row, as long as the result that it is of.
[[nodiscard]] StoredMarks marks_of(const Row& row);
// With its body and what was wrong with it.
[[nodiscard]] catalogue::Product read_stored(const Row& row);

// As text or as bytes, of which the other is NULL: a body that could not be parsed may be anything.
void add_body(Column& text, Column& bytes, const catalogue::Product& product);
// Of the row that led to the product; NULL when there is none.
void add_hash_of_row(Column& column, const catalogue::Product& product);

// Whole rows of `products` on their way to the server.
class ProductRows {
 public:
  ProductRows();

  void add(const catalogue::Product& product);
  [[nodiscard]] bool empty() const noexcept { return columns_.front().size() == 0; }

  // The statement takes the rows along.
  [[nodiscard]] Statement insertion(std::string_view run_id, WallTime now) &&;
  // A product that was marked as removed is there again.
  [[nodiscard]] Statement rewriting(std::string_view run_id, WallTime now) &&;

 private:
  [[nodiscard]] Values values(std::string_view run_id, WallTime now) &&;

  std::vector<Column> columns_;
};

}  // namespace pipeline::store::postgres
