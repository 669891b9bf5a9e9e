#include "check_posts.h"

#include "pipeline/package/package.h"
#include "pipeline/package/post.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <csignal>
#include <string>

namespace pipeline::cli {
namespace {

using State = Finding::State;
using package::Status;

bool would_be_built(const package::Result& result) noexcept {
  return result.status != Status::rejected && result.status != Status::failed;
}

Finding not_built(const package::Result& result) {
  return {"post", State::warning, result.content_id,
          fmt::format("would be {}: {}", to_string(result.status), fmt::join(result.reasons, "; ")),
          fmt::format("`pipeline post check {}` tells all of it", result.folder)};
}

Finding found(const package::Summary& summary, std::size_t posts, const std::string& folder, bool with_products) {
  const std::size_t looked_at = summary.packages.size();
  const auto sound = static_cast<std::size_t>(std::ranges::count_if(summary.packages, would_be_built));
  Finding finding{"posts", State::ok, folder,
                  fmt::format("{} posts found: {} sound, {} that would not be built", posts, sound, looked_at - sound)};
  if (!with_products)
    finding.text =
        fmt::format("{} posts found: {} sound as far as can be told without a database, {} that would not be built",
                    posts, sound, looked_at - sound);
  if (looked_at < posts)
    finding.advice = fmt::format("{} more were not looked at for want of time: `pipeline post check {}` looks at all",
                                 posts - looked_at, folder);
  return finding;
}

}  // namespace

Findings check_posts(const PackageCommand& package, store::Store& store, bool with_products, Session& session,
                     SteadyTime until) {
  const Clock& clock = session.clock();
  const std::string folder = package.posts_dir.string();
  if (folder.empty()) return {};
  return look_at("posts", folder, [&]() -> Findings {
    const auto posts = package::find_posts({package.posts_dir}, package::NoPosts::allowed);
    if (posts.empty())
      return {{"posts", State::warning, folder, "no post is in it", "make one with `pipeline post new`"}};
    package::Options options = package.options;
    options.check = true;
    options.check_products = with_products;
    package::Summary summary;
    session.pictures().build_posts(posts, options,
                                   {.clock = clock,
                                    .metrics = session.metrics(),
                                    .store = store,
                                    .run_id = {},
                                    .interrupted = [&] { return clock.now() < until ? 0 : SIGTERM; },
                                    .on_progress = {}},
                                   summary);
    Findings findings{found(summary, posts.size(), folder, with_products)};
    for (const auto& result : summary.packages)
      if (!would_be_built(result)) findings.push_back(not_built(result));
    return findings;
  });
}

}  // namespace pipeline::cli
