#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The ceiling on removals: what a wrong key, a half export or a wrong file would remove is held back and said.
namespace pipeline::store {

// How many products one run may mark as removed. A share is of the source's products that were in the database, not
// marked as removed, when the run began: products that the run itself brings do not raise the limit.
struct RemovalLimit {
  std::optional<double> percent = 10;     // absent: `products` alone counts
  std::int64_t products = 10;             // the limit; beside a share the least that it comes to
  std::optional<std::int64_t> at_most{};  // of what is not asked for by name: the limit comes to no more than this

  [[nodiscard]] std::int64_t allowed(std::int64_t known) const noexcept;  // shares are rounded down
};

// `25`: so many products; `5%`, `12.5%`: a share, taken at its word, so that `0` and `0%` allow none and `100%` all.
// The floor of ten products belongs to the default alone. Absent when it is neither.
[[nodiscard]] std::optional<RemovalLimit> parse_removal_limit(std::string_view text);
[[nodiscard]] std::string to_string(const RemovalLimit& limit);  // as the option takes it; the default is `10%`
// Whether it is what counts where nothing is given.
[[nodiscard]] bool is_default(const RemovalLimit& limit) noexcept;

// A product that may have to be marked as removed.
struct RemovalCandidate {
  std::string sku;
  std::string name;  // may be empty
};

// More candidates than the limit allows: the run has marked none of them.
struct HeldBackRemovals {
  static constexpr int kExamples = 5;

  RemovalLimit limit;
  std::int64_t known = 0;                  // what a share is of
  std::int64_t found = 0;                  // above limit.allowed(known)
  std::vector<RemovalCandidate> examples;  // the first kExamples in key order
};

// How many, which, and what to do about it. `what` says why they would be removed: "are missing from the list".
[[nodiscard]] std::string to_text(const HeldBackRemovals& held_back, std::string_view what);

}  // namespace pipeline::store
