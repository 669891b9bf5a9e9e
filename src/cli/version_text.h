#pragma once

#include <string>

// What `pipeline --version` says.
namespace pipeline::cli {

[[nodiscard]] std::string version_line();  // pipeline 1.0.0

// {version, schema, libraries, build} with --json: what to send along with a question.
[[nodiscard]] std::string version_document();

}  // namespace pipeline::cli
