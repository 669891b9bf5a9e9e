#pragma once

#include "pipeline/catalogue/product.h"
#include "pipeline/upsert/row_parser.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace pipeline::bench {

// Products as the executable would make them of their rows, in key order within each batch: for what measures the
// database alone.
class PreparedProducts {
 public:
  static constexpr std::size_t kBatch = 1000;  // the executable's own default

  PreparedProducts(const std::vector<std::int64_t>& numbers, int version) : left_(numbers), version_(version) {}

  // The next so many, at most; none at the end. They are there until the next call.
  std::span<const catalogue::Product> next();

 private:
  void parse(std::string row, catalogue::Product& product);

  std::span<const std::int64_t> left_;
  int version_;
  upsert::RowParser parser_{std::string(upsert::kOwnStore)};
  std::vector<catalogue::Product> products_;
};

// The next batch is taken off what is left.
[[nodiscard]] std::span<const catalogue::Product> take_batch(std::span<const catalogue::Product>& left);

}  // namespace pipeline::bench
