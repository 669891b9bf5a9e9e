#pragma once

#include "pipeline/package/post.h"

#include "json.h"

#include <string>
#include <string_view>
#include <vector>

namespace pipeline::package {

// A JSON text as a value, with what the parsed value can't show any more: fields given twice, numbers that would be
// changed. What can't be parsed names line and column.
struct JsonDocument {
  Json root;  // null when it could not be parsed
  std::vector<Fault> faults;
  std::vector<std::string> notes;  // what was forgiven
};

// `name` is that of the file, for faults without a place in the document. The text is UTF-8 without byte order mark.
[[nodiscard]] JsonDocument parse_json(std::string_view text, std::string_view name);

// The path of a field: $.facts.무게, $.facts["a b"]
[[nodiscard]] std::string field_place(std::string_view parent, std::string_view name);
[[nodiscard]] std::string item_place(std::string_view parent, std::size_t index);

}  // namespace pipeline::package
