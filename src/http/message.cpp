#include "pipeline/http/message.h"

#include "pipeline/base/text.h"

namespace pipeline::http {

void Headers::add(std::string_view name, std::string_view value) {
  fields_.emplace_back(name, value);
}

std::optional<std::string_view> Headers::find(std::string_view name) const noexcept {
  for (auto field = fields_.rbegin(); field != fields_.rend(); ++field) {
    if (equal_ignoring_case(field->first, name)) return field->second;
  }
  return std::nullopt;
}

}  // namespace pipeline::http
