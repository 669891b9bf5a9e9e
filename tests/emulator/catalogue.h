#pragma once

#include "pipeline/base/clock.h"

#include "emulator/edit.h"

#include <bitset>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace pipeline::emulator {

// What both the list row and the detail tell.
struct Facts {
  std::string name;
  std::string status;
  std::string display_status;
  std::int64_t price = 0;
  std::int64_t stock = 0;
};

struct ProductOption {
  std::int64_t id = 0;
  std::string name1;
  std::string name2;  // empty: one name only
  std::int64_t stock = 0;
  std::int64_t price = 0;
  bool usable = true;
  std::string seller_code;
};

struct ChannelProduct {
  std::int64_t no = 0;
  bool window = false;  // WINDOW, else STOREFARM
};

// An origin product. What can be computed from seed and index (options, detail text) is stored only once it is edited:
// a hundred thousand of these must fit.
struct Product {
  std::size_t index = 0;
  std::int64_t origin_no = 0;
  std::vector<ChannelProduct> channels;
  std::bitset<kTraits> traits;
  Facts facts;
  std::unique_ptr<Facts> stale_row;  // what the list goes on telling after an edit it does not show
  std::optional<std::string> seller_code;
  WallTime reg_date;
  WallTime modified_date;
  std::uint32_t version = 0;  // counts edits
  std::uint16_t option_count = 0;
  std::unique_ptr<std::vector<ProductOption>> edited_options;
  std::unique_ptr<std::string> edited_text;

  [[nodiscard]] bool has(Trait trait) const noexcept { return traits[static_cast<std::size_t>(trait)]; }
  [[nodiscard]] const Facts& row() const noexcept { return stale_row ? *stale_row : facts; }
};

// The orders of the list, by their names in the API.
enum class Order {
  no,
  name,
  seller_code,
  low_price,
  high_price,
  reg_date,
  mod_date,
  sale_start,
  sale_end,
  popularity,
  accumulate_sale,
  low_discount_price,
  total_review_count,
  average_review_score,
};

// A deterministic store: the same size and seed give the same products. Not thread-safe. Edits throw
// std::invalid_argument when the product or option is not there.
class Catalogue {
 public:
  Catalogue(std::size_t products, std::uint64_t seed);

  struct Found {
    const Product* product = nullptr;
    const ChannelProduct* channel = nullptr;  // the first one, if any, when found by origin number
  };
  [[nodiscard]] Found find_channel(std::int64_t channel_no) const;
  [[nodiscard]] Found find_origin(std::int64_t origin_no) const;
  [[nodiscard]] const std::vector<std::unique_ptr<Product>>& products() const noexcept { return products_; }
  [[nodiscard]] std::size_t channel_products() const noexcept { return by_channel_.size(); }
  [[nodiscard]] std::uint64_t seed() const noexcept { return seed_; }

  // All products in that order; valid until the next change.
  [[nodiscard]] std::span<const Product* const> sorted(Order order) const;

  // As they are now: computed, or edited.
  [[nodiscard]] std::vector<ProductOption> options(const Product& product) const;

  void edit(const Edit& edit, WallTime now);
  std::vector<std::int64_t> add(std::size_t count, WallTime now);
  void remove_channel(std::int64_t channel_no);
  void take_off_sale(std::int64_t channel_no);  // all channels of its origin product
  void remove_origin(std::int64_t origin_no);
  // Gives the last `count` rows of the newest-first order a date of now.
  void make_newest(std::size_t count, WallTime now);

 private:
  Product& insert(std::unique_ptr<Product> product);
  [[nodiscard]] std::unique_ptr<Product> generate(std::size_t index) const;
  [[nodiscard]] Product& editable(std::int64_t channel_no);
  [[nodiscard]] std::vector<ProductOption>& editable_options(Product& product) const;
  [[nodiscard]] WallTime newest(WallTime now) const;

  const std::uint64_t seed_;
  std::size_t next_index_ = 0;
  std::vector<std::unique_ptr<Product>> products_;  // oldest first
  std::unordered_map<std::int64_t, Product*> by_channel_;
  std::unordered_map<std::int64_t, Product*> by_origin_;
  mutable std::map<Order, std::vector<const Product*>> sorted_;  // made when asked for, dropped on changes
};

[[nodiscard]] WallTime sale_end(const Product& product) noexcept;
// Several origin products sold as one; few are.
[[nodiscard]] std::optional<std::int64_t> group_no(const Product& product) noexcept;
// None: sold at its price.
[[nodiscard]] std::optional<std::int64_t> discounted_price(const Product& product, std::int64_t price) noexcept;

}  // namespace pipeline::emulator
