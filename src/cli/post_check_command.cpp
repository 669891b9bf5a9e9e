#include "post_check_command.h"

#include "pipeline/base/file.h"
#include "pipeline/base/log.h"
#include "pipeline/package/post.h"
#include "pipeline/store/database.h"

#include "option_kit.h"
#include "package_command.h"
#include "places.h"
#include "post_standing.h"
#include "session.h"
#include "summary.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <string>

namespace pipeline::cli {
namespace {

using nlohmann::ordered_json;
using package::Status;

ordered_json checked_json(const package::Result& result) {
  return {{"content_id", result.content_id},    {"sku", fmt::format("{}", fmt::join(result.skus, ","))},
          {"status", to_string(result.status)}, {"folder", result.folder},
          {"reasons", result.reasons},          {"notes", result.notes},
          {"stale", stale_json(result.stale)},  {"images", result.images},
          {"keyframes", result.keyframes}};
}

ordered_json check_json(const Session& session, const package::Summary& summary, bool with_products) {
  ordered_json json = session.head(summary.code);
  json["posts"] = summary.packages.size();
  for (const Status status : {Status::sound, Status::rejected, Status::failed})
    json[std::string(to_string(status))] = summary.count(status);
  json["database"] = with_products;
  json["packages"] = ordered_json::array();
  for (const auto& result : summary.packages) json["packages"].push_back(checked_json(result));
  return json;
}

std::string check_text(const package::Summary& summary, bool with_products) {
  std::string text;
  for (const auto& result : summary.packages) {
    text +=
        fmt::format("{} {}: {} picture{}, {} keyframe{} of its own\n", result.content_id, to_string(result.status),
                    result.images, result.images == 1 ? "" : "s", result.keyframes, result.keyframes == 1 ? "" : "s");
    for (const auto& reason : result.reasons) text += fmt::format("  {}\n", reason);
    for (const auto& note : result.notes) text += fmt::format("  ({})\n", note);
    text += stale_text(result.content_id, result.stale);
  }
  text += fmt::format("\nposts {}: {} sound, {} rejected, {} failed\n", summary.packages.size(),
                      summary.count(Status::sound), summary.count(Status::rejected), summary.count(Status::failed));
  if (!with_products)
    text += "without a database: whether the products exist, and whether other posts have the pictures, is not known\n";
  return text;
}

}  // namespace

PostCheckCommand::PostCheckCommand() {
  options.jobs = default_jobs();
}

HelpText PostCheckCommand::help() const {
  return {.notes =
              "Says all that `package` would say: what rejects a post, and what its author should know. Nothing is "
              "written. Where\nthere is no database, products and the pictures of other posts are not looked at.\n",
          .examples =
              "pipeline post check posts/POST001\n"
              "pipeline post check posts --db store.db\n"};
}

void PostCheckCommand::add_options(CLI::App& app) {
  app.add_option("DIR", posts, "Post folders, or folders of posts")->type_name("")->required()->configurable(false);
  add_post_options(app, options);
}

void PostCheckCommand::check(const CLI::App& line) {
  needs_database = is_on_command_line(line, "--db");
}

ExitCode PostCheckCommand::run(Session& session) {
  if (needs_database) check_database(session.database(), "leave --db out to check without one, ");
  const auto folders = package::find_posts(posts);
  session.begin(false);
  options.check = true;
  options.check_products = session.database().is_there();
  store::Store store = session.open_store(store::Opening::Mode::read);
  const package::Services services{.clock = session.clock(),
                                   .metrics = session.metrics(),
                                   .store = store,
                                   .run_id = session.info().run_id,
                                   .interrupted = [] { return 0; },  // nothing is left behind by a signal
                                   .on_progress = {}};
  package::Summary summary;
  session.pictures().build_posts(folders, options, services, summary);
  if (common.json)
    session.output().write(document(check_json(session, summary, options.check_products)));
  else if (!common.quiet)
    session.output().say(check_text(summary, options.check_products));
  return summary.code;
}

}  // namespace pipeline::cli
