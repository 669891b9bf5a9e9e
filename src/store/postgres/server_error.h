#pragma once

#include "pipeline/base/error.h"

#include <string>
#include <string_view>
#include <utility>

namespace pipeline::store::postgres {

// What a server refused, or that it could not be reached.
class ServerError : public Error {
 public:
  // `state`: the five letters of PostgreSQL's table of error codes; empty: the connection itself failed.
  ServerError(const std::string& message, std::string state) : Error(message), state_(std::move(state)) {}

  [[nodiscard]] const std::string& state() const noexcept { return state_; }
  // The connection is of no use any more.
  [[nodiscard]] bool is_connection_lost() const noexcept;
  // The same transaction, tried again as a whole, may pass.
  [[nodiscard]] bool may_pass() const noexcept;
  // It has no connection free.
  [[nodiscard]] bool is_full() const noexcept { return state_ == "53300"; }
  // Others hold what it needs, for longer than it was to wait.
  [[nodiscard]] bool is_lock_timeout() const noexcept { return state_ == "55P03"; }

 private:
  std::string state_;
};

// What libpq or a server says, in one line; what it says twice (of two attempts), once.
[[nodiscard]] std::string in_one_line(std::string_view text);

}  // namespace pipeline::store::postgres
