#include "column_survey.h"

#include "pipeline/base/spelling.h"

#include <algorithm>
#include <iterator>

namespace pipeline::upsert {

void ColumnSurvey::add(std::string_view json) {
  simdjson::ondemand::document row;
  simdjson::ondemand::object object;
  const simdjson::padded_string_view padded(json, json.size() + simdjson::SIMDJSON_PADDING);
  if (parser_.iterate(padded).get(row) != simdjson::SUCCESS || row.get_object().get(object) != simdjson::SUCCESS)
    return;
  std::size_t place = 0;
  for (auto field : object) {
    std::string_view key;
    if (field.unescaped_key().get(key) != simdjson::SUCCESS) return;
    if (place == last_.size()) last_.emplace_back();
    if (last_[place] != key) {
      last_[place] = key;
      add_key(key);
    }
    ++place;
  }
}

void ColumnSurvey::add_key(std::string_view key) {
  if (const auto column = catalogue::column_of(key))
    known_.set(static_cast<std::size_t>(*column));
  else if (catalogue::is_content(key) && unknown_.size() < kMost &&
           std::ranges::find(unknown_, key) == unknown_.end() && std::ranges::find(expected_, key) == expected_.end())
    unknown_.emplace_back(key);
}

// The table's names come first: of names that are equally near, the first is taken.
std::string ColumnSurvey::likely_name(std::string_view unknown) const {
  std::vector<std::string> names;
  std::vector<std::string> other_names;
  for (std::size_t i = 0; i < known_.size(); ++i) {
    if (known_.test(i)) continue;
    names.emplace_back(catalogue::kColumns[i].name);
    for (const auto name : catalogue::kColumns[i].other_names)
      if (!name.empty()) other_names.emplace_back(name);
  }
  std::ranges::move(other_names, std::back_inserter(names));
  return nearest_name(unknown, names);
}

bool ColumnSurvey::only_sku_is_known() const noexcept {
  auto others = known_;
  others.reset(static_cast<std::size_t>(catalogue::Column::sku))
      .reset(static_cast<std::size_t>(catalogue::Column::source));
  return known_.test(static_cast<std::size_t>(catalogue::Column::sku)) && others.none();
}

}  // namespace pipeline::upsert
