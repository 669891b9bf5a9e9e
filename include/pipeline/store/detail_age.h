#pragma once

#include "pipeline/catalogue/product.h"
#include "pipeline/store/database.h"
#include "pipeline/store/listing.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::store {

// When each product's detail was last seen to be true (table `detail_checks`; apart from `products`,
// so that a check that finds nothing new rewrites no product). Same thread as its database.
class DetailAge {
 public:
  // Reads the temporary tables of the connection's Listing, which must be there.
  DetailAge(Database& database, const Listing& listing);

  // Inside the caller's transaction.
  void verified(const catalogue::ProductKey& product, WallTime at);
  void forget(const catalogue::ProductKey& product);

  struct Due {
    std::vector<std::string> skus;  // longest ago first; those never verified come first of all
    WallTime share_given_until;     // what given() notes
  };
  // The SKUs whose turn it is to be fetched again: this night's share, which is the part of all active products (not
  // removed, parsed OK) that the time since the last share is of `max_age` (> 0), and in any case all that were
  // verified longer than max_age ago or never; never those verified within the last twelve hours (or half of max_age,
  // if that is less). Products listed in this run as unseen or changed are fetched anyway and left out. The very first
  // share is empty: time is counted from there. Only reads.
  [[nodiscard]] Due due(std::string_view source, WallTime now, std::chrono::seconds max_age);

  // Notes that the share was given, inside the caller's transaction; a dry run doesn't. Of the time since the last
  // share only that is used up which the share's whole products stand for, so frequent runs add up to the same.
  void given(std::string_view source, const Due& due);

 private:
  std::optional<WallTime> given_until(std::string_view source);
  std::int64_t active(std::string_view source);

  Statement verify_;
  Statement forget_;
  Statement given_until_;
  Statement give_;
  Statement active_;
  Statement never_;
  Statement oldest_;
};

}  // namespace pipeline::store
