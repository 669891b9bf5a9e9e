#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/base/sha256.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What is known of the posts: what each said when it was built, what of it was published, and what it waits for.
namespace pipeline::store {

// A value that a product had when a post may have been written.
struct OutdatedValue {
  std::string product;  // SOURCE:SKU
  std::string field;    // as in Change
  std::string before;   // JSON, as in Change
  std::string after;
  WallTime since{};  // that it is another
  bool operator==(const OutdatedValue&) const = default;
};

// A sentence that says such a value, or a fact that the catalogue contradicts.
struct StaleWords {
  std::string place;     // body.md:12, $.title
  std::string sentence;  // as it stands there; of a fact its value
  std::string product;   // SOURCE:SKU
  std::string field;
  std::string before;  // in words: 12,900원
  std::string after;
  bool operator==(const StaleWords&) const = default;
};

enum class PostState { built, rejected, failed };
[[nodiscard]] std::string_view to_string(PostState state) noexcept;  // BUILT REJECTED FAILED
[[nodiscard]] PostState post_state_named(std::string_view name) noexcept;

// What a post waits for, of a hand: that its author writes, that it is uploaded, that what keeps it from being built is
// put right. Published posts whose product is not to be had: Packages::to_take_down().
enum class PostNeed { nothing, write, upload, mend };

// A post, as it was when a run last looked at it.
struct PostRecord {
  std::string content_id;
  std::string folder;
  std::string title;
  std::string link;                     // of the call to action; empty: none
  std::vector<std::string> products{};  // SOURCE:SKU; of one that is not known what the author calls it
  PostState state = PostState::built;
  std::vector<std::string> reasons{};  // why it is not built
  std::optional<WallTime> not_built_since{};
  std::vector<OutdatedValue> outdated{};  // what its words are searched for, until they are gone
  std::vector<StaleWords> stale{};
  std::optional<WallTime> stale_since{};
  std::vector<std::string> kept{};    // sentences that are meant as they are
  std::optional<Sha256> published{};  // digest of the package that a hand has uploaded
  std::optional<WallTime> published_at{};
  // Of the package that is built, which put() notes; not written with the post.
  std::optional<Sha256> built{};
  std::optional<WallTime> built_at{};

  [[nodiscard]] PostNeed need() const noexcept;
  bool operator==(const PostRecord&) const = default;
};

// A published post of a product that is not to be had.
struct TakeDown {
  std::string content_id;
  std::string folder;
  std::string title;
  std::string link;
  std::string product;       // SOURCE:SKU
  std::string product_name;  // may be empty
  std::string state;         // REMOVED, or as in products.status: OUTOFSTOCK, SUSPENSION, …
  WallTime since{};
};

}  // namespace pipeline::store
