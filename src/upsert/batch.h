#pragma once

#include "pipeline/base/fingerprint.h"
#include "pipeline/catalogue/product.h"
#include "pipeline/sheet/row_reader.h"
#include "pipeline/upsert/upsert.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::upsert {

class ColumnSurvey;
class RowMerge;
class RowParser;

// Texts that live as long as a batch, in blocks that are used again. Behind each text SIMDJSON_PADDING bytes are
// readable.
class Arena {
 public:
  std::string_view keep(std::string_view text);
  void clear() noexcept;
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

 private:
  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
    std::size_t used = 0;
  };
  std::vector<Block> blocks_;
  std::size_t current_ = 0;
  std::size_t bytes_ = 0;
};

// A row on its way into the database.
struct BatchRow {
  std::string_view json;
  std::string_view original;
  std::int64_t line = 0;
  std::string sku;             // empty: only parsing can tell
  Fingerprint hash{};          // of `json`; together with a SKU that was found without parsing
  catalogue::Product product;  // once parsed
  bool parsed = false;
  std::string fault;            // not empty: rejected, and why
  BatchRow* earlier = nullptr;  // of the same product; what it says beyond this row is in `json`
};

// The rows of one transaction, all of one file. It is filled by the reading thread and written by the other; its memory
// is used again for a later batch.
class Batch {
 public:
  // The file its rows are of, and the file's header as RowReader gives it.
  void belongs_to(std::string_view file, std::string_view header);
  // `sku` is the row's, if that is known; order() finds it otherwise.
  void add(const sheet::Row& row, std::string_view sku = {});
  void add_rejected(const sheet::Row& row);
  void clear() noexcept;

  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t bytes() const noexcept { return arena_.bytes(); }
  [[nodiscard]] const std::string& file() const noexcept { return file_; }
  [[nodiscard]] const std::string& header() const noexcept { return header_; }

  void survey(ColumnSurvey& columns) const;
  // The first rows as they would be stored.
  void sample(RowParser& parser, std::vector<FileReading::Sample>& samples) const;

  // Parses all rows that aren't yet: what the writer would have to do otherwise.
  void parse(RowParser& parser);

  // The rows to write, in key order: 1.4 times faster into a large table. Of several rows of a product the last
  // one stays, with what the others say beyond it; without `merge` just as it is. Each row is either parsed then or has
  // its SKU and hash; rejected ones come apart.
  struct Order {
    std::vector<BatchRow*> rows;
    std::vector<BatchRow*> rejected;  // in the order of the file
    std::string spellings;  // of the first SKU that rows spell differently, with their lines; empty: none does
  };
  [[nodiscard]] const Order& order(RowParser& parser, RowMerge* merge);

 private:
  BatchRow& next_row();
  void join_rows_of_each_sku(RowParser& parser, RowMerge* merge);
  void compare_spellings(std::span<BatchRow* const> rows, RowParser& parser);
  void join(BatchRow& last, RowParser& parser, RowMerge& merge);

  std::string file_;
  std::string header_;
  Arena arena_;
  std::vector<BatchRow> rows_;  // the first size_ are in use
  std::size_t size_ = 0;
  Order order_;
};

// Parses the row unless it is; false: it has to be rejected.
bool parse_row(BatchRow& row, RowParser& parser);

}  // namespace pipeline::upsert
