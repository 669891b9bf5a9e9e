#include "post_published_command.h"

#include "option_kit.h"
#include "places.h"
#include "post_standing.h"
#include "session.h"
#include "summary.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace pipeline::cli {

HelpText PostPublishedCommand::help() const {
  return {.notes =
              "The package that was built last is on the blog now: the post waits for no upload until it is built anew "
              "with\nother content. Published posts of products that are sold out, suspended or removed are told by "
              "`pipeline status`.\n",
          .examples =
              "pipeline post published POST001 --db store.db\n"
              "pipeline post published POST001 POST002 POST003\n"};
}

void PostPublishedCommand::add_options(CLI::App& app) {
  app.add_option("CONTENT_ID", content_ids, "The posts, by their content_id")
      ->type_name("")
      ->required()
      ->configurable(false);
}

// All are looked at before any is noted.
ExitCode PostPublishedCommand::run(Session& session) {
  session.begin(false);
  check_database(session.database());
  session.lock(Nanoseconds::zero());  // a run of package writes what it knew of a post when it began
  const store::Store store = session.open_store(store::Opening::Mode::write);
  std::vector<store::PostRecord> posts;
  for (const std::string& content_id : content_ids) {
    posts.push_back(known_post(content_id, *store.packages));
    if (!posts.back().built)
      throw UsageError(fmt::format("post {} has no package that could have been published{}: build it first",
                                   content_id,
                                   posts.back().reasons.empty() ? "" : ": " + posts.back().reasons.front()));
  }
  for (store::PostRecord& post : posts) {
    post.published = post.built;
    post.published_at = session.clock().wall();
    store.packages->put_post(post);
  }
  if (common.json) {
    auto json = session.head(ExitCode::ok);
    json["published"] = content_ids;
    session.output().write(document(json));
  } else if (!common.quiet) {
    for (const std::string& content_id : content_ids)
      session.output().say(fmt::format("post {}: published\n", content_id));
  }
  return ExitCode::ok;
}

}  // namespace pipeline::cli
