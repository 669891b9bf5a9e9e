#pragma once

#include "pipeline/package/package.h"

#include "command.h"

#include <cstddef>
#include <filesystem>
#include <vector>

namespace pipeline::cli {

// `package`: posts into their upload packages.
struct PackageCommand final : Command {
  PackageCommand();
  [[nodiscard]] HelpText help() const override;
  void add_options(CLI::App& app) override;
  void check(const CLI::App& line) override;
  [[nodiscard]] ExitCode run(Session& session) override;

  std::vector<std::filesystem::path> posts;  // post folders, or folders of posts
  package::Options options;
  bool from_queue = false;
  std::filesystem::path posts_dir;  // of from_queue
};

// What a post is judged and read by; `post check` has the same options.
void add_post_options(CLI::App& app, package::Options& options);
[[nodiscard]] std::size_t default_jobs() noexcept;

}  // namespace pipeline::cli
