#pragma once

#include "support/sync_stand.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace pipeline::test {

// The executable with a config file, in the folder of a store's emulator.
class ConfigStand {
 public:
  void write_config(const std::string& text) const {
    std::ofstream(config()) << text << fmt::format("[sync]\nbase-url = \"{}\"\n", store.base_url());
  }
  [[nodiscard]] std::filesystem::path config() const { return store.folder() / "pipeline.toml"; }
  [[nodiscard]] std::filesystem::path path(std::string_view name) const { return store.folder() / name; }
  // `key = "…"` of a file in the folder.
  [[nodiscard]] std::string line(std::string_view key, std::string_view name) const {
    return fmt::format("{} = \"{}\"\n", key, path(name).string());
  }
  [[nodiscard]] std::string places() const { return line("db", "store.db") + line("metrics-dir", "metrics"); }

  [[nodiscard]] Process start(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), pipeline_binary());
    arguments.insert(arguments.end(), {"--config", config().string()});
    return Process(arguments, store.environment, store.folder().path());
  }
  [[nodiscard]] Outcome run(const std::vector<std::string>& arguments) const { return start(arguments).wait(); }
  [[nodiscard]] nlohmann::json json(std::vector<std::string> arguments) const {
    arguments.emplace_back("--json");
    return nlohmann::json::parse(run(arguments).out);
  }

  SyncStand store;
};

}  // namespace pipeline::test
