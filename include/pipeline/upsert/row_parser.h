#pragma once

#include "pipeline/base/sha256.h"
#include "pipeline/catalogue/columns.h"
#include "pipeline/catalogue/product.h"

#include <simdjson.h>

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pipeline::upsert {

// The source whose rows must have a price: the store's own.
inline constexpr std::string_view kOwnStore = "MY_STORE";

// Makes products of JSON rows. One is meant to be kept and reused; not thread-safe.
//
// Known keys (columns.h) fill columns, with what their author meant (code.h and whole_number.h of src/upsert: A-1 with
// a space behind it is A-1, the text "12,900" in a column of numbers 12900); all of them stay in raw_json; row_hash is
// the fingerprint of the row as it came. content_hash is SHA-256 over the columns, under their own names, and the
// canonical form of all other members: the same for a row in CSV or JSON, in snake_case or in camelCase, whatever the
// order of its keys. The keys that tell of the row and not of the product (modified_at, created_at, updated_at and the
// program's own columns) do not enter it. A null is as good as absent.
class RowParser {
 public:
  // What a row says of its product: all there is to say, or what its author knows. A part need not have what a product
  // of kOwnStore must have, but cannot take it away.
  enum class Says { all, part };

  // `source` is that of rows that name none.
  explicit RowParser(std::string source, Says says = Says::all) : source_(std::move(source)), says_(says) {}

  // The row's key, the same as parse() finds, without parsing the rest; empty when it has none that can be used, or the
  // row is no JSON. SIMDJSON_PADDING bytes behind `json` must be readable, whatever is in them: here and below. The
  // view ends with the next call.
  [[nodiscard]] std::string_view find_sku(std::string_view json);
  // The same as the row spells it.
  [[nodiscard]] std::string spelling_of_sku(std::string_view json);

  // Fills `product`, reusing its memory. What is wrong with the row, every fault of it; empty when nothing is.
  [[nodiscard]] std::string parse(std::string_view json, catalogue::Product& product);

 private:
  struct Columns;
  struct Key {
    std::string_view spelling;
    bool is_number = false;
  };
  Key peek(std::string_view json);
  void read(simdjson::dom::object row, Columns& columns);
  [[nodiscard]] std::string_view list_of_rows() const;
  void append_others();

  std::string source_;
  Says says_;
  simdjson::ondemand::parser peek_;
  simdjson::dom::parser parser_;
  Sha256Hasher hasher_;
  std::vector<std::pair<std::string_view, simdjson::dom::element>> others_;  // without a column, by key
  std::string content_;                                                      // in canonical form
  std::string sku_;                                                          // of find_sku()
  std::array<std::string, catalogue::kColumns.size()> made_;                 // texts of columns that are not the row's
  std::string faults_;
};

// Whether a product that parsed has what one that is not known yet must have.
[[nodiscard]] bool may_be_new(const catalogue::Product& product) noexcept;

}  // namespace pipeline::upsert
