#pragma once

#include "pipeline/archive/zip_writer.h"
#include "pipeline/base/clock.h"
#include "pipeline/base/error.h"
#include "pipeline/metrics/metrics.h"
#include "pipeline/package/body.h"
#include "pipeline/store/database.h"
#include "pipeline/store/posts.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

// Post folders into upload packages. Each post is read, checked, and packed on one of `jobs` threads, which help each
// other; pictures are read once, and stream from their files into both zips.
namespace pipeline::package {

struct Options {
  std::filesystem::path out = "packages";
  std::size_t jobs = 1;  // threads, and so posts side by side
  archive::Compression compression = archive::Compression::standard;
  int keyframes = 6;  // of each video
  int min_images = 2;
  double max_duplicate_ratio = 0.4;
  Nanoseconds video_timeout = std::chrono::seconds(8);
  bool keep_gps = false;
  bool force = false;  // build unchanged posts, too
  LineBreaks breaks = LineBreaks::kept;
  // Posts are looked through whole, and nothing is written: no package, no record.
  bool check = false;
  bool check_products = true;  // false, for a check without a database: any SKU will do
};

// sound: what a check says of a post that would be built.
enum class Status { built, unchanged, rejected, failed, sound };
[[nodiscard]] std::string_view to_string(Status status) noexcept;

// What became of one post.
struct Result {
  std::string content_id;
  std::string folder;
  std::vector<std::string> skus;  // of the products it speaks of; what the author calls them where they are unknown
  Status status = Status::failed;
  std::vector<std::string> reasons;      // why it was rejected or failed: all of them
  std::vector<std::string> notes;        // what the author should know of a post that was built
  std::vector<store::StaleWords> stale;  // what its words say and the catalogue no longer does
  std::filesystem::path naver_zip;       // empty: there is none
  std::filesystem::path unique_zip;
  int images = 0;  // in the unique pack
  int keyframes = 0;
  std::uint64_t bytes = 0;  // of both zips
  double seconds = 0;
};

// What the refresh queue had to say, in entries.
struct QueueCounts {
  std::int64_t claimed = 0;
  std::int64_t done = 0;
  std::int64_t without_post = 0;  // of those done
  std::int64_t failed = 0;
  std::int64_t returned = 0;  // to the queue, because the run ended early
  std::int64_t refused = 0;   // no longer this run's: the lease ran out, or somebody else marked them
};

struct Summary {
  std::vector<Result> packages;  // in the order of the posts
  QueueCounts queue;
  std::string stop_reason;  // why the run ended early; empty when it did not
  ExitCode code = ExitCode::ok;

  [[nodiscard]] std::int64_t count(Status status) const noexcept;
};

struct Progress {
  std::size_t posts = 0;  // done
  std::size_t posts_total = 0;
  std::size_t not_built = 0;  // rejected or failed so far
};

// What a run needs of the world; all are borrowed.
struct Services {
  const Clock& clock;
  metrics::Metrics& metrics;
  store::Store& store;
  std::string run_id;
  std::function<int()> interrupted;                  // the signal that asked for the end, or 0; from any thread
  std::function<void(const Progress&)> on_progress;  // after each post; one call at a time
};

// Both run to the end, whatever that is: `summary` tells the truth also when they throw (the database failed).

// Builds the packages of these post folders.
void build_posts(const std::vector<std::filesystem::path>& posts, const Options& options, const Services& services,
                 Summary& summary);

struct QueueOptions {
  std::filesystem::path posts;  // the folder of all posts
  std::string worker;           // who claims the entries
};

// Claims what waits in the refresh queue, builds the posts that speak of those products, and marks the entries: DONE
// when all posts of the product are built or unchanged, or when there is none; FAILED with the reasons when one is not.
// Then it builds the other posts that are new or were edited; entries that failed for one of them and that now is built
// are taken up again. The summary has no post that is unchanged and that no entry asked for. Throws UsageError when the
// folder of the posts is empty though there were posts: it may be the wrong one.
void work_off_queue(const QueueOptions& queue, const Options& options, const Services& services, Summary& summary);

}  // namespace pipeline::package
