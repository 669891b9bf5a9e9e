#include "values.h"

#include "pipeline/base/characters.h"
#include "pipeline/base/text.h"

#include <utility>

namespace pipeline::store::postgres {
namespace {

// Of the types, as pg_type.dat of PostgreSQL has them: they never change.
constexpr unsigned kBool = 16;
constexpr unsigned kBytes = 17;
constexpr unsigned kNumber = 20;  // bigint
constexpr unsigned kText = 25;
constexpr unsigned kBytesArray = 1001;
constexpr unsigned kTextArray = 1009;
constexpr unsigned kNumberArray = 1016;

// Most significant byte first.
template <typename Integer>
void put_integer(std::string& to, std::size_t at, Integer value) {
  for (std::size_t i = sizeof value; i > 0; --i) {
    to[at + i - 1] = static_cast<char>(value);
    value = static_cast<Integer>(value >> 8);
  }
}

template <typename Integer>
void append_integer(std::string& to, Integer value) {
  to.resize(to.size() + sizeof value);
  put_integer(to, to.size() - sizeof value, value);
}

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

void append_utf8_text(std::string& to, std::string_view text) {
  for (auto end = text.find('\0'); end != text.npos; end = text.find('\0')) {
    to.append(text.substr(0, end)).append(kReplacement);
    text.remove_prefix(end + 1);
  }
  to.append(text);
}

void append_text(std::string& to, std::string_view text) {
  if (is_utf8(text)) return append_utf8_text(to, text);
  std::string mended;
  while (!text.empty()) append_utf8(take_character(text), mended);
  append_utf8_text(to, mended);
}

std::string_view as_text(std::span<const std::uint8_t> bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::int64_t milliseconds(WallTime time) noexcept {
  return time.time_since_epoch().count();
}

}  // namespace

void Column::add(std::string_view text) {
  const std::size_t length = array_.size();
  append_integer(array_, std::int32_t{0});
  const std::size_t begin = array_.size();
  append_text(array_, text);
  put_integer(array_, length, static_cast<std::int32_t>(array_.size() - begin));
  ++size_;
}

void Column::add(std::int64_t number) {
  append_integer(array_, std::int32_t{sizeof number});
  append_integer(array_, number);
  ++size_;
}

void Column::add(std::span<const std::uint8_t> bytes) {
  append_integer(array_, static_cast<std::int32_t>(bytes.size()));
  array_.append(as_text(bytes));
  ++size_;
}

void Column::add(WallTime time) {
  add(milliseconds(time));
}

void Column::add(std::nullopt_t) {
  append_integer(array_, std::int32_t{-1});
  has_null_ = true;
  ++size_;
}

// array_recv() of PostgreSQL: dimensions, whether there are NULLs, the elements' type, then of the one dimension its
// size and the index of the first.
std::string Column::in_binary() && {
  const unsigned element = type_ == Type::text ? kText : type_ == Type::number ? kNumber : kBytes;
  const std::int32_t dimensions = size_ == 0 ? 0 : 1;
  if (size_ == 0) array_.resize(kHeader - 2 * sizeof(std::int32_t));
  std::size_t at = 0;
  const auto put = [&](auto value) {
    put_integer(array_, at, value);
    at += sizeof value;
  };
  put(dimensions);
  put(std::int32_t{has_null_});
  put(element);
  if (size_ == 0) return std::move(array_);
  put(static_cast<std::int32_t>(size_));
  put(std::int32_t{1});
  return std::move(array_);
}

Values& Values::add(std::string_view text) {
  std::string bytes;
  append_text(bytes, text);
  values_.push_back({kText, std::move(bytes)});
  return *this;
}

Values& Values::add(std::int64_t number) {
  std::string bytes;
  append_integer(bytes, number);
  values_.push_back({kNumber, std::move(bytes)});
  return *this;
}

Values& Values::add(bool value) {
  values_.push_back({kBool, std::string(1, value ? '\1' : '\0')});
  return *this;
}

Values& Values::add(std::span<const std::uint8_t> bytes) {
  values_.push_back({kBytes, std::string(as_text(bytes))});
  return *this;
}

Values& Values::add(WallTime time) {
  return add(milliseconds(time));
}

Values& Values::add(std::nullopt_t) {
  values_.push_back({0, std::nullopt});
  return *this;
}

Values& Values::add(Column column) {
  const unsigned type = column.type_ == Column::Type::text     ? kTextArray
                        : column.type_ == Column::Type::number ? kNumberArray
                                                               : kBytesArray;
  values_.push_back({type, std::move(column).in_binary()});
  return *this;
}

Values::Arrays Values::arrays() const {
  Arrays arrays;
  for (const Value& value : values_) {
    arrays.types.push_back(value.type);
    arrays.values.push_back(value.bytes ? value.bytes->data() : nullptr);
    arrays.lengths.push_back(value.bytes ? static_cast<int>(value.bytes->size()) : 0);
    arrays.formats.push_back(1);
  }
  return arrays;
}

}  // namespace pipeline::store::postgres
