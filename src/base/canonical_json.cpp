#include "pipeline/base/canonical_json.h"

#include "pipeline/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
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

// Appends values one after the other; the members of the objects that are open are kept in one list.
class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  void append(simdjson::dom::element value) {
    using Type = simdjson::dom::element_type;
    switch (value.type()) {
      case Type::OBJECT:
        append_object(value.get_object().value_unsafe());
        break;
      case Type::ARRAY:
        append_array(value.get_array().value_unsafe());
        break;
      case Type::STRING:
        append_json_string(value.get_string().value_unsafe(), out_);
        break;
      case Type::INT64:
        append_number(value.get_int64().value_unsafe(), out_);
        break;
      case Type::UINT64:
        append_number(value.get_uint64().value_unsafe(), out_);
        break;
      case Type::DOUBLE:
        append_double(value.get_double().value_unsafe(), out_);
        break;
      case Type::BOOL:
        out_ += value.get_bool().value_unsafe() ? "true" : "false";
        break;
      case Type::NULL_VALUE:
        out_ += "null";
        break;
    }
  }

 private:
  using Member = std::pair<std::string_view, simdjson::dom::element>;

  // Of equal keys the one that stands later comes later: they lie in one buffer, in the order they were read.
  static bool is_before(const Member& a, const Member& b) noexcept {
    const int order = a.first.compare(b.first);
    return order != 0 ? order < 0 : std::less<>()(a.first.data(), b.first.data());
  }

  void append_object(simdjson::dom::object object) {
    const std::size_t first = members_.size();
    for (const auto [key, value] : object) members_.emplace_back(key, value);
    const std::size_t end = members_.size();
    std::sort(members_.begin() + static_cast<std::ptrdiff_t>(first), members_.end(), is_before);
    out_.push_back('{');
    for (std::size_t i = first; i < end; ++i) {
      if (i + 1 < end && members_[i + 1].first == members_[i].first) continue;
      if (out_.back() != '{') out_.push_back(',');
      append_json_string(members_[i].first, out_);
      out_.push_back(':');
      append(members_[i].second);
    }
    members_.resize(first);
    out_.push_back('}');
  }

  void append_array(simdjson::dom::array array) {
    out_.push_back('[');
    bool first = true;
    for (const auto value : array) {
      if (!std::exchange(first, false)) out_.push_back(',');
      append(value);
    }
    out_.push_back(']');
  }

  std::string& out_;
  std::vector<Member> members_;
};

}  // namespace

void append_canonical(simdjson::dom::element value, std::string& out) {
  Writer(out).append(value);
}

}  // namespace pipeline
