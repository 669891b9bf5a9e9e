#pragma once

#include "pipeline/base/clock.h"

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

struct sqlite3_stmt;

namespace pipeline::store::sqlite {

class Connection;

// A prepared statement, kept for the life of the connection. Values are bound without copying: they must outlive the
// step. A statement that has given a row holds a read snapshot until it is reset: read through a Use. Same thread as
// its database, which it borrows. Errors throw Error naming the database and the statement's purpose ("look up a
// product").
class Statement {
 public:
  // Resets the statement when the scope ends, in whatever way.
  class Use {
   public:
    explicit Use(Statement& statement) noexcept : statement_(statement) {}
    ~Use() { statement_.reset(); }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;

   private:
    Statement& statement_;
  };

  // `purpose` is kept as a view: a literal.
  Statement(Connection& connection, std::string_view purpose, std::string_view sql);
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  // Parameters count from 1.
  Statement& bind(int index, std::int64_t value);
  Statement& bind(int index, std::string_view text);
  Statement& bind(int index, std::span<const std::uint8_t> bytes);
  Statement& bind(int index, WallTime time);  // Unix milliseconds
  Statement& bind(int index, std::nullopt_t);
  template <typename T>
  Statement& bind(int index, const std::optional<T>& value) {
    return value ? bind(index, *value) : bind(index, std::nullopt);
  }
  // Would be gone before the step.
  template <std::same_as<std::string> T>
  Statement& bind(int index, T&& temporary) = delete;
  template <typename T>
  requires(!std::integral<T>) Statement& bind(int index, std::optional<T>&& temporary) = delete;

  bool step();  // true: a row is there; false: done, and reset
  void run();   // steps to the end
  void reset() noexcept;

  // Columns count from 0. Views end with the next step or reset.
  enum class Kind { null, integer, text, blob };
  [[nodiscard]] Kind kind(int column) const;
  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::string_view text(int column) const;
  [[nodiscard]] std::span<const std::uint8_t> blob(int column) const;
  // As store/record_rows.h reads a row.
  [[nodiscard]] std::span<const std::uint8_t> bytes(int column) const { return blob(column); }
  [[nodiscard]] WallTime time(int column) const { return WallTime(std::chrono::milliseconds(integer(column))); }
  [[nodiscard]] std::optional<WallTime> time_or_none(int column) const {
    return is_null(column) ? std::nullopt : std::optional(time(column));
  }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };
  Statement& check(int code);

  Connection& connection_;
  std::string_view purpose_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

}  // namespace pipeline::store::sqlite
