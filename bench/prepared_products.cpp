#include "prepared_products.h"

#include "product_rows.h"

#include <simdjson.h>

#include <algorithm>
#include <stdexcept>

namespace pipeline::bench {
namespace {

// Products in memory at once: a process hands its size on to its children, as the floor of their peak memory.
constexpr std::size_t kSlice = 5 * PreparedProducts::kBatch;

}  // namespace

std::span<const catalogue::Product> PreparedProducts::next() {
  products_.resize(std::min(kSlice, left_.size()));
  for (std::size_t i = 0; i < products_.size(); ++i) parse(product_row(left_[i], version_), products_[i]);
  left_ = left_.subspan(products_.size());
  for (std::span<catalogue::Product> rest(products_); !rest.empty();) {
    const auto batch = rest.first(std::min(kBatch, rest.size()));
    std::ranges::sort(batch, {}, &catalogue::Product::sku);
    rest = rest.subspan(batch.size());
  }
  return products_;
}

void PreparedProducts::parse(std::string row, catalogue::Product& product) {
  row.reserve(row.size() + simdjson::SIMDJSON_PADDING);
  if (const auto fault = parser_.parse(row, product); !fault.empty()) throw std::runtime_error(fault);
}

std::span<const catalogue::Product> take_batch(std::span<const catalogue::Product>& left) {
  const auto batch = left.first(std::min(PreparedProducts::kBatch, left.size()));
  left = left.subspan(batch.size());
  return batch;
}

}  // namespace pipeline::bench
