#pragma once

#include "emulator/catalogue.h"
#include "emulator/listing.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace pipeline::emulator {

// What changes from one answer to the next. Products without these traits read the same in each.
struct Restless {
  std::uint64_t answer = 0;  // a number that grows
  bool volatile_fields = true;
  bool moving_keys = true;

  [[nodiscard]] bool touches(const Product& product) const noexcept {
    return (volatile_fields && product.has(Trait::volatile_field)) || (moving_keys && product.has(Trait::moving_keys));
  }
};

// The page of POST /v1/products/search.
[[nodiscard]] std::string render_page(const ListPage& page, const ListQuery& query, const Restless& restless);

// The body of both details: by channel number it tells of that channel only, by origin number of all.
[[nodiscard]] std::string render_detail(const Catalogue& catalogue, const Product& product,
                                        const ChannelProduct* channel, const Restless& restless);

}  // namespace pipeline::emulator
