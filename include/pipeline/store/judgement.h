#pragma once

#include "pipeline/catalogue/product.h"
#include "pipeline/store/catalogue.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

// What becomes of a delivered product, by what is stored under its key: what Catalogue::write() promises, the same for
// every engine.
namespace pipeline::store {

// What is stored of a product and tells whether one that is delivered says anything new. Views.
struct StoredMarks {
  std::span<const std::uint8_t> content_hash{};  // empty: it never parsed
  std::span<const std::uint8_t> row_hash{};      // of the row that led to it; empty: it has to be fetched again
  std::optional<std::string_view> modified_at{};
  bool parsed = false;  // when it was last fetched
  bool removed = false;
};

// Reads the stored product, with its body. What it gives lasts until the verdict is carried out.
using StoredReader = std::function<const catalogue::Product&()>;

struct Verdict {
  WriteOutcome outcome;
  const catalogue::Product* after;  // what the product then is: the delivered one, or that completed
  // To be queued with one that is inserted or updated; empty: only the body can be read again, and says what is known.
  std::vector<catalogue::Change> changes{};
  bool list_moved = false;  // of one that is unchanged: list_hash, list_json and modified_at are to follow
};
// Of a delivered product that parsed and is known. What its hashes show to be no news is not read.
[[nodiscard]] Verdict judge(const StoredMarks& stored, const StoredReader& read, const catalogue::Product& delivered,
                            const Writing& how);
// Of one that is not known.
[[nodiscard]] Verdict judge_unknown(const Delivery& delivery);

// What is queued of a product that was not there before, and of one that is gone.
[[nodiscard]] catalogue::Change came(const catalogue::Product& product);
[[nodiscard]] catalogue::Change went(std::string_view name);

// Of the row of a list or a file that the product was made of; empty: there is none.
[[nodiscard]] std::span<const std::uint8_t> hash_of_row(const catalogue::Product& product) noexcept;

// Whether the row with the hash has led to what is stored with this one.
[[nodiscard]] bool has_led_to(const std::optional<Fingerprint>& row_hash, std::span<const std::uint8_t> stored,
                              const Writing& how);

}  // namespace pipeline::store
