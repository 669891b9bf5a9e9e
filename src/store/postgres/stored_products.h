#pragma once

#include "pipeline/store/catalogue.h"
#include "pipeline/store/judgement.h"

#include "connection.h"
#include "result.h"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace pipeline::store::postgres {

// What is stored of products that were delivered, read in one round trip: with the bodies of those alone that their
// hashes do not show to be known already.
class StoredProducts {
 public:
  [[nodiscard]] static Statement reading(std::span<const Delivery> products, const Writing& how);

  // What reading() answered of so many products. It is borrowed.
  StoredProducts(const Result& read, std::size_t products);

  // By the place of the product among those that were delivered. Absent: it is not known.
  [[nodiscard]] std::optional<Row> find(std::size_t place) const;

  // What becomes of a product that parsed. It lasts until the next call.
  [[nodiscard]] Verdict judge(const Delivery& delivery, std::size_t place, const Writing& how);

 private:
  const Result& read_;
  std::vector<int> rows_;      // of each place; -1: none
  catalogue::Product before_;  // as stored, of the product that is being judged
};

}  // namespace pipeline::store::postgres
