#pragma once

#include "pipeline/base/clock.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Values on their way to the server, in PostgreSQL's binary form.
namespace pipeline::store::postgres {

// One column of many rows, for unnest(): text[], bigint[] or bytea[].
class Column {
 public:
  enum class Type { text, number, bytes };
  explicit Column(Type type) : type_(type), array_(kHeader, '\0') {}

  // PostgreSQL's text has no NUL and nothing that is no UTF-8: U+FFFD stands for it. So of Values.
  void add(std::string_view text);
  void add(std::int64_t number);
  void add(std::span<const std::uint8_t> bytes);
  void add(WallTime time);  // Unix milliseconds
  void add(std::nullopt_t);
  template <typename T>
  void add(const std::optional<T>& value) {
    value ? add(*value) : add(std::nullopt);
  }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  friend class Values;
  static constexpr std::size_t kHeader = 20;
  [[nodiscard]] std::string in_binary() &&;

  Type type_;
  std::size_t size_ = 0;
  bool has_null_ = false;
  std::string array_;  // its header, which is filled in at last, and the elements
};

// The values of one statement's $1, $2, …, which are copied, or moved. A NULL has no type of its own: where the
// statement does not tell it, it casts ($1::text).
class Values {
 public:
  Values() = default;
  template <typename... T>
  static Values of(T&&... values) {
    Values all;
    (all.add(std::forward<T>(values)), ...);
    return all;
  }

  Values& add(std::string_view text);
  Values& add(const char* text) { return add(std::string_view(text)); }
  Values& add(const std::string& text) { return add(std::string_view(text)); }
  Values& add(std::int64_t number);
  Values& add(int number) { return add(std::int64_t{number}); }
  Values& add(bool value);
  Values& add(std::span<const std::uint8_t> bytes);
  Values& add(WallTime time);  // Unix milliseconds
  Values& add(std::nullopt_t);
  Values& add(Column column);
  template <typename T>
  Values& add(const std::optional<T>& value) {
    return value ? add(*value) : add(std::nullopt);
  }

  [[nodiscard]] int size() const noexcept { return static_cast<int>(values_.size()); }
  // As PQsendQueryParams() wants them; they last as long as this.
  struct Arrays {
    std::vector<unsigned> types;
    std::vector<const char*> values;
    std::vector<int> lengths;
    std::vector<int> formats;
  };
  [[nodiscard]] Arrays arrays() const;

 private:
  struct Value {
    unsigned type;
    std::optional<std::string> bytes;
  };
  std::vector<Value> values_;
};

}  // namespace pipeline::store::postgres
