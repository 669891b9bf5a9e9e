#pragma once

#include "command.h"

#include <filesystem>
#include <string>

namespace pipeline::cli {

// `store list|add|remove`: the stores of the config file.
struct StoreCommand final : Command {
  enum class Action { list, add, remove };
  explicit StoreCommand(Action what) : action(what) {}

  [[nodiscard]] HelpText help() const override;
  void add_options(CLI::App& app) override;
  void check(const CLI::App& line) override;
  [[nodiscard]] ExitCode run(Session& session) override;

  const Action action;
  std::string name;
  std::string client_id;  // of `add`, as all below
  std::string account_id;
  std::filesystem::path secret_file;
  std::filesystem::path posts;
  std::filesystem::path folder;  // where the store's own files are kept; empty: beside the config file

 private:
  [[nodiscard]] std::filesystem::path own_folder() const;
  [[nodiscard]] std::string database() const;
  [[nodiscard]] std::string table() const;

  bool names_database_ = false;
};

}  // namespace pipeline::cli
