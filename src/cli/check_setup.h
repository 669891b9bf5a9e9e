#pragma once

#include "pipeline/naver/credentials.h"

#include "command.h"
#include "finding.h"

#include <optional>

// The parts of `check` that look at what a run is told: config file, options, credentials, budget.
namespace pipeline::cli {

// Of a URL with a user's name in it the scheme alone.
[[nodiscard]] std::string without_password(const std::string& value);

// The file that was read, and each option that is not the program's own, with where it comes from.
[[nodiscard]] Findings check_config(const Settings& settings);

// Fills `credentials` when there are some of the right form.
[[nodiscard]] Findings check_credentials(const naver::Environment& environment,
                                         std::optional<naver::Credentials>& credentials);

// Nothing when there is none.
[[nodiscard]] Findings check_budget(const CommonOptions& common);

}  // namespace pipeline::cli
