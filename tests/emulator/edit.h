#pragma once

#include "pipeline/base/clock.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pipeline::emulator {

// A change the seller (or a sale) makes to one product.
struct Edit {
  enum class Kind {
    set_price,           // value
    set_stock,           // value
    set_name,            // text
    set_status,          // text: SALE, SUSPENSION, ... or anything else
    set_display_status,  // text: ON, WAIT, SUSPENSION, ...
    set_detail_text,     // text: the new detailContent; never in the list row
    set_option_stock,    // option (index), value; never in the list row
    set_option_price,    // option (index), value; never in the list row
    add_option,          // text: its name; never in the list row
    remove_option,       // option (index); never in the list row
  };

  Kind kind = Kind::set_price;
  std::int64_t channel_no = 0;
  std::int64_t value = 0;
  std::string text{};
  std::size_t option = 0;
  bool moves_modified_date = true;
  bool shows_in_list = true;  // false: the list goes on telling the old value
};

// Moves rows between two pages of one reading: happens once, right after the page has been served.
struct Shift {
  enum class Kind {
    add,      // `count` new products: with newest first, each later page begins with rows already seen
    remove,   // `count` products of the page just served: as many unseen rows slip onto it and are never seen
    re_sort,  // the `count` rows at the end of the list become the newest, and all between move down
  };
  Kind kind = Kind::add;
  int after_page = 1;
  std::size_t count = 1;
};

// The awkward rows of real stores. Which products have which is fixed by their index (README.md); the first 100
// products have each at least once.
enum class Trait {
  missing_seller_code,
  doubled_seller_code,  // the same code as on the product before
  two_channels,         // one origin product sold on two channels
  wide_numbers,         // numbers above 2^53
  emoji_name,
  markup_name,  // quotes, markup, backslash, control characters, U+2028
  no_options,
  many_options,  // 200
  price_zero,
  missing_fields,   // the optional ones
  unknown_fields,   // and enum values nobody has documented
  unmanaged_stock,  // useStockManagement false: options read 9,999
  volatile_field,   // a counter that grows with each answer (Options::volatile_fields)
  moving_keys,      // another order of keys in each answer (Options::moving_keys)
};
inline constexpr std::size_t kTraits = 14;

// What the store holds about one channel product at this moment, for tests to compare with.
struct ProductView {
  std::int64_t channel_no = 0;
  std::int64_t origin_no = 0;
  std::string name;
  std::optional<std::string> seller_code;
  std::string status;
  std::string display_status;
  std::int64_t price = 0;
  std::int64_t stock = 0;
  std::size_t options = 0;
  WallTime reg_date;
  WallTime modified_date;
};

}  // namespace pipeline::emulator
