#include "package_options.h"

#include "option_kit.h"

#include <algorithm>
#include <memory>
#include <string>
#include <thread>

namespace pipeline::cli {
namespace {

constexpr const char* kPackageFooter =
    "A post is a folder with post.json, images/ and video/. It becomes naver_<content_id>.zip, to upload, and\n"
    "unique_<content_id>.zip, the proof that its pictures are the seller's own. A post that breaks a rule is rejected\n"
    "with all reasons, and has no packages. Posts that did not change since they were built are left alone.\n"
    "Environment: each option may stand as PIPELINE_PACKAGE_<OPTION>, the common ones as PIPELINE_<OPTION>.\n\n";

constexpr int kMostJobs = 256;

int cores() {
  return std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, kMostJobs);
}

// Posts are named, or found by the queue: not both, and not neither. What the config file says of the other way is not
// about this call.
void check_posts(const CLI::App& app, PackageCommand& package) {
  if (!package.posts.empty()) {
    if (is_on_command_line(app, "--from-queue") && package.from_queue)
      throw CLI::ValidationError("POST",
                                 "stands with --from-queue: the queue says which posts are built; name their "
                                 "folder with --posts");
    if (is_on_command_line(app, "--posts"))
      throw CLI::ValidationError("--posts", "goes with --from-queue; to build all posts of a folder, give it as POST");
    package.from_queue = false;
    package.posts_dir.clear();
    return;
  }
  if (package.from_queue && package.posts_dir.empty())
    throw CLI::ValidationError("--from-queue", "needs --posts DIR, the folder of all posts");
  if (!package.from_queue && is_on_command_line(app, "--posts"))
    throw CLI::ValidationError("--posts", "goes with --from-queue; to build all posts of a folder, give it as POST");
  if (!package.from_queue) throw CLI::ValidationError("POST", "is required: a post folder, or a folder of posts");
}

CLI::Validator is_ratio() {
  return check(
      [](const std::string& text) {
        double value = -1;
        return CLI::detail::lexical_cast(text, value) && value >= 0 && value <= 1;
      },
      "not between 0 and 1");
}

}  // namespace

void add_package(CLI::App& root, Invocation& chosen) {
  using Compression = PackageCommand::Compression;
  const auto package = std::make_shared<PackageCommand>();
  package->jobs = cores();
  CLI::App& app = *root.add_subcommand("package", "Build the upload packages of posts");
  app.footer(std::string(kPackageFooter) + kExitCodes);
  app.add_option("POST", package->posts, "Post folders, or folders of posts")->type_name("")->configurable(false);
  app.add_option("--out", package->out, "Where the packages go")->type_name("DIR")->capture_default_str();
  app.add_option("--jobs", package->jobs, "Posts built side by side; a post alone uses as many cores")
      ->type_name("N")
      ->check(within(1, kMostJobs))
      ->default_str("cores");
  app.add_flag("--from-queue", package->from_queue,
               "Build the posts whose product waits in the refresh queue, and mark the entries");
  app.add_option("--posts", package->posts_dir, "The folder of all posts, for --from-queue")->type_name("DIR");
  app.add_flag("--force", package->force, "Build posts that did not change, too");
  app.add_option("--min-images", package->min_images, "Pictures of its own a post must have")
      ->type_name("N")
      ->check(within(0, 10'000))
      ->capture_default_str();
  app.add_option("--max-duplicate-ratio", package->max_duplicate_ratio,
                 "Share of a post's pictures that may repeat another, here or in any other post")
      ->type_name("R")
      ->check(is_ratio())
      ->capture_default_str();
  app.add_option("--keyframes", package->keyframes, "Pictures taken from each video; 0: none")
      ->type_name("N")
      ->check(within(0, 100))
      ->capture_default_str();
  add_duration(
      app, "--video-timeout", [package](Nanoseconds time) { package->video_timeout = time; },
      "How long a video may take; what is there by then is used")
      ->default_str("8s");
  add_choice<Compression>(app, "--compression", package->compression,
                          {{"none", Compression::none},
                           {"fast", Compression::fast},
                           {"default", Compression::standard},
                           {"best", Compression::best}},
                          "default", "Of the texts; pictures are compressed already, and stored");
  app.add_flag("--keep-gps", package->keep_gps, "Leave in the pictures where they were taken");
  add_lock_wait(app, package->lock_wait);
  add_common(app, package->common);
  complete_options(app);
  app.callback([package, &app, &chosen] {
    check_posts(app, *package);
    chosen = *package;
  });
}

}  // namespace pipeline::cli
