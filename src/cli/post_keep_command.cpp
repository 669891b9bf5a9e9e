#include "post_keep_command.h"

#include "pipeline/package/stale_words.h"

#include "option_kit.h"
#include "places.h"
#include "post_standing.h"
#include "session.h"
#include "summary.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace pipeline::cli {
namespace {

std::string sentences_of(const store::PostRecord& post) {
  if (post.stale.empty()) return "; the post has none";
  std::string text = "; it has:";
  for (const auto& words : post.stale) text += fmt::format("\n  {}: {}", words.place, words.sentence);
  return text;
}

}  // namespace

HelpText PostKeepCommand::help() const {
  return {.notes =
              "A sentence that names an old price or name may be meant so: \"작년에는 12,900원이었습니다\". It is no "
              "longer said to\nneed its author, now or after later changes. A part of it will do.\n",
          .examples =
              "pipeline post keep POST001 '작년에는 12,900원이었습니다' --db store.db\n"
              "pipeline post keep POST001 12,900원이었습니다\n"};
}

void PostKeepCommand::add_options(CLI::App& app) {
  app.add_option("CONTENT_ID", content_id, "The post, by its content_id")
      ->type_name("")
      ->required()
      ->configurable(false);
  app.add_option("SENTENCE", sentence, "What it says, or a part of it")->type_name("")->required()->configurable(false);
}

ExitCode PostKeepCommand::run(Session& session) {
  session.begin(false);
  check_database(session.database());
  session.lock(Nanoseconds::zero());  // a run of package writes what it knew of a post when it began
  const store::Store store = session.open_store(store::Opening::Mode::write);
  store::PostRecord post = known_post(content_id, *store.packages);
  const std::size_t kept =
      std::erase_if(post.stale, [&](const auto& words) { return package::says(words.sentence, sentence); });
  if (kept == 0)
    throw UsageError(fmt::format("post {} has no stale sentence {:?}{}", content_id, sentence, sentences_of(post)));
  post.kept.push_back(sentence);
  if (post.stale.empty()) post.stale_since.reset();
  store.packages->put_post(post);
  if (common.json) {
    auto json = session.head(ExitCode::ok);
    json["content_id"] = content_id;
    json["kept"] = kept;
    json["stale"] = stale_json(post.stale);
    session.output().write(document(json));
  } else if (!common.quiet) {
    session.output().say(fmt::format("post {}: kept; {} more need{} the author\n", content_id, post.stale.size(),
                                     post.stale.size() == 1 ? "s" : ""));
  }
  return ExitCode::ok;
}

}  // namespace pipeline::cli
