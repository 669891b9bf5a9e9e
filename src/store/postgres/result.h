#pragma once

#include "pipeline/base/clock.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

struct pg_result;

namespace pipeline::store::postgres {

// What a statement answered, in binary form; rows and columns count from 0. Views last as long as the result.
class Result {
 public:
  explicit Result(pg_result* result) noexcept : result_(result) {}

  // Whether there is one: at the end of the answers there is none.
  explicit operator bool() const noexcept { return result_ != nullptr; }
  [[nodiscard]] int status() const noexcept;  // of libpq
  [[nodiscard]] pg_result* get() const noexcept { return result_.get(); }

  [[nodiscard]] int rows() const noexcept;
  // Rows that an INSERT, UPDATE or DELETE changed.
  [[nodiscard]] std::int64_t changed() const;

  [[nodiscard]] bool is_null(int row, int column) const noexcept;
  [[nodiscard]] std::int64_t integer(int row, int column) const;   // smallint to bigint, boolean; 0 of NULL
  [[nodiscard]] std::string_view text(int row, int column) const;  // empty of NULL
  [[nodiscard]] std::span<const std::uint8_t> bytes(int row, int column) const;
  [[nodiscard]] std::vector<std::string_view> texts(int column) const;  // of all rows

 private:
  struct Clear {
    void operator()(pg_result* result) const noexcept;
  };
  std::unique_ptr<pg_result, Clear> result_;
};

// One of its rows: what the readers of products, entries and posts take.
class Row {
 public:
  Row(const Result& result, int row) noexcept : result_(result), row_(row) {}

  [[nodiscard]] bool is_null(int column) const noexcept { return result_.is_null(row_, column); }
  [[nodiscard]] std::int64_t integer(int column) const { return result_.integer(row_, column); }
  [[nodiscard]] std::string_view text(int column) const { return result_.text(row_, column); }
  [[nodiscard]] std::span<const std::uint8_t> bytes(int column) const { return result_.bytes(row_, column); }
  [[nodiscard]] WallTime time(int column) const { return WallTime(std::chrono::milliseconds(integer(column))); }
  [[nodiscard]] std::optional<WallTime> time_or_none(int column) const {
    return is_null(column) ? std::nullopt : std::optional(time(column));
  }

 private:
  const Result& result_;
  int row_;
};

}  // namespace pipeline::store::postgres
