#include "pipeline/base/log.h"
#include "pipeline/package/package.h"

#include "post_builder.h"
#include "post_index.h"
#include "run_end.h"

#include <fmt/format.h>

#include <exception>
#include <limits>
#include <map>
#include <utility>

namespace pipeline::package {
namespace {

// A batch of entries is claimed, built and marked before the next, well within the lease.
constexpr std::int64_t kBatch = 500;
constexpr std::chrono::hours kLease(6);
constexpr int kAttempts = 3;  // of runs that were killed while they had the entry

// The posts of one batch, each built once, however many products it speaks of.
class Batch {
 public:
  Batch(const PostIndex& index, const std::vector<catalogue::QueueEntry>& entries) : posts_(index.posts_of(entries)) {}

  [[nodiscard]] const std::vector<std::filesystem::path>& posts() const noexcept { return posts_; }
  void add(Result result) {
    std::string folder = result.folder;
    results_.insert_or_assign(std::move(folder), std::move(result));
  }
  [[nodiscard]] const Result* result_of(const std::filesystem::path& post) const {
    const auto found = results_.find(post.string());
    return found == results_.end() ? nullptr : &found->second;
  }
  void move_results_to(std::vector<Result>& packages) {
    for (const auto& post : posts_)
      if (const auto found = results_.find(post.string()); found != results_.end())
        packages.push_back(std::move(found->second));
  }

 private:
  std::vector<std::filesystem::path> posts_;
  std::map<std::string, Result> results_;  // by folder
};

std::string reasons_of(const Result& result) {
  return fmt::format("post {} {}: {}", result.content_id, to_string(result.status), fmt::join(result.reasons, "; "));
}

// What becomes of a claimed entry by what became of its posts.
store::QueueEnd end_of(const catalogue::QueueEntry& entry, const std::vector<std::filesystem::path>& posts,
                       const Batch& batch) {
  constexpr int kAgain = std::numeric_limits<int>::max();
  constexpr int kForGood = 1;  // trying again helps when the post was mended, which `queue retry` says
  std::string why;
  for (const auto& post : posts) {
    const Result* result = batch.result_of(post);
    if (result == nullptr) return {entry.id, "the run ended before its posts were built", kAgain};
    if (result->status == Status::rejected || result->status == Status::failed)
      why += (why.empty() ? "" : "; ") + reasons_of(*result);
  }
  return {entry.id, std::move(why), kForGood};
}

void count(const store::QueueMove& move, bool has_posts, QueueCounts& counts) {
  switch (move.kind) {
    case store::QueueMove::Kind::done:
    case store::QueueMove::Kind::done_before:
      ++counts.done;
      if (!has_posts) ++counts.without_post;
      break;
    case store::QueueMove::Kind::failed:
      ++counts.failed;
      break;
    case store::QueueMove::Kind::pending:
      ++counts.returned;
      break;
    case store::QueueMove::Kind::refused:
      // This run lost it while it built (its lease ran out, or somebody marked it by hand): another's to mark.
      log::error("package: {}: what this run did for it stands, and the entry is left to who has it", move.refusal);
      ++counts.refused;
      break;
  }
}

// In one transaction: a sync of the disk for each of thousands of entries would take longer than their posts.
void mark(const std::vector<catalogue::QueueEntry>& entries, const PostIndex& index, const Batch& batch,
          store::Queue& claims, const std::string& worker, QueueCounts& counts) {
  std::vector<store::QueueEnd> ends;
  std::vector<bool> have_posts;
  for (const auto& entry : entries) {
    const auto posts = index.posts_of({&entry, 1});
    ends.push_back(end_of(entry, posts, batch));
    have_posts.push_back(!posts.empty());
  }
  const auto moves = claims.end(ends, worker);
  for (std::size_t i = 0; i < moves.size(); ++i) count(moves[i], have_posts[i], counts);
}

}  // namespace

void work_off_queue(const QueueOptions& queue, const Options& options, const Services& services, Summary& summary) {
  const PostIndex index(queue.posts, *services.store.catalogue);
  PostBuilder builder(options, services, index.names());
  store::Queue& claims = *services.store.queue;
  Progress progress;
  while (services.interrupted() == 0) {
    const auto entries =
        claims.claim({.worker = queue.worker, .limit = kBatch, .lease = kLease, .max_attempts = kAttempts});
    if (entries.empty()) break;
    summary.queue.claimed += static_cast<std::int64_t>(entries.size());
    Batch batch(index, entries);
    progress.posts_total += batch.posts().size();
    std::exception_ptr failure;
    try {
      builder.build(batch.posts(), [&](std::size_t, Result result) {
        count(result, progress);
        batch.add(std::move(result));
        if (services.on_progress) services.on_progress(progress);
      });
    } catch (...) {
      failure = std::current_exception();
    }
    try {
      mark(entries, index, batch, claims, queue.worker, summary.queue);
    } catch (...) {
      log::warn("entries of the queue stay claimed until their lease ends, in {} hours", kLease.count());
      if (!failure) failure = std::current_exception();
    }
    batch.move_results_to(summary.packages);
    if (failure) std::rethrow_exception(failure);
  }
  if (summary.queue.refused > 0) summary.code = ExitCode::partial;
  conclude(services, progress, summary);
}

}  // namespace pipeline::package
