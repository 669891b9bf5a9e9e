#pragma once

// What completion scripts ask for while somebody types: `generate --values` of these.
namespace pipeline::cli {

inline constexpr const char* kContentIds = "content-ids";
inline constexpr const char* kStores = "stores";

}  // namespace pipeline::cli
