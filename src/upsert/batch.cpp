#include "batch.h"

#include "pipeline/sheet/excerpt.h"
#include "pipeline/upsert/row_merge.h"
#include "pipeline/upsert/row_parser.h"

#include "column_survey.h"
#include "reading.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace pipeline::upsert {
namespace {

using sheet::excerpt;

constexpr std::size_t kBlock = 1 << 20;
constexpr std::size_t kShownSku = 40;
constexpr std::size_t kKeptBlocks = 4;  // a batch of huge rows does not hold their memory for good

}  // namespace

std::string_view Arena::keep(std::string_view text) {
  if (text.empty()) return {};
  while (current_ < blocks_.size() && blocks_[current_].size - blocks_[current_].used < text.size()) ++current_;
  if (current_ == blocks_.size()) {
    const std::size_t size = std::max(kBlock, text.size());
    blocks_.push_back({std::make_unique<char[]>(size + simdjson::SIMDJSON_PADDING), size, 0});
  }
  Block& block = blocks_[current_];
  char* const place = block.bytes.get() + block.used;
  std::memcpy(place, text.data(), text.size());
  block.used += text.size();
  bytes_ += text.size();
  return {place, text.size()};
}

void Arena::clear() noexcept {
  std::erase_if(blocks_, [](const Block& block) { return block.size > kBlock; });
  if (blocks_.size() > kKeptBlocks) blocks_.resize(kKeptBlocks);
  for (Block& block : blocks_) block.used = 0;
  current_ = 0;
  bytes_ = 0;
}

void Batch::belongs_to(std::string_view file, std::string_view header) {
  file_ = file;
  header_ = header;
}

BatchRow& Batch::next_row() {
  if (size_ == rows_.size()) rows_.emplace_back();
  BatchRow& row = rows_[size_++];
  row.parsed = false;
  row.fault.clear();
  row.sku.clear();
  row.earlier = nullptr;
  return row;
}

void Batch::add(const sheet::Row& row, std::string_view sku) {
  BatchRow& added = next_row();
  added.sku = sku;
  added.line = row.line;
  added.original = arena_.keep(row.original);
  // In JSON Lines the object is a part of its line.
  const bool within = row.json.data() >= row.original.data() &&
                      row.json.data() + row.json.size() <= row.original.data() + row.original.size();
  const auto offset = within ? static_cast<std::size_t>(row.json.data() - row.original.data()) : 0;
  added.json = within ? added.original.substr(offset, row.json.size()) : arena_.keep(row.json);
}

void Batch::add_rejected(const sheet::Row& row) {
  BatchRow& added = next_row();
  added.line = row.line;
  added.original = arena_.keep(row.original);
  added.json = {};
  added.fault = row.error;
}

void Batch::clear() noexcept {
  arena_.clear();
  size_ = 0;
  order_.rows.clear();
  order_.rejected.clear();
  order_.spellings.clear();
}

void Batch::survey(ColumnSurvey& columns) const {
  for (std::size_t i = 0; i < size_; ++i) columns.add(rows_[i].json);
}

void Batch::sample(RowParser& parser, std::vector<FileReading::Sample>& samples) const {
  constexpr std::size_t kSamples = 3;
  for (std::size_t i = 0; i < std::min(size_, kSamples); ++i) {
    BatchRow row = rows_[i];
    (void)parse_row(row, parser);
    samples.push_back(
        {row.line, row.fault.empty() ? fields_of(row.product) : decltype(FileReading::Sample::fields){}, row.fault});
  }
}

void Batch::parse(RowParser& parser) {
  for (std::size_t i = 0; i < size_; ++i) (void)parse_row(rows_[i], parser);
}

const Batch::Order& Batch::order(RowParser& parser, RowMerge* merge) {
  for (std::size_t i = 0; i < size_; ++i) {
    BatchRow& row = rows_[i];
    if (!row.parsed && row.fault.empty() && row.sku.empty()) row.sku = parser.find_sku(row.json);
    if (row.sku.empty())
      (void)parse_row(row, parser);
    else if (!row.parsed)
      row.hash = fingerprint_of(row.json);
    (row.fault.empty() ? order_.rows : order_.rejected).push_back(&row);
  }
  std::ranges::stable_sort(order_.rows, {}, &BatchRow::sku);
  join_rows_of_each_sku(parser, merge);
  std::ranges::sort(order_.rejected, {}, &BatchRow::line);
  return order_;
}

// Only rows that can be used count, so those that are not alone have to be parsed here, which tells their sources, too.
void Batch::join_rows_of_each_sku(RowParser& parser, RowMerge* merge) {
  auto& rows = order_.rows;
  std::size_t kept = 0;
  for (std::size_t first = 0, end = 0; first < rows.size(); first = end) {
    while (end < rows.size() && rows[end]->sku == rows[first]->sku) ++end;
    if (end - first == 1) {
      rows[kept++] = rows[first];
      continue;
    }
    const auto same_sku = std::span(rows).subspan(first, end - first);
    compare_spellings(same_sku, parser);
    const auto usable =
        std::stable_partition(same_sku.begin(), same_sku.end(), [&](BatchRow* row) { return parse_row(*row, parser); });
    order_.rejected.insert(order_.rejected.end(), usable, same_sku.end());
    std::stable_sort(same_sku.begin(), usable,
                     [](const BatchRow* a, const BatchRow* b) { return a->product.source < b->product.source; });
    const std::size_t kept_before = kept;
    for (BatchRow* const row : std::span(same_sku.begin(), usable)) {
      if (kept > kept_before && rows[kept - 1]->product.source == row->product.source) {
        row->earlier = std::exchange(rows[kept - 1], row);
      } else {
        rows[kept++] = row;
      }
    }
    for (std::size_t i = kept_before; i < kept && merge != nullptr; ++i)
      if (rows[i]->earlier != nullptr) join(*rows[i], parser, *merge);
  }
  rows.resize(kept);
}

void Batch::join(BatchRow& last, RowParser& parser, RowMerge& merge) {
  std::vector<std::string_view> rows;
  for (const BatchRow* row = &last; row != nullptr; row = row->earlier) rows.push_back(row->json);
  std::ranges::reverse(rows);
  const auto joined = merge.join(rows);
  if (!joined) return;
  last.json = arena_.keep(*joined);
  last.parsed = false;
  (void)parse_row(last, parser);
}

void Batch::compare_spellings(std::span<BatchRow* const> rows, RowParser& parser) {
  if (!order_.spellings.empty()) return;
  const std::string first = parser.spelling_of_sku(rows.front()->json);
  for (const BatchRow* row : rows) {
    const std::string spelling = parser.spelling_of_sku(row->json);
    if (spelling == first) continue;
    order_.spellings = fmt::format("`{}` (line {}) and `{}` (line {}) are one product, {}", excerpt(first, kShownSku),
                                   rows.front()->line, excerpt(spelling, kShownSku), row->line, row->sku);
    return;
  }
}

bool parse_row(BatchRow& row, RowParser& parser) {
  if (!row.fault.empty()) return false;
  if (row.parsed) return true;
  row.fault = parser.parse(row.json, row.product);
  row.parsed = row.fault.empty();
  if (row.parsed) row.sku = row.product.sku;
  return row.parsed;
}

}  // namespace pipeline::upsert
