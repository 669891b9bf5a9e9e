#include "server_error.h"

#include "pipeline/base/ascii.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace pipeline::store::postgres {

// Shutting down, restarting, or a standby now (a promoted one takes its place); or this client was silent for too long
// within a transaction: the next connection finds another.
bool ServerError::is_connection_lost() const noexcept {
  constexpr std::array<std::string_view, 5> kGone{"57P01", "57P02", "57P03", "25006", "25P03"};
  return state_.empty() || state_.starts_with("08") || std::ranges::find(kGone, state_) != kGone.end();
}

// Serialisation, deadlock, a row, a schema or a table that another has made meanwhile, too many connections.
bool ServerError::may_pass() const noexcept {
  constexpr std::array<std::string_view, 6> kPassing{"40001", "40P01", "23505", "42P06", "42P07", "53300"};
  return is_connection_lost() || std::ranges::find(kPassing, state_) != kPassing.end();
}

std::string in_one_line(std::string_view text) {
  std::string line;
  while (!text.empty()) {
    std::string_view part = take_until(text, '\n');
    while (part.starts_with('\t') || part.starts_with(' ')) part.remove_prefix(1);
    if (part.empty() || line.find(part) != std::string::npos) continue;
    line.append(line.empty() ? "" : " ").append(part);
  }
  return line;
}

}  // namespace pipeline::store::postgres
