#pragma once

#include "pipeline/base/sha256.h"
#include "pipeline/catalogue/product.h"

#include <string>
#include <string_view>
#include <vector>

// Changes as a queue entry has them, and their two texts: its reasons and its changes.
namespace pipeline::catalogue {

// The columns that differ and whose change someone who wrote about the product wants to know: prices first.
[[nodiscard]] std::vector<Change> diff_columns(const Product& before, const Product& after);

// `NEW,PRICE`: each reason once, in the order of the enumeration.
[[nodiscard]] std::string join_reasons(const std::vector<Change>& changes);

// As a queue entry keeps and merges them: a value of more than 256 bytes is told by its size and digest,
// {"bytes": n, "sha256": "…"}, so that the queue stays small.
[[nodiscard]] std::vector<Change> condensed(std::vector<Change> changes, Sha256Hasher& hasher);

// [{"field","old","new","reason"}, …]
[[nodiscard]] std::string to_json(const std::vector<Change>& changes);

// The reverse, with the values in canonical form. Throws Error when it isn't what to_json() writes.
[[nodiscard]] std::vector<Change> parse_changes(std::string_view json);

// What becomes of a field that has its first value again: kept when someone may have acted on the change meanwhile.
enum class TakenBack { dropped, kept };

// Both one after the other; see RefreshQueue for the rules. May be empty: nothing is left to tell.
[[nodiscard]] std::vector<Change> merge_changes(std::vector<Change> earlier, std::vector<Change> later,
                                                TakenBack taken_back);

}  // namespace pipeline::catalogue
