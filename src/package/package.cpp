#include "pipeline/package/package.h"

#include "pipeline/base/interrupt.h"
#include "pipeline/store/lone_round.h"

#include "post_builder.h"
#include "run_end.h"

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string>

namespace pipeline::package {

void build_posts(const std::vector<std::filesystem::path>& posts, const Options& options, const Services& services,
                 Summary& summary) {
  std::vector<std::optional<Result>> results(posts.size());
  Progress progress{.posts_total = posts.size()};
  const auto collect = [&] {
    for (auto& result : results)
      if (result) summary.packages.push_back(std::move(*result));
    conclude(services, progress, summary);
  };
  store::LoneRound round(*services.store.packages);
  std::vector<std::string> names;
  for (const auto& post : posts) names.push_back(post.string());
  round.lay_out({.entries = {}}, names);
  const StagePosts stage{.count = round.stage().posts, .find = [](const std::string& name) { return name; }};
  try {
    PostBuilder(options, services, round, PostBuilder::Litter::cleared)
        .build(stage, {}, [&](std::int64_t place, Result result) {
          count(result, progress);
          results[static_cast<std::size_t>(place) - 1] = std::move(result);
          if (services.on_progress) services.on_progress(progress);
        });
  } catch (...) {
    collect();
    throw;
  }
  collect();
}

void count(const Result& result, Progress& progress) noexcept {
  ++progress.posts;
  if (result.status == Status::rejected || result.status == Status::failed) ++progress.not_built;
}

void conclude(const Services& services, const Progress& progress, Summary& summary) {
  const std::size_t left = progress.posts_total - progress.posts;
  if (const int signal = services.interrupted(); signal != 0) {
    summary.code = exit_code_of_signal(signal);
    summary.stop_reason = fmt::format("interrupted with {} post{} left", left, left == 1 ? "" : "s");
  } else if (progress.not_built > 0) {
    summary.code = ExitCode::partial;
  }
}

}  // namespace pipeline::package
