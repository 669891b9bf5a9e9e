#include "package_command.h"

#include "pipeline/base/file.h"
#include "pipeline/base/log.h"
#include "pipeline/package/package.h"
#include "pipeline/package/post.h"
#include "pipeline/store/database.h"
#include "pipeline/store/runs.h"

#include "package_progress.h"
#include "package_summary.h"
#include "places.h"
#include "run_frame.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace pipeline::cli {
namespace {

using Posts = std::vector<std::filesystem::path>;

std::string_view name_of(PackageCommand::Compression compression) noexcept {
  constexpr std::string_view kNames[] = {"none", "fast", "default", "best"};
  return kNames[static_cast<std::size_t>(compression)];
}

std::string options_json(const PackageCommand& command) {
  nlohmann::ordered_json json = {{"out", command.out.string()},
                                 {"jobs", command.jobs},
                                 {"compression", name_of(command.compression)},
                                 {"keyframes", command.keyframes},
                                 {"min_images", command.min_images},
                                 {"max_duplicate_ratio", command.max_duplicate_ratio},
                                 {"video_timeout", to_seconds(command.video_timeout)},
                                 {"keep_gps", command.keep_gps},
                                 {"force", command.force},
                                 {"from_queue", command.from_queue}};
  json["posts"] = nlohmann::ordered_json::array();
  if (command.from_queue) json["posts"].push_back(command.posts_dir.string());
  for (const auto& post : command.posts) json["posts"].push_back(post.string());
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

archive::Compression compression_of(PackageCommand::Compression compression) noexcept {
  switch (compression) {
    case PackageCommand::Compression::none:
      return archive::Compression::none;
    case PackageCommand::Compression::fast:
      return archive::Compression::fast;
    case PackageCommand::Compression::standard:
      return archive::Compression::standard;
    case PackageCommand::Compression::best:
      return archive::Compression::best;
  }
  return archive::Compression::standard;
}

package::Options package_options(const PackageCommand& command) {
  return {.out = command.out,
          .jobs = static_cast<std::size_t>(command.jobs),
          .compression = compression_of(command.compression),
          .keyframes = command.keyframes,
          .min_images = command.min_images,
          .max_duplicate_ratio = command.max_duplicate_ratio,
          .video_timeout = command.video_timeout,
          .keep_gps = command.keep_gps,
          .force = command.force};
}

// A package needs its product: a database that is not there is not made.
void check_database(const std::filesystem::path& path) {
  if (!is_there(path))
    throw UsageError(
        fmt::format("there is no database {}: a package needs its product; name it with --db, or make it with a sync",
                    path.string()));
}

// The parts, in the order they stand on each other, and the run itself.
class PackageSession {
 public:
  PackageSession(const PackageCommand& command, BudgetCheck budget, Posts posts, const Clock& clock,
                 Interrupt& interrupt, Output& output)
      : command_(command),
        posts_(std::move(posts)),
        clock_(clock),
        interrupt_(interrupt),
        frame_(command.common, "package", clock, output, true, std::move(budget)),
        database_(command.common.db, store::Database::Mode::read_write, clock, frame_.metrics(),
                  std::chrono::duration_cast<std::chrono::milliseconds>(command.lock_wait)),
        runs_(database_) {}

  ExitCode run() {
    log::info("package {} into {}", frame_.info().run_id, command_.out.string());
    runs_.started(frame_.info().run_id, frame_.info().trace_id, "package", options_json(command_), clock_.wall());
    frame_.carry_out(
        {.work = [this] { build(); },
         .note_end =
             [this](ExitCode code) { return note_end(runs_, frame_, code, counts_json(summary_), clock_.wall()); },
         .json = [this] { return summary_json(frame_, summary_, command_.from_queue); },
         .text = [this] { return summary_text(frame_, summary_, command_.from_queue); }},
        summary_.code, summary_.stop_reason);
    return summary_.code;
  }

 private:
  void build() {
    PackageProgress progress(clock_, !command_.common.no_progress && !command_.common.quiet);
    const package::Services services{.clock = clock_,
                                     .metrics = frame_.metrics(),
                                     .database = database_,
                                     .run_id = frame_.info().run_id,
                                     .interrupted = [this] { return interrupt_.signal(); },
                                     .on_progress = [&](const package::Progress& now) { progress.update(now); }};
    const package::Options options = package_options(command_);
    if (command_.from_queue)
      package::work_off_queue({.posts = command_.posts_dir, .worker = "package " + frame_.info().run_id}, options,
                              services, summary_);
    else
      package::build_posts(posts_, options, services, summary_);
  }

  const PackageCommand& command_;
  const Posts posts_;
  const Clock& clock_;
  Interrupt& interrupt_;
  RunFrame frame_;
  store::Database database_;
  store::Runs runs_;
  package::Summary summary_;
};

}  // namespace

ExitCode run_package(const PackageCommand& command, const Clock& clock, Interrupt& interrupt, Output& output) {
  BudgetCheck budget(command.common);
  check_database(command.common.db);
  check_places(command.common);
  check_folder_place("--out", command.out);
  Posts posts = package::find_posts(command.from_queue ? Posts{command.posts_dir} : command.posts);
  RunLock lock = wait_for_lock(command.common.db, "pipeline package", command.lock_wait, clock, interrupt);
  PackageSession session(command, std::move(budget), std::move(posts), clock, interrupt, output);
  lock.keep_file();
  return session.run();
}

}  // namespace pipeline::cli
