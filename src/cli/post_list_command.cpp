#include "post_list_command.h"

#include "pipeline/base/text.h"

#include "option_kit.h"
#include "places.h"
#include "post_standing.h"
#include "session.h"
#include "summary.h"
#include "table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <optional>
#include <utility>

namespace pipeline::cli {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kProductColumns = 24;
constexpr std::size_t kTitleColumns = 40;

ordered_json json_of(const store::PostRecord& post) {
  return {{"content_id", post.content_id},
          {"folder", post.folder},
          {"title", post.title},
          {"link", or_null(post.link)},
          {"products", post.products},
          {"state", store::to_string(post.state)},
          {"needs", or_null(std::string(to_string(post.need())))},
          {"built_at", time_json(post.built_at)},
          {"published_at", time_json(post.published_at)},
          {"reasons", post.reasons},
          {"not_built_since", time_json(post.not_built_since)},
          {"stale", stale_json(post.stale)},
          {"stale_since", time_json(post.stale_since)},
          {"kept", post.kept}};
}

std::string day_of(const std::optional<WallTime>& time) {
  return time ? format_kst_date(*time) : "";
}

}  // namespace

HelpText PostListCommand::help() const {
  return {.notes =
              "What a post needs: write, its author; upload, a hand on the blog; mend, what keeps it from being "
              "built.\n",
          .examples =
              "pipeline post list --db store.db\n"
              "pipeline post list --json | jq '.posts[] | select(.needs == \"write\")'\n"};
}

void PostListCommand::add_options(CLI::App& /*app*/) {}

ExitCode PostListCommand::run(Session& session) {
  session.begin(false);
  check_database(session.database());
  const store::Store store = session.open_store(store::Opening::Mode::read);
  if (common.json) {
    auto json = session.head(ExitCode::ok);
    json["posts"] = ordered_json::array();
    store.packages->each_post([&](const store::PostRecord& post) { json["posts"].push_back(json_of(post)); });
    session.output().write(document(json));
    return ExitCode::ok;
  }
  std::vector<std::vector<std::string>> lines{{"POST", "STATE", "NEEDS", "BUILT", "PUBLISHED", "PRODUCTS", "TITLE"}};
  store.packages->each_post([&](const store::PostRecord& post) {
    lines.push_back({post.content_id, std::string(store::to_string(post.state)), std::string(to_string(post.need())),
                     day_of(post.built_at), day_of(post.published_at),
                     shorten(fmt::format("{}", fmt::join(post.products, ",")), kProductColumns),
                     shorten(post.title, kTitleColumns)});
  });
  Output& output = session.output();
  if (!common.quiet && lines.size() == 1) output.say("no posts\n");
  if (!common.quiet && lines.size() > 1) output.write(table_text(std::move(lines), "lLLllll", output.language()));
  return ExitCode::ok;
}

}  // namespace pipeline::cli
