#pragma once

#include "pipeline/upsert/upsert.h"

#include <nlohmann/json.hpp>

#include <string>

// How a product file was understood, as people and programs read it.
namespace pipeline::cli {

[[nodiscard]] std::string reading_text(const upsert::FileReading& read);
[[nodiscard]] nlohmann::ordered_json reading_json(const upsert::FileReading& read);

}  // namespace pipeline::cli
