#pragma once

#include "pipeline/base/characters.h"
#include "pipeline/base/error.h"
#include "pipeline/base/text.h"
#include "pipeline/sheet/columns.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::sheet {

// Columns that are called as they are: `sku` is the key, name, brand, sale_price and 이름 are known, whatever their
// case. A cell is a text, in sale_price a number where it is one.
class NamedCells final : public Columns {
 public:
  [[nodiscard]] std::size_t known(const CsvRecord& names) const override {
    std::size_t known = 0;
    for (std::size_t i = 0; i < names.size(); ++i) known += known_name(names[i]).empty() ? 0U : 1U;
    return known;
  }
  [[nodiscard]] bool has_key(const CsvRecord& names) const override {
    for (std::size_t i = 0; i < names.size(); ++i)
      if (known_name(names[i]) == kKnown[0]) return true;
    return false;
  }
  [[nodiscard]] std::string_view wanted() const override { return "column `sku`"; }
  [[nodiscard]] std::string_view advice() const override { return "name it so"; }
  void take_header(const CsvRecord& names, const std::string& file) override {
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::string_view known = known_name(names[i]);
      names_.emplace_back(known.empty() ? trim_blanks(names[i]) : known);
    }
    if (!has_key(names)) throw Error("cannot read " + file + ": its header names no column `sku`");
  }
  [[nodiscard]] std::string fault_of(const Record& record) const override {
    for (const CellKind kind : record.kinds)
      if (kind == CellKind::unreckoned) return "has a formula without its value";
    return {};
  }
  [[nodiscard]] bool is_row(const CsvRecord& cells) const override {
    bool has_number = false;
    for (std::size_t i = 0; i < names_.size() && i < cells.size(); ++i) {
      if (names_[i] == kKnown[0] && trim_blanks(cells[i]).empty()) return false;
      if (names_[i] != kPrice) continue;
      if (!is_number(cells[i])) return false;
      has_number = true;
    }
    return has_number;
  }
  void to_json(const Record& record, std::string& json) const override {
    json = "{";
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const std::string_view cell = i < record.cells.size() ? record.cells[i] : std::string_view();
      if (i > 0) json += ',';
      append_json_string(names_[i], json);
      json += ':';
      if (cell.empty())
        json += "null";
      else if (names_[i] == kPrice && is_number(cell))
        json += cell;
      else
        append_json_string(cell, json);
    }
    json += '}';
  }

 private:
  static constexpr std::string_view kPrice = "sale_price";
  static constexpr std::array<std::string_view, 5> kKnown{"sku", "name", "brand", kPrice, "이름"};

  static std::string_view known_name(std::string_view cell) {
    const auto same = [&](std::string_view name) { return equal_ignoring_case(name, trim_blanks(cell)); };
    const auto found = std::ranges::find_if(kKnown, same);
    return found == kKnown.end() ? std::string_view() : *found;
  }
  static bool is_number(std::string_view cell) {
    return !cell.empty() && std::ranges::all_of(cell, [](char c) { return c >= '0' && c <= '9'; });
  }

  std::vector<std::string> names_;
};

}  // namespace pipeline::sheet
