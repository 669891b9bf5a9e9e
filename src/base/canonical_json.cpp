#include "pipeline/base/canonical_json.h"

#include "pipeline/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

namespace pipeline {
namespace {

template <typename Number>
void append_number(Number value, std::string& out) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, end);
}

// A whole number has one form however it is spelt: 100000.0 and 1e5 are 100000.
void append_double(double value, std::string& out) {
  if (value != std::trunc(value) || value < -0x1p63 || value >= 0x1p64)
    append_number(value, out);
  else if (value < 0)
    append_number(static_cast<std::int64_t>(value), out);
  else
    append_number(static_cast<std::uint64_t>(value), out);
}

void append_object(simdjson::dom::object object, std::string& out) {
  std::vector<std::pair<std::string_view, simdjson::dom::element>> members;
  members.reserve(object.size());
  for (const auto [key, value] : object) members.emplace_back(key, value);
  std::ranges::stable_sort(members, {}, &decltype(members)::value_type::first);
  out.push_back('{');
  bool first = true;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (i + 1 < members.size() && members[i + 1].first == members[i].first) continue;
    if (!std::exchange(first, false)) out.push_back(',');
    append_json_string(members[i].first, out);
    out.push_back(':');
    append_canonical(members[i].second, out);
  }
  out.push_back('}');
}

void append_array(simdjson::dom::array array, std::string& out) {
  out.push_back('[');
  bool first = true;
  for (const auto value : array) {
    if (!std::exchange(first, false)) out.push_back(',');
    append_canonical(value, out);
  }
  out.push_back(']');
}

}  // namespace

void append_canonical(simdjson::dom::element value, std::string& out) {
  using Type = simdjson::dom::element_type;
  switch (value.type()) {
    case Type::OBJECT:
      append_object(value.get_object().value_unsafe(), out);
      break;
    case Type::ARRAY:
      append_array(value.get_array().value_unsafe(), out);
      break;
    case Type::STRING:
      append_json_string(value.get_string().value_unsafe(), out);
      break;
    case Type::INT64:
      append_number(value.get_int64().value_unsafe(), out);
      break;
    case Type::UINT64:
      append_number(value.get_uint64().value_unsafe(), out);
      break;
    case Type::DOUBLE:
      append_double(value.get_double().value_unsafe(), out);
      break;
    case Type::BOOL:
      out += value.get_bool().value_unsafe() ? "true" : "false";
      break;
    case Type::NULL_VALUE:
      out += "null";
      break;
  }
}

}  // namespace pipeline
