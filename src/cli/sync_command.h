#pragma once

#include "pipeline/http/client.h"
#include "pipeline/naver/api.h"
#include "pipeline/sync/sync.h"

#include "command.h"

#include <optional>

namespace pipeline::cli {

// `sync`: the catalogue of the store into the database.
struct SyncCommand final : Command {
  [[nodiscard]] HelpText help() const override;
  void add_options(CLI::App& app) override;
  [[nodiscard]] ExitCode run(Session& session) override;

  sync::Options options;
  naver::ApiOptions api;
  http::ClientOptions client;
  std::optional<Nanoseconds> deadline;
  Nanoseconds retry_for = std::chrono::minutes(30);  // 0: an outage is not waited for
};

// Where the credentials are read from. Those of a store count alone: the environment's may be another's.
[[nodiscard]] naver::Environment credentials_of(const CommonOptions& common);

}  // namespace pipeline::cli
