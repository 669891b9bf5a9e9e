#pragma once

#include "pipeline/upsert/upsert.h"

#include "language.h"

#include <nlohmann/json.hpp>

#include <string>

// How a product file was understood, as people and programs read it. Of the text only what is aligned is in the
// language.
namespace pipeline::cli {

[[nodiscard]] std::string reading_text(const upsert::FileReading& read, const Language& language);
[[nodiscard]] nlohmann::ordered_json reading_json(const upsert::FileReading& read);

}  // namespace pipeline::cli
