#include "finding.h"

#include "pipeline/base/failure.h"

#include <array>
#include <exception>
#include <iterator>
#include <utility>

namespace pipeline::cli {

std::string_view to_string(Finding::State state) noexcept {
  constexpr std::array<std::string_view, 3> kNames{"ok", "warning", "failed"};
  return kNames[static_cast<std::size_t>(state)];
}

Findings look_at(std::string_view check, const std::string& subject, const std::function<Findings()>& look) {
  try {
    return look();
  } catch (...) {
    return {{std::string(check), Finding::State::failed, subject, failure_of(std::current_exception()).message}};
  }
}

void append(Findings& all, Findings more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace pipeline::cli
