#include "row_names.h"

#include "pipeline/catalogue/columns.h"

#include "code.h"

#include <algorithm>
#include <utility>

namespace pipeline::upsert {
namespace {

constexpr std::size_t kMostKeys = 1000;  // of a row that is renamed, and of those kept in mind: no table has as many

simdjson::padded_string_view padded(std::string_view json) noexcept {
  return simdjson::padded_string_view(json, json.size() + simdjson::SIMDJSON_PADDING);
}

}  // namespace

std::string RowNames::apply(std::string_view& json) {
  plain_sku_ = {};
  if (rules_.map.empty() && has_tables_names(json)) return {};
  plain_sku_ = {};
  if (!read(json)) return {};
  if (!layout_ || keys_ != layout_keys_) layout_fault_ = take_layout();
  if (!layout_fault_.empty()) return layout_fault_;
  layout_->rename(values_, renamed_);
  renamed_.reserve(renamed_.size() + simdjson::SIMDJSON_PADDING);
  json = renamed_;
  return {};
}

// A row without a `sku` has not: its key goes by another name.
bool RowNames::has_tables_names(std::string_view json) {
  simdjson::ondemand::document row;
  simdjson::ondemand::object object;
  if (parser_.iterate(padded(json)).get(row) != simdjson::SUCCESS || row.get_object().get(object)) return true;
  bool has_sku = false;
  std::size_t place = 0;
  for (auto field : object) {
    std::string_view key;
    if (field.unescaped_key().get(key) != simdjson::SUCCESS) return true;
    if (place == last_.size()) last_.emplace_back();
    if (last_[place] != key) {
      if (!is_tables_name(key)) return false;
      last_[place] = key;
    }
    if (!has_sku && key == catalogue::name_of(catalogue::Column::sku)) {
      has_sku = true;
      note_sku(field.value());
    }
    ++place;
  }
  return has_sku;
}

void RowNames::note_sku(simdjson::simdjson_result<simdjson::ondemand::value> value) {
  std::string_view sku;
  if (value.get_string().get(sku) == simdjson::SUCCESS && is_plain_code(sku)) plain_sku_ = sku;
}

bool RowNames::is_tables_name(std::string_view key) {
  if (catalogue::column_of(key) || no_names_.contains(key)) return true;
  if (catalogue::column_of_header(key)) return false;
  if (no_names_.size() < kMostKeys) no_names_.emplace(key);
  return true;
}

// Whether there is something to rename.
bool RowNames::read(std::string_view json) {
  keys_.clear();
  values_.clear();
  simdjson::ondemand::document row;
  simdjson::ondemand::object object;
  if (parser_.iterate(padded(json)).get(row) != simdjson::SUCCESS || row.get_object().get(object)) return false;
  for (auto field : object) {
    std::string_view key;
    simdjson::ondemand::value value;
    std::string_view spelling;
    if (field.unescaped_key().get(key) != simdjson::SUCCESS || field.value().get(value) != simdjson::SUCCESS ||
        simdjson::to_json_string(value).get(spelling) != simdjson::SUCCESS || keys_.size() == kMostKeys)
      return false;
    keys_.emplace_back(key);
    values_.push_back(spelling);
  }
  const bool ends = row.current_location().error() == simdjson::OUT_OF_BOUNDS;  // else it is no row
  return ends && !keys_.empty();
}

std::string RowNames::take_layout() {
  layout_keys_ = keys_;
  CsvRecord names;
  for (const std::string& key : keys_) names.add(key);
  layout_.emplace(rules_);
  if (std::string fault = layout_->take_keys(names, kind_); !fault.empty()) return fault;
  if (layout_->kind() != nullptr) kind_ = layout_->kind();
  if (!first_) first_.emplace(*layout_);
  for (std::string& name : layout_->known_without_column()) known_.insert(std::move(name));
  for (const std::string& note : layout_->notes())
    if (notes_told_.size() < kMostKeys && notes_told_.insert(note).second) notes_.push_back(note);
  return {};
}

std::vector<std::string> RowNames::take_notes() {
  return std::exchange(notes_, {});
}

}  // namespace pipeline::upsert
