#include "json_document.h"

#include "pipeline/base/ascii.h"
#include "pipeline/base/text.h"

#include "json_repair.h"
#include "text_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace pipeline::package {
namespace {

constexpr std::size_t kDeepestJson = 32;
constexpr std::size_t kMostFields = 500;  // of one object, whose fields are compared with each other
constexpr std::size_t kExactDigits = 15;  // that a double keeps
constexpr std::string_view kRoot = "$";

// nlohmann's message without its prefix, and without the bytes last read, which may be half a character.
std::string reason_of(std::string_view message) {
  for (const std::string_view before : {"] ", "syntax error while parsing ", " - "})
    if (const auto at = message.find(before); at != std::string_view::npos) message.remove_prefix(at + before.size());
  return std::string(message.substr(0, message.find("; last read")));
}

std::size_t significant_digits(std::string_view number) {
  std::size_t digits = 0;
  for (const char c : number.substr(0, number.find_first_of("eE")))
    if (is_digit(c) && (digits > 0 || c != '0')) ++digits;
  return digits;
}

// Builds the value, as nlohmann's own handler does, and remembers where it is.
class Builder final : public nlohmann::json_sax<Json> {
 public:
  Builder(std::string_view text, std::string_view name, JsonDocument& document)
      : text_(text), name_(name), document_(document) {}

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t& digits) override {
    const bool added = add(value);
    if (significant_digits(digits) > kExactDigits)
      fault(place_of_last(), "is a number of more digits than can be kept; write it as a text");
    return added;
  }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t& value) override { return add(std::move(value)); }

  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    Level& level = levels_.back();
    if (level.value->size() >= kMostFields)
      return give_up(level.place, fmt::format("has more than {} fields", kMostFields));
    const bool is_new = !level.value->contains(name);
    level.key = name;
    if (!is_new) fault(field_place(level.place, name), "is given twice");
    return true;
  }

  bool parse_error(std::size_t byte, const std::string&, const nlohmann::detail::exception& error) override {
    const std::size_t at = byte == 0 ? 0 : byte - 1;
    const std::string reason = reason_of(error.what());
    return give_up(std::string(name_), fmt::format("is no JSON at {}: {}{}", describe(position_of(text_, at)), reason,
                                                   cure_of(text_, at, reason)));
  }

 private:
  struct Level {
    Json* value;  // its container is not added to meanwhile
    std::string place;
    std::string key;  // of the field that comes
  };

  template <typename Value>
  bool add(Value&& value) {
    put(Json(std::forward<Value>(value)));
    return true;
  }

  Json* put(Json&& value) {
    if (levels_.empty()) return &(document_.root = std::move(value));
    Level& level = levels_.back();
    if (level.value->is_array()) return &level.value->emplace_back(std::move(value));
    return &((*level.value)[level.key] = std::move(value));
  }

  bool open(Json&& container) {
    if (levels_.size() == kDeepestJson) return give_up(levels_.back().place, "is nested too deeply");
    Json* const value = put(std::move(container));
    levels_.push_back({value, levels_.empty() ? std::string(kRoot) : place_of_last(), {}});
    return true;
  }

  bool close() {
    levels_.pop_back();
    return true;
  }

  [[nodiscard]] std::string place_of_last() const {
    if (levels_.empty()) return std::string(kRoot);
    const Level& level = levels_.back();
    return level.value->is_array() ? item_place(level.place, level.value->size() - 1)
                                   : field_place(level.place, level.key);
  }

  void fault(std::string place, std::string what) { document_.faults.push_back({std::move(place), std::move(what)}); }

  bool give_up(std::string place, std::string what) {
    fault(std::move(place), std::move(what));
    levels_.clear();
    document_.root = nullptr;
    return false;
  }

  std::string_view text_;
  std::string_view name_;
  JsonDocument& document_;
  std::vector<Level> levels_;
};

// Whether a field's name can stand behind a dot.
bool is_plain(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return static_cast<unsigned char>(c) >= 0x80 || is_letter(c) || is_digit(c) || c == '_' || c == '-';
  });
}

}  // namespace

JsonDocument parse_json(std::string_view text, std::string_view name) {
  JsonDocument document;
  const WithoutCommas repaired = without_extra_commas(text);
  for (const Position& comma : repaired.removed)
    document.notes.push_back(fmt::format("{} has a comma too many at {}: it was passed over", name, describe(comma)));
  Builder builder(repaired.text, name, document);
  (void)Json::sax_parse(repaired.text, &builder);  // what it returns is in the faults
  return document;
}

std::string field_place(std::string_view parent, std::string_view name) {
  std::string place(parent);
  if (is_plain(name)) return place.append(".").append(name);
  place += '[';
  append_json_string(name, place);
  return place += ']';
}

std::string item_place(std::string_view parent, std::size_t index) {
  return fmt::format("{}[{}]", parent, index);
}

}  // namespace pipeline::package
