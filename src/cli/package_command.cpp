#include "package_command.h"

#include "pipeline/base/log.h"
#include "pipeline/base/text.h"
#include "pipeline/package/post.h"
#include "pipeline/store/database.h"
#include "pipeline/store/runs.h"

#include "megabytes.h"
#include "option_kit.h"
#include "places.h"
#include "post_standing.h"
#include "progress_line.h"
#include "session.h"
#include "summary.h"
#include "table.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace pipeline::cli {
namespace {

using nlohmann::ordered_json;
using Posts = std::vector<std::filesystem::path>;
using archive::Compression;
using package::Status;

constexpr std::size_t kMostJobs = 256;

std::string_view name_of(Compression compression) noexcept {
  constexpr std::array<std::string_view, 4> kNames{"none", "fast", "default", "best"};
  return kNames[static_cast<std::size_t>(compression)];
}

ordered_json options_json(const PackageCommand& command) {
  ordered_json json = {{"out", command.options.out.string()},
                       {"jobs", command.options.jobs},
                       {"compression", name_of(command.options.compression)},
                       {"keyframes", command.options.keyframes},
                       {"min_images", command.options.min_images},
                       {"max_duplicate_ratio", command.options.max_duplicate_ratio},
                       {"video_timeout", to_seconds(command.options.video_timeout)},
                       {"keep_gps", command.options.keep_gps},
                       {"strict_breaks", command.options.breaks == package::LineBreaks::strict},
                       {"force", command.options.force},
                       {"from_queue", command.from_queue},
                       {"posts", ordered_json::array()}};
  if (command.from_queue) json["posts"].push_back(command.posts_dir.string());
  for (const auto& post : command.posts) json["posts"].push_back(post.string());
  return json;
}

bool is_ratio(const std::string& text) {
  double value = -1;
  return CLI::detail::lexical_cast(text, value) && value >= 0 && value <= 1;
}

constexpr std::size_t kPostsShown = 50;  // on the terminal; --json and the log tell of all
constexpr std::size_t kNameColumns = 32;

ordered_json queue_of(const package::QueueCounts& queue) {
  return {{"claimed", queue.claimed}, {"done", queue.done},         {"without_post", queue.without_post},
          {"failed", queue.failed},   {"returned", queue.returned}, {"refused", queue.refused}};
}

ordered_json json_of(const package::Result& result) {
  return {{"content_id", result.content_id},
          {"sku", fmt::format("{}", fmt::join(result.skus, ","))},
          {"status", to_string(result.status)},
          {"folder", result.folder},
          {"naver_zip", or_null(result.naver_zip.string())},
          {"unique_zip", or_null(result.unique_zip.string())},
          {"reasons", result.reasons},
          {"notes", result.notes},
          {"stale", stale_json(result.stale)},
          {"images", result.images},
          {"keyframes", result.keyframes},
          {"bytes", result.bytes},
          {"seconds", result.seconds}};
}

bool went_wrong(const package::Result& result) noexcept {
  return result.status == Status::rejected || result.status == Status::failed;
}

// Those that went wrong are shown before any other.
std::vector<const package::Result*> worth_showing(const package::Summary& summary) {
  std::vector<const package::Result*> shown;
  for (const bool wrong : {true, false})
    for (const auto& result : summary.packages)
      if (result.status != Status::unchanged && went_wrong(result) == wrong) shown.push_back(&result);
  return shown;
}

std::string posts_table(const std::vector<const package::Result*>& results, const Language& language) {
  std::vector<std::vector<std::string>> lines{{"post", "status", "images", "keyframes", "size", "time"}};
  for (const auto* result : results)
    lines.push_back({shorten(result->content_id, kNameColumns), std::string(to_string(result->status)),
                     std::to_string(result->images), std::to_string(result->keyframes),
                     result->bytes > 0 ? megabytes(result->bytes) : "", format_duration(result->seconds)});
  return table_text(std::move(lines), "lLrrrr", language);
}

std::string queue_line(const package::QueueCounts& queue) {
  std::string line = fmt::format("\n  queue {}: {} done", queue.claimed, queue.done);
  if (queue.without_post > 0) line += fmt::format(" ({} of them without a post)", queue.without_post);
  line += fmt::format(", {} failed", queue.failed);
  if (queue.returned > 0) line += fmt::format(", {} put back", queue.returned);
  if (queue.refused > 0) line += fmt::format(", {} refused", queue.refused);
  return line;
}

// How a package run gets on. From whichever thread, one call at a time.
class PackageProgress {
 public:
  explicit PackageProgress(Session& session)
      : clock_(session.clock()), line_(clock_, session.output().language(), session.shows_progress()) {
    (void)posts_.add(clock_.now(), 0);
  }

  void update(const package::Progress& progress) {
    if (line_.is_due()) line_.show(text(progress));
  }

 private:
  [[nodiscard]] std::string text(const package::Progress& progress) {
    const double pace = posts_.add(clock_.now(), static_cast<double>(progress.posts));
    std::string text = fmt::format("package posts {}/{} · {:.1f}/s", format_count(progress.posts),
                                   format_count(progress.posts_total), pace);
    if (progress.not_built > 0) text += fmt::format(" · not built {}", format_count(progress.not_built));
    const auto left = static_cast<double>(progress.posts_total - progress.posts);
    if (left > 0 && pace > 0) text += fmt::format(" · {} left", format_time_left(left / pace));
    return text;
  }

  const Clock& clock_;
  ProgressLine line_;
  Pace posts_;
};

// For the table `runs`, too.
ordered_json counts_json(const package::Summary& summary) {
  return {{"posts", summary.packages.size()},
          {"built", summary.count(Status::built)},
          {"unchanged", summary.count(Status::unchanged)},
          {"rejected", summary.count(Status::rejected)},
          {"failed", summary.count(Status::failed)}};
}

// docs/commands.md lists its keys.
ordered_json summary_json(const Session& session, const package::Summary& summary, bool from_queue) {
  ordered_json json = session.run_head(summary.code);
  json.update(counts_json(summary));
  if (from_queue) json["queue"] = queue_of(summary.queue);
  json["metrics_csv"] = or_null(session.csv().string());
  json["budget"] = session.budget().json();
  json["stopped"] = or_null(summary.stop_reason);
  json["packages"] = ordered_json::array();
  for (const auto& result : summary.packages) json["packages"].push_back(json_of(result));
  return json;
}

std::string summary_text(const Session& session, const package::Summary& summary, bool from_queue) {
  auto shown = worth_showing(summary);
  const std::size_t left_out = shown.size() - std::min(shown.size(), kPostsShown);
  shown.resize(shown.size() - left_out);
  std::string text = shown.empty() ? "" : posts_table(shown, session.output().language());
  if (left_out > 0) text += fmt::format("and {} more: see --json, or the log\n", format_count(left_out));
  for (const auto* result : shown) {
    if (!went_wrong(*result)) continue;
    text += fmt::format("{} {}:\n", result->content_id, to_string(result->status));
    for (const auto& reason : result->reasons) text += fmt::format("  {}\n", reason);
    for (const auto& note : result->notes) text += fmt::format("  ({})\n", note);
  }
  std::size_t stale = 0;
  for (const auto& result : summary.packages)
    if (!result.stale.empty() && stale++ < kPostsShown) text += stale_text(result.content_id, result.stale);
  if (stale > kPostsShown)
    text += fmt::format("and {} more posts need their authors\n", format_count(stale - kPostsShown));
  if (!text.empty()) text += '\n';
  text += fmt::format("package {} in {}", status_word(summary.code), format_duration(session.seconds()));
  if (!summary.stop_reason.empty()) text += ": " + summary.stop_reason;
  text += fmt::format("\n  posts {}: {} built, {} unchanged, {} rejected, {} failed", summary.packages.size(),
                      summary.count(Status::built), summary.count(Status::unchanged), summary.count(Status::rejected),
                      summary.count(Status::failed));
  if (from_queue) text += queue_line(summary.queue);
  if (!session.csv().empty()) text += "\n  metrics " + session.csv().string();
  return text + "\n";
}

}  // namespace

PackageCommand::PackageCommand() {
  options.jobs = default_jobs();
}

std::size_t default_jobs() noexcept {
  return std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, kMostJobs);
}

void add_post_options(CLI::App& app, package::Options& options) {
  add_number(app, "--jobs", options.jobs, 1, kMostJobs, "Posts worked on side by side; a post alone uses as many cores")
      ->default_str("cores");
  add_number(app, "--min-images", options.min_images, 0, 10'000, "Pictures of its own a post must have");
  add_value(app, "--max-duplicate-ratio", "R", options.max_duplicate_ratio,
            "Share of a post's pictures that may repeat another, here or in any other post")
      ->check(cli::check(is_ratio, "not between 0 and 1"));
  add_number(app, "--keyframes", options.keyframes, 0, 100, "Pictures taken from each video; 0: none");
  add_duration(app, "--video-timeout", options.video_timeout, "8s",
               "How long a video may take; what is there by then is used");
  app.add_flag_callback(
      "--strict-breaks", [&options] { options.breaks = package::LineBreaks::strict; },
      "A line break within a paragraph of Markdown is a space, as CommonMark has it");
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
  add_post_options(app, options);
  app.add_flag("--from-queue", from_queue,
               "Build the posts whose product waits in the refresh queue, and mark the entries");
  add_value(app, "--posts", "DIR", posts_dir, "The folder of all posts, for --from-queue");
  app.add_flag("--force", options.force, "Build posts that did not change, too");
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
  if (!from_queue && says_posts) throw CLI::ValidationError("--posts", kAlone);
  if (!from_queue) throw CLI::ValidationError("POST", "is required: a post folder, or a folder of posts");
}

ExitCode PackageCommand::run(Session& session) {
  if (from_queue && posts_dir.empty()) throw UsageError("--from-queue needs --posts DIR, the folder of all posts");
  check_database(session.database(), "a package needs its product; ");
  check_places(common, session.database());
  check_folder_place("--out", options.out);
  using package::NoPosts;
  const Posts folders = from_queue ? package::find_posts({posts_dir}, NoPosts::allowed) : package::find_posts(posts);
  session.lock(common.lock_wait, from_queue ? Session::Among::workers : Session::Among::nobody);
  session.begin(true);
  store::Store store = session.open_store();
  package::Summary summary;
  const auto build = [&] {
    PackageProgress progress(session);
    const package::Services services{.clock = session.clock(),
                                     .metrics = session.metrics(),
                                     .store = store,
                                     .run_id = session.info().run_id,
                                     .interrupted = [&] { return session.interrupt().signal(); },
                                     .on_progress = [&](const package::Progress& now) { progress.update(now); }};
    if (from_queue)
      session.pictures().work_off_queue({.posts = posts_dir, .worker = "package " + session.info().run_id}, options,
                                        services, summary);
    else
      session.pictures().build_posts(folders, options, services, summary);
  };
  log::info("package {} into {}", session.info().run_id, options.out.string());
  store.runs->start(session.start_of(options_json(*this)));
  return session.carry_out({.work = build,
                            .runs = *store.runs,
                            .counts = [&] { return counts_json(summary); },
                            .json = [&] { return summary_json(session, summary, from_queue); },
                            .text = [&] { return summary_text(session, summary, from_queue); },
                            .trouble =
                                [&] {
                                  return fmt::format("posts that were not built: {}; mend what is named above",
                                                     summary.count(Status::rejected) + summary.count(Status::failed));
                                }},
                           summary.code, summary.stop_reason);
}

}  // namespace pipeline::cli
