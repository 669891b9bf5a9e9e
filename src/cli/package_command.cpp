#include "package_command.h"

#include "pipeline/base/log.h"
#include "pipeline/package/post.h"
#include "pipeline/store/database.h"
#include "pipeline/store/runs.h"

#include "option_kit.h"
#include "package_view.h"
#include "places.h"
#include "session.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <thread>

namespace pipeline::cli {
namespace {

using Posts = std::vector<std::filesystem::path>;
using archive::Compression;

constexpr std::size_t kMostJobs = 256;

std::string_view name_of(Compression compression) noexcept {
  constexpr std::array<std::string_view, 4> kNames{"none", "fast", "default", "best"};
  return kNames[static_cast<std::size_t>(compression)];
}

nlohmann::ordered_json options_json(const PackageCommand& command) {
  nlohmann::ordered_json json = {{"out", command.options.out.string()},
                                 {"jobs", command.options.jobs},
                                 {"compression", name_of(command.options.compression)},
                                 {"keyframes", command.options.keyframes},
                                 {"min_images", command.options.min_images},
                                 {"max_duplicate_ratio", command.options.max_duplicate_ratio},
                                 {"video_timeout", to_seconds(command.options.video_timeout)},
                                 {"keep_gps", command.options.keep_gps},
                                 {"force", command.options.force},
                                 {"from_queue", command.from_queue},
                                 {"posts", nlohmann::ordered_json::array()}};
  if (command.from_queue) json["posts"].push_back(command.posts_dir.string());
  for (const auto& post : command.posts) json["posts"].push_back(post.string());
  return json;
}

bool is_ratio(const std::string& text) {
  double value = -1;
  return CLI::detail::lexical_cast(text, value) && value >= 0 && value <= 1;
}

}  // namespace

PackageCommand::PackageCommand() {
  options.jobs = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, kMostJobs);
}

HelpText PackageCommand::help() const {
  return {
      .notes =
          "A post is a folder with post.json, images/ and video/. It becomes naver_<content_id>.zip, to upload, and\n"
          "unique_<content_id>.zip, the proof that its pictures are the seller's own. A post that breaks a rule "
          "is rejected\nwith all reasons, and has no packages. Posts that did not change since they were built "
          "are left alone.\n",
      .examples =
          "pipeline package posts/POST001 --db store.db\n"
          "pipeline package posts --out packages --jobs 4\n"
          "pipeline package --from-queue --posts posts --db store.db\n"};
}

void PackageCommand::add_options(CLI::App& app) {
  app.add_option("POST", posts, "Post folders, or folders of posts")->type_name("")->configurable(false);
  add_value(app, "--out", "DIR", options.out, "Where the packages go");
  add_number(app, "--jobs", options.jobs, 1, kMostJobs, "Posts built side by side; a post alone uses as many cores")
      ->default_str("cores");
  app.add_flag("--from-queue", from_queue,
               "Build the posts whose product waits in the refresh queue, and mark the entries");
  add_value(app, "--posts", "DIR", posts_dir, "The folder of all posts, for --from-queue");
  app.add_flag("--force", options.force, "Build posts that did not change, too");
  add_number(app, "--min-images", options.min_images, 0, 10'000, "Pictures of its own a post must have");
  add_value(app, "--max-duplicate-ratio", "R", options.max_duplicate_ratio,
            "Share of a post's pictures that may repeat another, here or in any other post")
      ->check(cli::check(is_ratio, "not between 0 and 1"));
  add_number(app, "--keyframes", options.keyframes, 0, 100, "Pictures taken from each video; 0: none");
  add_duration(app, "--video-timeout", options.video_timeout, "8s",
               "How long a video may take; what is there by then is used");
  add_choice<Compression>(app, "--compression", options.compression,
                          {{"none", Compression::none},
                           {"fast", Compression::fast},
                           {"default", Compression::standard},
                           {"best", Compression::best}},
                          "default", "Of the texts; pictures are compressed already, and stored");
  app.add_flag("--keep-gps", options.keep_gps, "Leave in the pictures where they were taken");
}

// Posts are named, or found by the queue: not both, and not neither. What the config file says of the other way is not
// about this call.
void PackageCommand::check(const CLI::App& line) {
  constexpr const char* kAlone = "goes with --from-queue; to build all posts of a folder, give it as POST";
  const bool says_posts = is_on_command_line(line, "--posts");
  if (!posts.empty()) {
    if (is_on_command_line(line, "--from-queue") && from_queue)
      throw CLI::ValidationError("POST",
                                 "stands with --from-queue: the queue says which posts are built; name their "
                                 "folder with --posts");
    if (says_posts) throw CLI::ValidationError("--posts", kAlone);
    from_queue = false;
    posts_dir.clear();
    return;
  }
  if (from_queue && posts_dir.empty())
    throw CLI::ValidationError("--from-queue", "needs --posts DIR, the folder of all posts");
  if (!from_queue && says_posts) throw CLI::ValidationError("--posts", kAlone);
  if (!from_queue) throw CLI::ValidationError("POST", "is required: a post folder, or a folder of posts");
}

ExitCode PackageCommand::run(Session& session) {
  check_database(common.db, "a package needs its product; ");
  check_places(common);
  check_folder_place("--out", options.out);
  const Posts folders = package::find_posts(from_queue ? Posts{posts_dir} : posts);
  session.lock(common.lock_wait);
  session.begin(true);
  store::Database database = session.open_database();
  store::Runs runs(database);
  package::Summary summary;
  const auto build = [&] {
    PackageProgress progress(session);
    const package::Services services{.clock = session.clock(),
                                     .metrics = session.metrics(),
                                     .database = database,
                                     .run_id = session.info().run_id,
                                     .interrupted = [&] { return session.interrupt().signal(); },
                                     .on_progress = [&](const package::Progress& now) { progress.update(now); }};
    if (from_queue)
      package::work_off_queue({.posts = posts_dir, .worker = "package " + session.info().run_id}, options, services,
                              summary);
    else
      package::build_posts(folders, options, services, summary);
  };
  log::info("package {} into {}", session.info().run_id, options.out.string());
  session.note_start(runs, options_json(*this));
  return session.carry_out({.work = build,
                            .runs = runs,
                            .counts = [&] { return counts_json(summary); },
                            .json = [&] { return summary_json(session, summary, from_queue); },
                            .text = [&] { return summary_text(session, summary, from_queue); }},
                           summary.code, summary.stop_reason);
}

}  // namespace pipeline::cli
