#pragma once

#include "pipeline/base/sha256.h"

#include "cases.h"
#include "product_rows.h"
#include "support/temp_dir.h"
#include "upsert_place.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace pipeline::bench {

// The products of a case, and their file.
class Feed {
 public:
  explicit Feed(std::int64_t rows) : numbers_(in_order(rows)) { write_rows(file(), numbers_); }

  [[nodiscard]] const std::vector<std::int64_t>& numbers() const noexcept { return numbers_; }
  [[nodiscard]] double rows() const noexcept { return static_cast<double>(numbers_.size()); }
  [[nodiscard]] std::filesystem::path file() const { return folder_ / "rows.jsonl"; }

 private:
  test::TempDir folder_;
  std::vector<std::int64_t> numbers_;
};

// Into a new database, and into one that has them already: the counts are exact.
Run load(const Trial& trial, const Feed& feed, const UpsertPlace& place,
         const std::vector<std::string>& arguments = {});
Run load_again(const Trial& trial, const Feed& feed, const UpsertPlace& place);

[[nodiscard]] Sha256 digest_of(const std::filesystem::path& path);
// That nothing was written since the database had this digest, nor is by another run.
void add_untouched(const Trial& trial, const Feed& feed, const UpsertPlace& place, const Sha256& before);

}  // namespace pipeline::bench
