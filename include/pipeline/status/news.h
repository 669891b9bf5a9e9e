#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/catalogue/product.h"
#include "pipeline/store/database.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What changed in the catalogue since a moment, product by product, as the refresh queue has it.
namespace pipeline::status {

struct ProductNews {
  std::string product;  // SOURCE:SKU
  std::string name;     // of the product now; empty when it has none
  catalogue::Change change;
};

// Changes of one kind: all are counted, the latest are told.
struct NewsList {
  std::int64_t count = 0;
  std::vector<ProductNews> latest;  // at most kNewsShown
};

struct News {
  WallTime since{};
  NewsList price;
  NewsList stock;  // sold out, or in stock again
  NewsList state;  // on sale, suspended, …
  NewsList fresh;  // new products
  NewsList removed;
  NewsList words;           // names, brands, makers
  std::int64_t others = 0;  // options, descriptions, pictures, stock that went up or down

  [[nodiscard]] bool empty() const noexcept;
};

inline constexpr std::size_t kNewsShown = 50;

// Works on a store that was opened for reading.
[[nodiscard]] News read_news(store::Store& store, WallTime since);

// How long entries of the queue have waited.
struct Waiting {
  std::int64_t today = 0;      // less than a day
  std::int64_t this_week = 0;  // less than seven
  std::int64_t longer = 0;
  std::optional<WallTime> oldest{};
};
[[nodiscard]] Waiting read_waiting(store::Queue& queue, WallTime now);

}  // namespace pipeline::status
