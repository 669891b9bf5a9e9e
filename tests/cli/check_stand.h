#pragma once

#include "pipeline/base/file.h"

#include "support/sync_stand.h"
#include "support/temp_dir.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace pipeline::test {

inline emulator::Options forty_products() {
  emulator::Options options;
  options.products = 40;
  options.channel_detail_rate = {.rate = 50};
  return options;
}

// `pipeline check` of a store, with a systemctl and a crontab that say what a test wants them to.
class CheckStand {
 public:
  explicit CheckStand(emulator::Options options = forty_products()) : sync_(std::move(options)) {
    sync_.environment["PIPELINE_SYNC_BASE_URL"] = sync_.base_url();
    sync_.environment["PIPELINE_LANGUAGE"] = "en";
    program("systemctl", "exit 1");
    program("crontab", "echo '30 2 * * * pipeline sync --quiet'");
  }

  // A program of that name comes first in the PATH.
  void program(const std::string& name, const std::string& script) const {
    std::ofstream(programs_ / name) << "#!/bin/sh\n" << script << "\n";
    std::filesystem::permissions(programs_ / name, std::filesystem::perms::owner_all);
  }

  [[nodiscard]] std::string program_path(const std::string& name) const { return (programs_ / name).string(); }

  // `arguments` follow `check` with database, metrics and output folder.
  [[nodiscard]] Outcome run(const std::vector<std::string>& arguments = {}) const {
    std::vector<std::string> all{"/usr/bin/env",
                                 "PATH=" + programs_.path().string() + ":/usr/bin:/bin",
                                 pipeline_binary(),
                                 "check",
                                 "--db",
                                 sync_.db().string(),
                                 "--metrics-dir",
                                 sync_.metrics().string(),
                                 "--out",
                                 path("packages")};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return Process(all, sync_.environment, outputs_.path()).wait();
  }

  // The document that comes back with --json. Nothing may have been written, to the byte.
  [[nodiscard]] nlohmann::json look(std::vector<std::string> arguments = {}) const {
    arguments.emplace_back("--json");
    const auto before = files();
    const Outcome outcome = run(arguments);
    EXPECT_EQ(files(), before);
    auto json = nlohmann::json::parse(outcome.out, nullptr, false);
    if (json.is_discarded()) throw std::runtime_error("no document; standard error was:\n" + outcome.err);
    EXPECT_EQ(json["exit_code"], outcome.exit_code);
    return json;
  }

  // Every file in the stand's folder, with its bytes and when it was written; but for the memory that those share who
  // have a database open.
  [[nodiscard]] std::map<std::string, std::string> files() const {
    std::map<std::string, std::string> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(sync_.folder().path())) {
      if (entry.path().string().ends_with("-shm")) continue;
      const auto written = std::filesystem::last_write_time(entry.path()).time_since_epoch().count();
      found[entry.path().string()] =
          entry.is_regular_file() ? read_file(entry.path()) + std::to_string(written) : "a folder";
    }
    return found;
  }

  // Writes a file in the stand's folder and gives its path.
  std::string write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories(std::filesystem::path(path(name)).parent_path());
    std::ofstream(path(name), std::ios::binary) << text;
    return path(name);
  }
  [[nodiscard]] std::string path(const std::string& name) const { return (sync_.folder() / name).string(); }
  [[nodiscard]] SyncStand& sync() noexcept { return sync_; }
  [[nodiscard]] emulator::Emulator& store() noexcept { return sync_.store(); }

 private:
  SyncStand sync_;
  TempDir programs_;
  TempDir outputs_;
};

// The first line of that check; an empty object when there is none.
inline nlohmann::json finding(const nlohmann::json& document, const std::string& check) {
  for (const auto& one : document["checks"])
    if (one["check"] == check) return one;
  return nlohmann::json::object();
}
inline std::string state_of(const nlohmann::json& document, const std::string& check) {
  return finding(document, check).value("state", "none");
}
// Text and advice in one.
inline std::string words_of(const nlohmann::json& document, const std::string& check) {
  const auto found = finding(document, check);
  const auto advice = found.value("advice", nlohmann::json());
  return found.value("text", "") + (advice.is_string() ? " | " + advice.get<std::string>() : "");
}

}  // namespace pipeline::test
