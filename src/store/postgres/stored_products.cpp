#include "stored_products.h"

#include "product_row.h"
#include "values.h"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

namespace pipeline::store::postgres {
namespace {

// What judge() takes for no news by the hashes alone: a NULL is none.
constexpr std::string_view kIsNoNews =
    "p.parse_status = 'OK' AND p.removed_at IS NULL AND "
    "coalesce(p.content_hash = d.content_hash OR p.list_hash IN (d.row_hash, d.part_hash), false)";

const std::string& reading_sql() {
  static const std::string sql = fmt::format(
      "SELECT {}, d.place FROM unnest($1, $2, $3, $4, $5) WITH ORDINALITY AS d (sku, source, content_hash, row_hash, "
      "part_hash, place) JOIN @products AS p ON p.sku = d.sku AND p.source = d.source",
      stored_columns(kIsNoNews));
  return sql;
}

// A hash that can't show that there is no news is left out, and the body is read.
struct Hashes {
  Column content{Column::Type::bytes};
  Column row{Column::Type::bytes};
  Column part{Column::Type::bytes};

  void add(const catalogue::Product& product, const Writing& how) {
    const bool may_be_equal = how.skip_equal && product.parse_status == catalogue::ParseStatus::ok;
    may_be_equal ? content.add(product.content_hash) : content.add(std::nullopt);
    if (may_be_equal && how.completion && product.row_hash) {
      row.add(product.row_hash->bytes);
      part.add(part_of(*product.row_hash).bytes);
    } else {
      row.add(std::nullopt);
      part.add(std::nullopt);
    }
  }
};

}  // namespace

Statement StoredProducts::reading(std::span<const Delivery> products, const Writing& how) {
  Column skus(Column::Type::text);
  Column sources(Column::Type::text);
  Hashes hashes;
  for (const Delivery& delivery : products) {
    skus.add(delivery.product->sku);
    sources.add(delivery.product->source);
    hashes.add(*delivery.product, how);
  }
  return {"look products up", reading_sql(),
          Values::of(std::move(skus), std::move(sources), std::move(hashes.content), std::move(hashes.row),
                     std::move(hashes.part))};
}

StoredProducts::StoredProducts(const Result& read, std::size_t products) : read_(read), rows_(products, -1) {
  for (int row = 0; row < read.rows(); ++row)
    rows_.at(static_cast<std::size_t>(read.integer(row, kStoredColumnCount) - 1)) = row;
}

std::optional<Row> StoredProducts::find(std::size_t place) const {
  return rows_[place] < 0 ? std::nullopt : std::optional(Row(read_, rows_[place]));
}

Verdict StoredProducts::judge(const Delivery& delivery, std::size_t place, const Writing& how) {
  const auto row = find(place);
  if (!row) return judge_unknown(delivery);
  const auto read = [&]() -> const catalogue::Product& { return before_ = read_stored(*row); };
  return store::judge(marks_of(*row), read, *delivery.product, how);
}

}  // namespace pipeline::store::postgres
