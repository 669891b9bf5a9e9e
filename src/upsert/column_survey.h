#pragma once

#include "pipeline/catalogue/columns.h"

#include <simdjson.h>

#include <bitset>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pipeline::upsert {

// The names that rows of one file go by: which are known, and which are not.
class ColumnSurvey {
 public:
  // Keys that need no column: they aren't unknown.
  void expect(std::vector<std::string> keys) { expected_ = std::move(keys); }
  // A row as RowReader gives it, with SIMDJSON_PADDING readable bytes behind it; what is no object is passed over.
  void add(std::string_view json);

  // In the order in which they came, at most kMost. Keys that are no columns for good reason (is_content()) aren't
  // among them.
  [[nodiscard]] const std::vector<std::string>& unknown() const noexcept { return unknown_; }
  // The known name that this one was most likely meant to be, of those that the rows don't have; empty: it is like
  // none.
  [[nodiscard]] std::string likely_name(std::string_view unknown) const;
  // Whether the rows name products, and say nothing of them that is known.
  [[nodiscard]] bool only_sku_is_known() const noexcept;

  static constexpr std::size_t kMost = 1000;

 private:
  void add_key(std::string_view key);

  simdjson::ondemand::parser parser_;
  std::vector<std::string> expected_;
  std::vector<std::string> last_;  // the keys of the row before, which are most often this one's
  std::vector<std::string> unknown_;
  std::bitset<catalogue::kColumns.size()> known_;
};

}  // namespace pipeline::upsert
