#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

// What an upsert is measured against. All give rows a second; they throw std::runtime_error when they did not do what
// they are for.
namespace pipeline::bench {

// SQL alone: these products in batches of 1000 through the statements, schema and PRAGMAs of the executable, parsed,
// hashed and put in order beforehand. From the opening of the database, which may be new, to its close. All rows have
// to be news to it.
[[nodiscard]] double run_sql_only(const std::filesystem::path& db, const std::vector<std::int64_t>& numbers,
                                  int version = 0);

// The least that finds out whether anything changed: looks the hash of each product up by SKU and compares it with the
// one in memory. All have to be equal.
[[nodiscard]] double run_look_ups(const std::filesystem::path& db, const std::vector<std::int64_t>& numbers);

// The way of the program before this one: predecessor.py.
enum class Predecessor {
  plain,
  with_queue,  // also notes each new product for refresh, as the executable does
};
[[nodiscard]] double run_predecessor(Predecessor way, const std::filesystem::path& file,
                                     const std::filesystem::path& db);

}  // namespace pipeline::bench
