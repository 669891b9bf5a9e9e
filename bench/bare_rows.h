#pragma once

#include <filesystem>

namespace pipeline::bench {

// The least any program does with a product feed and SQLite, with a schema and statements of its own: what the product
// changes in its SQL, its indexes or its reading of the feed does not move this yardstick. A line's key is the text
// behind `"sku":"`. All throw std::runtime_error when a step fails, or did not do what it is for.

// Each line into a new database, in batches of 1000: the key, a hash of eight bytes, three short columns and the line.
void run_bare_load(const std::filesystem::path& feed, const std::filesystem::path& db);
// The hash of each line looked up by key, and found equal.
void run_bare_look_ups(const std::filesystem::path& feed, const std::filesystem::path& db);
// Each line instead of what is stored under its key, in batches of 1000, and a note of it in a second table.
void run_bare_changes(const std::filesystem::path& feed, const std::filesystem::path& db);

}  // namespace pipeline::bench
