#pragma once

#include "pipeline/base/file.h"

#include "support/sql.h"
#include "support/sync_stand.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace pipeline::test {

// The real executable with a store to sync, whose database is copied, put back and pruned.
class CopiesStand {
 public:
  explicit CopiesStand(std::size_t products = 40) : store(options_of(products)) {}

  // Any command on the database, with the metrics folder of the syncs.
  [[nodiscard]] Process start(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), pipeline_binary());
    for (const auto& more :
         {std::string("--db"), store.db().string(), std::string("--metrics-dir"), store.metrics().string()})
      arguments.push_back(more);
    return Process(arguments, store.environment, outputs_.path());
  }
  [[nodiscard]] Outcome run(const std::vector<std::string>& arguments) const { return start(arguments).wait(); }
  [[nodiscard]] nlohmann::json json(std::vector<std::string> arguments) const {
    arguments.emplace_back("--json");
    const Outcome outcome = run(arguments);
    auto json = nlohmann::json::parse(outcome.out, nullptr, false);
    if (json.is_discarded()) throw std::runtime_error("no summary; standard error was:\n" + outcome.err);
    return json;
  }
  // A shell line in which "$@" stands for the executable with its arguments: to set it limits.
  [[nodiscard]] Outcome shell(const std::string& line, const std::vector<std::string>& arguments) const {
    std::vector<std::string> all{"/bin/sh", "-c", line, "sh", pipeline_binary()};
    all.insert(all.end(), arguments.begin(), arguments.end());
    for (const auto& more :
         {std::string("--db"), store.db().string(), std::string("--metrics-dir"), store.metrics().string()})
      all.push_back(more);
    return Process(all, store.environment, outputs_.path()).wait();
  }
  // Another program, found by PATH.
  [[nodiscard]] Outcome tool(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "/usr/bin/env");
    return Process(arguments, {}, outputs_.path()).wait();
  }

  [[nodiscard]] std::filesystem::path path(std::string_view name) const { return store.folder() / name; }
  void put(const std::filesystem::path& file, std::string_view bytes) const {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << bytes;
  }
  // Names in a folder, sorted; none where there is no folder.
  [[nodiscard]] static std::vector<std::string> names_in(const std::filesystem::path& folder) {
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error))
      names.push_back(entry.path().filename().string());
    std::ranges::sort(names);
    return names;
  }
  // The files of the database and beside it: what begins with its name.
  [[nodiscard]] std::vector<std::string> names_of_db() const {
    auto names = names_in(store.db().parent_path());
    std::erase_if(names,
                  [](const std::string& name) { return !name.starts_with("store.db") || name == "store.db.lock"; });
    return names;
  }
  // What the sqlite3 tool says of a database.
  [[nodiscard]] std::string integrity(const std::filesystem::path& db) const {
    // Not -readonly: a log that a killed process left needs its index made anew.
    return tool({"sqlite3", db.string(), "PRAGMA integrity_check"}).out;
  }

  SyncStand store;

 private:
  static emulator::Options options_of(std::size_t products) {
    emulator::Options options;
    options.products = products;
    options.channel_detail_rate = {};
    // The answers are stored as they came, and those of two runs are compared.
    options.moving_keys = false;
    options.volatile_fields = false;
    return options;
  }
  TempDir outputs_;
};

// All that a sync knows of the products.
inline constexpr const char* kCopiedRows =
    "SELECT sku, name, status, sale_price, stock_quantity, hex(list_hash), hex(content_hash), removed_at, raw_json "
    "FROM products ORDER BY sku";

}  // namespace pipeline::test
