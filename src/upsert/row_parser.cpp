#include "pipeline/upsert/row_parser.h"

#include "pipeline/base/canonical_json.h"
#include "pipeline/base/characters.h"
#include "pipeline/base/fingerprint.h"
#include "pipeline/base/text.h"
#include "pipeline/catalogue/columns.h"

#include "code.h"
#include "spreadsheet.h"
#include "whole_number.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>

namespace pipeline::upsert {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::size_t kValueShown = 40;  // columns of a faulty value in a message

std::string shown(element value) {
  std::string text;
  append_canonical(value, text);
  return shorten(text, kValueShown);
}

// 12000.0 is a whole number as well: what spreadsheets and data frames make of 12000.
std::optional<std::int64_t> whole_number(element value) {
  std::int64_t integer = 0;
  if (value.is_int64() && value.get(integer) == simdjson::SUCCESS) return integer;
  constexpr double kExact = 0x1p53;
  double real = 0;
  if (!value.is_double() || value.get(real) != simdjson::SUCCESS) return std::nullopt;
  if (real != std::trunc(real) || std::abs(real) > kExact) return std::nullopt;
  return static_cast<std::int64_t>(real);
}

// The list and the detail of the Commerce API name the picture in an object of its own.
element unwrapped(element value) {
  object holder;
  element url;
  if (value.get(holder) == simdjson::SUCCESS && holder.at_key("url").get(url) == simdjson::SUCCESS) return url;
  return value;
}

// nlohmann tells where the fault is, which simdjson does not.
std::string describe(simdjson::error_code error, std::string_view json) {
  if (json.find('\0') != std::string_view::npos)
    return "has a NUL byte; was the file cut or damaged when it was copied?";
  if (error == simdjson::NUMBER_ERROR) return "a number is malformed or beyond 64 bits";
  if (error == simdjson::DEPTH_ERROR) return "is nested too deeply";
  const char* const kind = error == simdjson::UTF8_ERROR ? "is not UTF-8" : "is no valid JSON";
  try {
    [[maybe_unused]] const auto valid = nlohmann::json::parse(json);
  } catch (const nlohmann::json::parse_error& fault) {
    return fmt::format("{}, at byte {} of the row", kind, fault.byte);
  } catch (const nlohmann::json::exception&) {
    // A number beyond what a double holds, before the fault: it tells no place.
  }
  return fmt::format("{}: {}", kind, simdjson::error_message(error));
}

// The text of a number, for a column of text.
std::optional<std::string> number_text(element value) {
  if (!value.is_number()) return std::nullopt;
  std::string text;
  append_canonical(value, text);
  return text;
}

std::string_view without_blanks_behind(std::string_view token) noexcept {
  return token.substr(0, token.find_last_not_of(" \t\r\n") + 1);
}

void append_value(std::string_view column, std::string_view text, std::string& out) {
  out += column;
  out.push_back('=');
  append_json_string(text, out);
  out.push_back('\n');
}

void append_value(std::string_view column, std::int64_t number, std::string& out) {
  fmt::format_to(std::back_inserter(out), "{}={}\n", column, number);
}

}  // namespace

// What a row says of the columns, checked; and what is wrong with it.
struct RowParser::Columns {
  std::array<std::optional<std::string_view>, catalogue::kColumns.size()> texts;
  std::array<std::optional<std::int64_t>, catalogue::kColumns.size()> numbers;
  std::array<bool, catalogue::kColumns.size()> given;    // rightly or wrongly
  std::array<bool, catalogue::kColumns.size()> emptied;  // by a null, or by an empty text for a number
  std::array<std::string, catalogue::kColumns.size()>& made;
  std::string_view number_token;  // of a `sku` that is a number
  std::string& faults;

  void fault(std::string_view text) {
    if (!faults.empty()) faults += "; ";
    faults += text;
  }

  void fault(catalogue::Column column, std::string_view text) { fault(fmt::format("{} {}", name_of(column), text)); }

  void take(catalogue::Column column, element value) {
    if (column == catalogue::Column::image_url) value = unwrapped(value);
    if (value.is_null()) {
      emptied[index(column)] = true;
    } else if (is_number(column)) {
      take_number(column, value);
    } else {
      given[index(column)] = true;
      take_text(column, value);
    }
  }

  void take_number(catalogue::Column column, element value) {
    std::string_view text;
    if (value.get(text) == simdjson::SUCCESS) {
      const WholeNumber read = read_whole_number(text, column);
      const bool says_something = read.number || !read.fault.empty();
      (says_something ? given : emptied)[index(column)] = true;
      if (!read.fault.empty()) fault(column, read.fault);
      if (read.number) keep(numbers[index(column)], *read.number, column);
      return;
    }
    given[index(column)] = true;
    if (const auto number = whole_number(value); !number) {
      fault(fmt::format("{} is {}, not a whole number of at most 64 bits", name_of(column), shown(value)));
    } else if (*number < 0) {
      fault(fmt::format("{} is {}, below zero", name_of(column), *number));
    } else {
      keep(numbers[index(column)], *number, column);
    }
  }

  void take_text(catalogue::Column column, element value) {
    std::string_view text;
    if (value.get(text) == simdjson::SUCCESS)
      is_code(column) ? take_code(column, text) : take_words(column, text);
    else if (column == catalogue::Column::sku && value.is_number())
      take_number_key(value);
    else if (const auto number = number_text(value))
      keep_made(*number, column);
    else
      fault(fmt::format("{} is {}, not a text", name_of(column), shown(value)));
  }

  void take_code(catalogue::Column column, std::string_view text) {
    if (is_plain_code(text)) return keep(texts[index(column)], text, column);
    std::string code;
    if (const auto why = column == catalogue::Column::sku ? read_key(text, code) : read_code(text, code); !why.empty())
      fault(column, why);
    else if (!code.empty())
      keep_made(code, column);
  }

  // A double does not tell how it was spelt.
  void take_number_key(element value) {
    std::string key;
    std::string why;
    if (value.is_double())
      why = read_number_key(number_token, key);
    else
      why = read_number_key(*number_text(value), key);
    why.empty() ? keep_made(key, catalogue::Column::sku) : fault(catalogue::Column::sku, why);
  }

  void take_words(catalogue::Column column, std::string_view text) {
    if (column == catalogue::Column::source) text = trim_blanks(text);  // `COUPANG ` is COUPANG
    if (text.find('\0') != std::string_view::npos) return fault(column, "has a NUL character");
    if (is_error_value(text))
      return fault(column,
                   fmt::format("is `{}`, an error of a spreadsheet; mend it there", shorten(text, kValueShown)));
    if (is_formula(text))
      return fault(column, fmt::format("is `{}`, a formula that was not reckoned; save the file with values",
                                       shorten(text, kValueShown)));
    keep(texts[index(column)], catalogue::state_of(column, formula_text(text)), column);
  }

  // A text that the row does not have as it is.
  void keep_made(std::string_view text, catalogue::Column column) {
    auto& kept = texts[index(column)];
    if (!kept) {
      made[index(column)] = text;
      kept = made[index(column)];
    } else if (*kept != text) {
      fault_twice(column);
    }
  }

  // Two names of a column, or one name twice, may say the same.
  template <typename T>
  void keep(std::optional<T>& kept, T value, catalogue::Column column) {
    if (kept && *kept != value) fault_twice(column);
    kept = value;
  }
  void fault_twice(catalogue::Column column) { fault(column, "is given twice, with different values"); }

  [[nodiscard]] std::optional<std::string_view> text(catalogue::Column column) const { return texts[index(column)]; }
  [[nodiscard]] std::optional<std::int64_t> number(catalogue::Column column) const { return numbers[index(column)]; }

  [[nodiscard]] bool says_nothing() const { return std::ranges::find(given, true) == given.end(); }

  void check(std::string_view source, Says says) {
    if (!given[index(catalogue::Column::sku)]) fault("has no sku");
    if (source.empty()) fault("its source is empty");
    const bool priced = given[index(catalogue::Column::sale_price)];
    if (source == kOwnStore && !priced && (says == Says::all || emptied[index(catalogue::Column::sale_price)]))
      fault("has no sale_price, which a row of MY_STORE must have");
  }

  void append_content(std::string& out) const {
    for (std::size_t i = 0; i < catalogue::kColumns.size(); ++i) {
      const auto column = static_cast<catalogue::Column>(i);
      if (column == catalogue::Column::sku || column == catalogue::Column::source ||
          column == catalogue::Column::modified_at)
        continue;
      if (texts[i]) append_value(name_of(column), *texts[i], out);
      if (numbers[i]) append_value(name_of(column), *numbers[i], out);
    }
  }

  void fill(catalogue::Product& product) const {
    product.sku = *text(catalogue::Column::sku);
    for (std::size_t i = 0; i < catalogue::kColumns.size(); ++i) {
      if (const auto value = catalogue::kColumns[i].number) product.*value = numbers[i];
      if (const auto value = catalogue::kColumns[i].text) copy(texts[i], product.*value);
    }
  }

  // Into the memory that is there.
  static void copy(std::optional<std::string_view> value, std::optional<std::string>& into) {
    if (value)
      into = *value;
    else
      into.reset();
  }
};

RowParser::Key RowParser::peek(std::string_view json) {
  simdjson::ondemand::document row;
  simdjson::ondemand::value value;
  simdjson::ondemand::json_type type{};
  const simdjson::padded_string_view padded(json, json.size() + simdjson::SIMDJSON_PADDING);
  if (peek_.iterate(padded).get(row) != simdjson::SUCCESS) return {};
  if (row.find_field_unordered("sku").get(value) != simdjson::SUCCESS) return {};
  if (value.type().get(type) != simdjson::SUCCESS) return {};
  Key key;
  if (type == simdjson::ondemand::json_type::number)
    key = {without_blanks_behind(value.raw_json_token()), true};
  else if (value.get_string().get(key.spelling) != simdjson::SUCCESS)
    return {};
  return key;
}

std::string_view RowParser::find_sku(std::string_view json) {
  const Key key = peek(json);
  if (!key.is_number && is_plain_code(key.spelling)) return key.spelling;
  const std::string fault = key.is_number ? read_number_key(key.spelling, sku_) : read_key(key.spelling, sku_);
  return fault.empty() ? std::string_view(sku_) : std::string_view();
}

std::string RowParser::spelling_of_sku(std::string_view json) {
  return std::string(peek(json).spelling);
}

std::string RowParser::parse(std::string_view json, catalogue::Product& product) {
  constexpr bool kCopyFirst = false;  // the bytes behind it are readable
  element root;
  if (const auto error = parser_.parse(json.data(), json.size(), kCopyFirst).get(root); error != simdjson::SUCCESS)
    return describe(error, json);
  object row;
  if (root.get(row) != simdjson::SUCCESS) return "is no JSON object";

  faults_.clear();
  Columns columns{{}, {}, {}, {}, made_, {}, faults_};
  if (element sku; row["sku"].get(sku) == simdjson::SUCCESS && sku.is_double())
    columns.number_token = peek(json).spelling;
  read(row, columns);
  const std::string_view source = columns.text(catalogue::Column::source).value_or(source_);
  columns.check(source, says_);
  if (const auto list = columns.says_nothing() ? list_of_rows() : std::string_view(); !list.empty())
    faults_ += fmt::format(
        "; its `{}` is a list: make each of it a row first: jq -c '.\"{}\"[]' FILE | pipeline upsert -", list, list);
  content_.clear();
  append_value("source", source, content_);
  columns.append_content(content_);
  append_others();
  // JSON can spell half a surrogate pair, which is no text.
  if (!is_utf8(content_) || !is_utf8(columns.text(catalogue::Column::sku).value_or("")) ||
      !is_utf8(columns.text(catalogue::Column::modified_at).value_or("")))
    columns.fault("has half a surrogate pair, \\uD800 to \\uDFFF, in a text");
  if (!faults_.empty()) return faults_;

  columns.fill(product);
  product.source = source;
  product.content_hash = hasher_.hash(content_);
  product.row_hash = fingerprint_of(json);
  product.raw_json = json;
  product.parse_status = catalogue::ParseStatus::ok;
  product.parse_error.clear();
  return {};
}

bool may_be_new(const catalogue::Product& product) noexcept {
  return product.source != kOwnStore || product.sale_price;
}

void RowParser::read(object row, Columns& columns) {
  others_.clear();
  for (const auto [key, value] : row) {
    if (const auto column = catalogue::column_of(key))
      columns.take(*column, value);
    else if (catalogue::is_content(key) && !value.is_null())
      others_.emplace_back(key, value);
  }
}

// A member of the row that is a list of objects, as the answer of an API has its products; empty: it has none.
std::string_view RowParser::list_of_rows() const {
  for (const auto& [key, value] : others_) {
    simdjson::dom::array list;
    if (value.get(list) == simdjson::SUCCESS && list.size() > 0 && list.at(0).is_object()) return key;
  }
  return {};
}

void RowParser::append_others() {
  std::ranges::stable_sort(others_, {}, &decltype(others_)::value_type::first);
  for (std::size_t i = 0; i < others_.size(); ++i) {
    const auto& [key, value] = others_[i];
    if (i + 1 < others_.size() && others_[i + 1].first == key) continue;  // the last of doubled keys counts
    append_json_string(key, content_);
    content_.push_back('=');
    append_canonical(value, content_);
    content_.push_back('\n');
  }
}

}  // namespace pipeline::upsert
