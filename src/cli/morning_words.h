#pragma once

#include "pipeline/report/morning.h"
#include "pipeline/status/status.h"

#include <functional>
#include <string>
#include <string_view>

// What the morning page says, in both languages.
namespace pipeline::cli {

// The Korean of a text that comes in English from where it happened, such as why a post was rejected.
using Korean = std::function<std::string(std::string_view english)>;

// Why it is to be done, in a sentence.
[[nodiscard]] report::Words why_words(const status::Todo& todo);
// What a field of a product is called.
[[nodiscard]] report::Words field_words(std::string_view field);
// A value of a change of it, JSON; empty for nothing.
[[nodiscard]] report::Words value_words(std::string_view field, const std::string& json);

}  // namespace pipeline::cli
