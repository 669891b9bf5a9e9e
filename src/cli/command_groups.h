#pragma once

namespace pipeline::cli {

// The help group of the options every command has; the config file tells them by it.
inline constexpr const char* kCommonGroup = "Common options";

}  // namespace pipeline::cli
