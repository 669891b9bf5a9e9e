#include "version_text.h"

#include "pipeline/base/version.h"
#include "pipeline/cli/library_versions.h"
#include "pipeline/store_sqlite/database.h"

#include "summary.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace pipeline::cli {
namespace {

using nlohmann::ordered_json;

#ifdef __clang__
constexpr const char* kCompiler = "clang " __clang_version__;
#else
constexpr const char* kCompiler = "g++ " __VERSION__;
#endif

#ifdef __OPTIMIZE__
constexpr bool kOptimised = true;
#else
constexpr bool kOptimised = false;
#endif

}  // namespace

std::string version_line() {
  return fmt::format("pipeline {}", program_version());
}

std::string version_document() {
  ordered_json json = {{"version", program_version()},
                       {"schema", store::sqlite::schema_version()},
                       {"libraries", ordered_json::object()},
                       {"build", {{"compiler", kCompiler}, {"optimised", kOptimised}}}};
  for (const auto& [name, version] : libraries()) json["libraries"][name] = version;
  return document(json);
}

}  // namespace pipeline::cli
