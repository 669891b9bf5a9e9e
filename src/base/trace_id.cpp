#include "pipeline/base/trace_id.h"

#include <algorithm>
#include <random>

namespace pipeline {

bool is_trace_id(std::string_view text) noexcept {
  return text.size() == 32 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos &&
         text.find_first_not_of('0') != std::string_view::npos;
}

std::string make_trace_id() {
  std::random_device source;
  std::string id(32, '0');
  do {
    std::ranges::generate(id, [&] { return "0123456789abcdef"[source() & 15U]; });
  } while (!is_trace_id(id));
  return id;
}

}  // namespace pipeline
