#include "product_columns.h"

#include "pipeline/base/ascii.h"
#include "pipeline/base/characters.h"
#include "pipeline/base/error.h"
#include "pipeline/base/log.h"
#include "pipeline/base/spelling.h"
#include "pipeline/base/text.h"
#include "pipeline/sheet/excerpt.h"

#include "table_words.h"
#include "whole_number.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace pipeline::upsert {
namespace {

using catalogue::Column;
using catalogue::header_key;
using sheet::excerpt;

constexpr std::size_t kShownName = 40;
constexpr std::size_t kShownHeader = 120;
constexpr std::string_view kRawJson = "raw_json";

std::string shown_header(const CsvRecord& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) text.append(i > 0 ? "," : "").append(names[i]);
  return excerpt(text, kShownHeader);
}

// The cell is one as JSON spells it: most are, and need not be read.
bool is_json_number(std::string_view cell) noexcept {
  constexpr std::size_t kSurelyWithin64Bits = 18;
  return !cell.empty() && cell.size() <= kSurelyWithin64Bits && (cell.front() != '0' || cell.size() == 1) &&
         std::ranges::all_of(cell, [](char c) { return c >= '0' && c <= '9'; });
}

void append_number(std::string_view cell, Column column, std::string& json) {
  if (is_json_number(cell)) {
    json += cell;
  } else if (const WholeNumber read = read_whole_number(cell, column); read.number) {
    json += std::to_string(*read.number);
  } else if (read.fault.empty()) {
    json += "null";
  } else {
    append_json_string(cell, json);  // whoever reads the row says what is wrong
  }
}

// What a workbook has made of a code that was typed as a number, a date or a word: 1.10 is 1.1 in it. Empty: nothing.
std::string fault_of_code(const sheet::Record& record, std::size_t i) {
  const std::string_view cell = record.cells[i];
  const auto spoilt = [&](std::string_view what) {
    return fmt::format("is {}, {}; format the column as text, enter the codes again and save", cell, what);
  };
  switch (record.kind(i)) {
    case sheet::CellKind::date:
      return spoilt("a date that a spreadsheet has made of a code");
    case sheet::CellKind::truth:
      return spoilt("a truth value that a spreadsheet has made of a code");
    case sheet::CellKind::number: {
      if (cell.starts_with('-')) return spoilt("a number below zero");
      const std::size_t point = cell.find('.');
      const bool has_fraction =
          point != std::string_view::npos && cell.find_first_not_of("0", point + 1) != std::string_view::npos;
      return has_fraction && cell.find_first_of("eE") == std::string_view::npos
                 ? spoilt("a number with a fraction, which loses its last zeros in a spreadsheet")
                 : std::string();
    }
    default:
      return {};
  }
}

// What a value of JSON says, if it is a text.
std::string text_of(std::string_view value) {
  if (!value.starts_with('"')) return {};
  const auto text = nlohmann::json::parse(value, nullptr, false);
  return text.is_string() ? text.get<std::string>() : std::string();
}

std::string_view meant(const catalogue::FileColumn& column, std::string_view cell) {
  const std::string_view word = trim_blanks(cell);
  for (const auto& [written, stands_for] : column.words)
    if (equal_ignoring_case(written, word)) return stands_for;
  return cell;
}

}  // namespace

ColumnRules::Rule parse_column_rule(std::string_view text) {
  const std::size_t equals = text.rfind('=');
  if (equals == std::string_view::npos || trim_blanks(text.substr(0, equals)).empty())
    throw UsageError(fmt::format("`{}` is no COLUMN=FIELD, such as 판매가격=sale_price", text));
  const std::string_view field = trim_blanks(text.substr(equals + 1));
  ColumnRules::Rule rule{std::string(trim_blanks(text.substr(0, equals))), std::nullopt};
  if (field == kRawJson) return rule;
  std::vector<std::string> fields{std::string(kRawJson)};
  for (std::size_t i = 0; i < catalogue::kColumns.size(); ++i) {
    fields.emplace_back(catalogue::kColumns[i].name);
    if (field == fields.back()) rule.column = static_cast<Column>(i);
  }
  if (!rule.column)
    throw UsageError(fmt::format("`{}`: there is no field {}{}; those there are: {}", text, field,
                                 did_you_mean(field, fields), fmt::join(fields, ", ")));
  return rule;
}

ProductColumns::Meaning ProductColumns::meaning_of(std::string_view key, const catalogue::FileKind* kind) const {
  if (key.empty()) return {};
  for (const ColumnRules::Rule& rule : rules_.map)
    if (header_key(rule.name) == key) return {rule.column, nullptr, true};
  if (kind != nullptr)
    if (const auto* column = find_column(*kind, key)) return {column->column, column, true};
  const auto column = catalogue::column_of_header(key);
  return {column, nullptr, column.has_value()};
}

std::vector<ProductColumns::Meaning> ProductColumns::meanings_of(const CsvRecord& names,
                                                                 const catalogue::FileKind*& kind) const {
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < names.size(); ++i) keys.push_back(header_key(names[i]));
  kind = catalogue::file_kind_of(keys);
  std::vector<Meaning> meanings;
  for (const std::string& key : keys) meanings.push_back(meaning_of(key, kind));
  return meanings;
}

std::size_t ProductColumns::known(const CsvRecord& names) const {
  const catalogue::FileKind* kind = nullptr;
  const auto meanings = meanings_of(names, kind);
  return static_cast<std::size_t>(std::ranges::count(meanings, true, &Meaning::known));
}

bool ProductColumns::has_key(const CsvRecord& names) const {
  const catalogue::FileKind* kind = nullptr;
  const Column from = rules_.sku_from.value_or(Column::channel_product_no);
  const auto is_key = [&](const Meaning& meaning) { return meaning.column == Column::sku || meaning.column == from; };
  return std::ranges::any_of(meanings_of(names, kind), is_key);
}

std::string_view ProductColumns::advice() const {
  return "name the column that tells the products apart so, or say which it is: --map COLUMN=sku";
}

void ProductColumns::take_header(const CsvRecord& names, const std::string& file) {
  const std::string shown = shown_header(names);
  take_names(names, meanings_of(names, kind_));
  refuse_doubles(file, shown);
  find_key(file, shown);
  join_category_parts();
  name_fields();
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (is_key(i)) key_ = i;
    if (fields_[i].meaning.column && is_number(*fields_[i].meaning.column)) numbers_.push_back(i);
  }
  for (const std::string& note : notes_) log::warn("{}: {}", file, note);
}

std::string ProductColumns::take_keys(const CsvRecord& keys, const catalogue::FileKind* kind) {
  bool has_own_sku = false;
  for (std::size_t i = 0; i < keys.size(); ++i) has_own_sku |= keys[i] == name_of(Column::sku);
  std::vector<std::string> compared;
  for (std::size_t i = 0; i < keys.size(); ++i) compared.push_back(header_key(keys[i]));
  if (!has_own_sku) {
    const auto* own = catalogue::file_kind_of(compared);
    kind_ = own != nullptr ? own : kind;
  }
  std::vector<Meaning> meanings;
  for (const std::string& key : compared) meanings.push_back(meaning_of(key, kind_));
  take_names(keys, meanings);
  if (const auto both = find_double()) {
    const std::string second = excerpt(both->second->written, kShownName);
    return fmt::format("its keys `{}` and `{}` both are {}; drop one, or leave it out with --map '{}=raw_json'",
                       excerpt(both->first->written, kShownName), second, name_of(*both->second->meaning.column),
                       second);
  }
  const Field* const from = field_of(rules_.sku_from.value_or(Column::channel_product_no));
  if (field_of(Column::sku) == nullptr && from != nullptr) key_from_ = static_cast<std::size_t>(from - fields_.data());
  join_category_parts();
  name_fields();
  return {};
}

void ProductColumns::take_names(const CsvRecord& names, const std::vector<Meaning>& meanings) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    Field field;
    field.written = to_nfc(trim_blanks(names[i]));
    field.nameless = field.written.empty();
    field.meaning = meanings[i];
    fields_.push_back(std::move(field));
  }
  known_columns_ = static_cast<std::size_t>(std::ranges::count(meanings, true, &Meaning::known));
  yield_to_earlier_names();
}

// Of names that mean one column in files of the kind, the one that its table has first is taken.
void ProductColumns::yield_to_earlier_names() {
  for (Field& field : fields_) {
    const auto* own = field.meaning.of_kind;
    if (own == nullptr || !own->column) continue;
    const auto precedes = [&](const Field& other) {
      const auto* theirs = other.meaning.of_kind;
      return theirs != nullptr && theirs < own && theirs->column == own->column;
    };
    if (std::ranges::any_of(fields_, precedes)) field.meaning.column.reset();
  }
}

// The first two of a column.
std::optional<std::pair<const ProductColumns::Field*, const ProductColumns::Field*>> ProductColumns::find_double()
    const {
  for (const Field& field : fields_) {
    if (!field.meaning.column) continue;
    if (const Field* const first = field_of(*field.meaning.column); first != &field) return std::pair(first, &field);
  }
  return std::nullopt;
}

void ProductColumns::refuse_doubles(const std::string& file, const std::string& shown) const {
  const auto both = find_double();
  if (!both) return;
  const std::string second = excerpt(both->second->written, kShownName);
  throw Error(fmt::format(
      "cannot read {}: its columns `{}` and `{}` both are {}; drop one, or leave it out with --map "
      "'{}=raw_json'. The "
      "header: {}",
      file, excerpt(both->first->written, kShownName), second, name_of(*both->second->meaning.column), second, shown));
}

void ProductColumns::find_key(const std::string& file, const std::string& shown) {
  const Column from = rules_.sku_from.value_or(Column::channel_product_no);
  const Field* const sku = field_of(Column::sku);
  const Field* const other = field_of(from);
  if (sku != nullptr && rules_.sku_from && other != nullptr)
    throw Error(
        fmt::format("cannot read {}: its column `{}` is sku, and --sku-from says that `{}` is; leave one out, the "
                    "column with --map "
                    "'{}=raw_json'. The header: {}",
                    file, excerpt(sku->written, kShownName), excerpt(other->written, kShownName),
                    excerpt(sku->written, kShownName), shown));
  if (sku != nullptr) return;
  if (other != nullptr) {
    key_from_ = static_cast<std::size_t>(other - fields_.data());
    return;
  }
  const bool has_code = field_of(Column::seller_management_code) != nullptr;
  throw Error(fmt::format("cannot read {}: its header names no column `sku`; {}{}. The header: {}", file, advice(),
                          has_code ? ", or --sku-from seller_management_code" : "", shown));
}

// 대분류, 중분류, … make the category's name, unless a column has it whole.
void ProductColumns::join_category_parts() {
  if (field_of(Column::category_name) != nullptr) return;
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    const auto* column = fields_[i].meaning.of_kind;
    if (column != nullptr && column->level > 0) category_parts_.push_back(i);
  }
  std::ranges::stable_sort(category_parts_, {}, [&](std::size_t i) { return fields_[i].meaning.of_kind->level; });
  for (const std::size_t part : category_parts_) fields_[part].is_part = true;
}

void ProductColumns::name_fields() {
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    Field& field = fields_[i];
    if (field.is_part) continue;
    const auto column = field.meaning.column;
    field.name = column           ? std::string(name_of(*column))
                 : field.nameless ? fmt::format("column_{}", i + 1)
                                  : field.written;
    const auto is_field = [&](std::string_view name) { return !column && catalogue::column_of(name); };
    const auto taken = [&](std::string_view name) {
      const auto named = [&](const Field& other) { return other.name == name; };
      return is_field(name) || std::any_of(fields_.data(), &field, named);
    };
    if (const std::string name = field.name; taken(name)) {
      for (int n = 2; taken(field.name); ++n) field.name = fmt::format("{}_{}", name, n);
      notes_.push_back(fmt::format(
          "{}; column {} is kept as `{}`",
          is_field(name) ? fmt::format("`{}` is a field that its column of that name is not", name)
                         : fmt::format("its column `{}` stands there more than once", excerpt(name, kShownName)),
          i + 1, excerpt(field.name, kShownName)));
    }
    append_json_string(field.name, field.key);
    field.key += ':';
  }
}

const ProductColumns::Field* ProductColumns::field_of(Column column) const {
  const auto is = [&](const Field& field) { return field.meaning.column == column; };
  const auto found = std::ranges::find_if(fields_, is);
  return found == fields_.end() ? nullptr : &*found;
}

// What a workbook makes of codes, and of formulas that nobody reckoned.
std::string ProductColumns::fault_of(const sheet::Record& record) const {
  std::string faults;
  for (std::size_t i = 0; i < record.kinds.size() && i < fields_.size(); ++i) {
    const auto column = fields_[i].meaning.column;
    if (!column && !fields_[i].is_part) continue;
    const std::string spoilt = column && is_code(*column) ? fault_of_code(record, i) : std::string();
    if (spoilt.empty() && record.kinds[i] != sheet::CellKind::unreckoned) continue;
    faults +=
        fmt::format("{}{} ", faults.empty() ? "" : "; ", column ? name_of(*column) : name_of(Column::category_name));
    faults += !spoilt.empty()
                  ? spoilt
                  : "is a formula without its value; open the workbook in a spreadsheet program and save it";
  }
  return faults;
}

// Its key is no key but words about one, or is missing; else most of its cells must be such words.
bool ProductColumns::is_guide(const CsvRecord& cells) const {
  std::size_t filled = 0;
  std::size_t guiding = 0;
  bool has_key = false;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string_view cell = trim_blanks(cells[i]);
    if (cell.empty()) continue;
    const bool guides = guides_author(cell);
    if (is_key(i) && guides) return is_example(cell) || !is_row(cells);
    has_key |= is_key(i);
    ++filled;
    guiding += guides ? 1 : 0;
  }
  return guiding > 0 && (!has_key || (guiding > 1 && guiding * 2 > filled));
}

bool ProductColumns::is_key(std::size_t i) const {
  return i < fields_.size() && (fields_[i].meaning.column == Column::sku || key_from_ == i);
}

// Its first cell says so, and it has neither a name nor another key.
bool ProductColumns::sums_rows(const CsvRecord& cells, std::size_t first) const {
  if (!is_word_of_sum(trim_blanks(cells[first]))) return false;
  for (std::size_t i = first + 1; i < cells.size() && i < fields_.size(); ++i)
    if ((is_key(i) || fields_[i].meaning.column == Column::name) && !trim_blanks(cells[i]).empty()) return false;
  return true;
}

// Most rows are known by their keys alone: a code of letters and digits is in no header, and in front of no sum.
bool ProductColumns::has_plain_key(const CsvRecord& cells) const {
  if (!key_ || *key_ >= cells.size()) return false;
  bool has_digit = false;
  for (const char c : cells[*key_]) {
    if (!is_letter(c) && !is_digit(c) && c != '-' && c != '_') return false;
    has_digit |= is_digit(c);
  }
  return has_digit;
}

// Its key is what a key's column is called, and another cell is the name of a column, too; no name begins with a digit.
bool ProductColumns::is_other_header(const CsvRecord& cells) const {
  if (!key_ || *key_ >= cells.size() || cells[*key_].empty()) return false;
  for (const std::size_t i : numbers_)
    if (i < cells.size() && !cells[i].empty() && is_digit(cells[i].front())) return false;
  return meaning_of(header_key(cells[*key_]), kind_).known && known(cells) > 1;
}

bool ProductColumns::is_header(const CsvRecord& cells) const {
  for (std::size_t i = 0; i < fields_.size(); ++i)
    if ((i < cells.size() ? trim_blanks(cells[i]) : std::string_view()) != fields_[i].written) return false;
  for (std::size_t i = fields_.size(); i < cells.size(); ++i)
    if (!trim_blanks(cells[i]).empty()) return false;
  return true;
}

sheet::Aside ProductColumns::aside_of(const CsvRecord& cells) const {
  using sheet::Aside;
  if (has_plain_key(cells)) return Aside::none;
  std::size_t first = cells.size();
  std::size_t filled = 0;
  for (std::size_t i = 0; i < cells.size() && filled < 2; ++i) {
    if (trim_blanks(cells[i]).empty()) continue;
    if (filled++ == 0) first = i;
  }
  const bool has_columns = fields_.size() > 1;
  if (filled == 0 || first >= fields_.size()) return Aside::none;
  if (has_columns && is_line_of_frame(cells)) return Aside::remark;
  if (filled > 1 && is_header(cells)) return Aside::header_again;
  if (filled > 1 && is_other_header(cells)) return Aside::other_header;
  const std::string_view cell = trim_blanks(cells[first]);
  if (!is_key(first) && first != 0) return Aside::none;
  if (sums_rows(cells, first)) return Aside::sum;
  return filled == 1 && has_columns && is_sentence(cell) ? Aside::remark : Aside::none;
}

bool ProductColumns::is_row(const CsvRecord& cells) const {
  bool has_number = false;
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    const auto column = fields_[i].meaning.column;
    if (!column) continue;
    const std::string_view cell = i < cells.size() ? cells[i] : std::string_view();
    if (is_key(i) && trim_blanks(cell).empty()) return false;
    if (!is_number(*column)) continue;
    const WholeNumber read = read_whole_number(cell, *column);
    if (!read.fault.empty()) return false;
    has_number |= read.number.has_value();
  }
  return has_number;
}

void ProductColumns::to_json(const sheet::Record& record, std::string& json) const {
  const CsvRecord& cells = record.cells;
  const auto cell_of = [&](std::size_t i) { return i < cells.size() ? cells[i] : std::string_view(); };
  json = '{';
  if (key_from_) {
    json += "\"sku\":";
    append_json_string(cell_of(*key_from_), json);
  }
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    const Field& field = fields_[i];
    const std::string_view cell = cell_of(i);
    if (field.nameless && cell.empty()) continue;
    if (field.is_part) {
      if (i == category_parts_.front()) append_category(cells, json);
      continue;
    }
    if (json.size() > 1) json += ',';
    json += field.key;
    append_cell(field, cell, json);
  }
  json += '}';
}

void ProductColumns::append_cell(const Field& field, std::string_view cell, std::string& json) const {
  if (cell.empty())
    json += "null";
  else if (field.meaning.column && is_number(*field.meaning.column))
    append_number(cell, *field.meaning.column, json);
  else if (field.meaning.of_kind != nullptr && field.meaning.column && !field.meaning.of_kind->words.empty())
    append_json_string(meant(*field.meaning.of_kind, cell), json);
  else
    append_json_string(cell, json);
}

void ProductColumns::rename(const std::vector<std::string_view>& values, std::string& json) const {
  json = '{';
  const auto append_comma = [&] {
    if (json.size() > 1) json += ',';
  };
  if (key_from_) json.append("\"sku\":").append(values[*key_from_]);
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (fields_[i].is_part) {
      if (i != category_parts_.front()) continue;
      CsvRecord parts;
      for (const std::string_view value : values) parts.add(text_of(value));
      append_category(parts, json);
      continue;
    }
    append_comma();
    json += fields_[i].key;
    append_value(fields_[i], values[i], json);
  }
  json += '}';
}

void ProductColumns::append_value(const Field& field, std::string_view value, std::string& json) const {
  const auto* of_kind = field.meaning.of_kind;
  if (of_kind == nullptr || !field.meaning.column || of_kind->words.empty() || !value.starts_with('"')) {
    json += value;
    return;
  }
  append_json_string(meant(*of_kind, text_of(value)), json);
}

// As the Commerce API has it: 생활/건강>주방용품>잔/컵.
void ProductColumns::append_category(const CsvRecord& cells, std::string& json) const {
  std::string whole;
  for (const std::size_t part : category_parts_) {
    const std::string_view name = part < cells.size() ? trim_blanks(cells[part]) : std::string_view();
    if (!name.empty()) whole.append(whole.empty() ? "" : ">").append(name);
  }
  if (json.size() > 1) json += ',';
  json += "\"category_name\":";
  if (whole.empty())
    json += "null";
  else
    append_json_string(whole, json);
}

std::vector<ProductColumns::Told> ProductColumns::told() const {
  std::vector<Told> told;
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    const Field& field = fields_[i];
    std::string into(kRawJson);
    if (field.is_part)
      into = fmt::format("category_name, level {}", field.meaning.of_kind->level);
    else if (field.meaning.column)
      into = fmt::format("{}{}", key_from_ == i ? "sku, " : "", name_of(*field.meaning.column));
    else if (!field.meaning.known)
      into += ", not known";
    told.push_back({field.nameless ? field.name : field.written, std::move(into)});
  }
  return told;
}

std::vector<std::string> ProductColumns::known_without_column() const {
  std::vector<std::string> names;
  for (const Field& field : fields_)
    if (field.meaning.known && !field.meaning.column && !field.is_part) names.push_back(field.name);
  return names;
}

}  // namespace pipeline::upsert
