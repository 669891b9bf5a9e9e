#include "pipeline/base/error.h"
#include "pipeline/base/log.h"
#include "pipeline/catalogue/changes.h"
#include "pipeline/package/package.h"

#include "post_builder.h"
#include "post_index.h"
#include "run_end.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <limits>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace pipeline::package {
namespace {

// A batch of entries is claimed, built and marked before the next, well within the lease.
constexpr std::int64_t kBatch = 500;
constexpr std::chrono::hours kLease(6);
constexpr int kAttempts = 3;                       // of runs that were killed while they had the entry
constexpr std::string_view kWorkers = "package ";  // how the names of all of this command's runs begin

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

// What changed of the entries' products.
Changes changes_of(const std::vector<catalogue::QueueEntry>& entries) {
  Changes changes;
  for (const auto& entry : entries) {
    try {
      changes.emplace(full_name(entry.key()), catalogue::parse_changes(entry.changes));
    } catch (const Error& e) {  // written by hand
      log::warn("entry {} of the queue: {}: posts are not searched for what it changed", entry.id, e.what());
    }
  }
  return changes;
}

class QueueWorker {
 public:
  QueueWorker(const QueueOptions& queue, const Options& options, const Services& services, Summary& summary)
      : index_(queue.posts, *services.store.catalogue),
        builder_(options, services, index_.names()),
        claims_(*services.store.queue),
        worker_(queue.worker),
        services_(services),
        summary_(summary) {
    if (index_.folders().empty()) refuse_if_posts_were_there(queue.posts);
  }

  void work() {
    try {
      work_off();
      build_others();
      if (retry_mended()) work_off();
    } catch (...) {
      end();
      throw;
    }
    end();
  }

 private:
  void refuse_if_posts_were_there(const std::filesystem::path& folder) const {
    std::size_t known = 0;
    services_.store.packages->each_post([&](const store::PostRecord&) { ++known; });
    if (known > 0)
      throw UsageError(
          fmt::format("{} holds no post, but {} are known: name their folder with --posts, or forget them "
                      "with `pipeline post forget`",
                      folder.string(), known));
  }

  // Batch after batch, until nothing waits.
  void work_off() {
    while (services_.interrupted() == 0) {
      const auto entries =
          claims_.claim({.worker = worker_, .limit = kBatch, .lease = kLease, .max_attempts = kAttempts});
      if (entries.empty()) break;
      summary_.queue.claimed += static_cast<std::int64_t>(entries.size());
      work_off(entries);
    }
  }

  void work_off(const std::vector<catalogue::QueueEntry>& entries) {
    Batch batch(index_, entries);
    std::exception_ptr failure;
    try {
      build(batch.posts(), changes_of(entries), [&](Result result) { batch.add(std::move(result)); });
    } catch (...) {
      failure = std::current_exception();
    }
    try {
      mark(entries, index_, batch, claims_, worker_, summary_.queue);
    } catch (...) {
      log::warn("entries of the queue stay claimed until their lease ends, in {} hours", kLease.count());
      if (!failure) failure = std::current_exception();
    }
    batch.move_results_to(summary_.packages);
    if (failure) std::rethrow_exception(failure);
  }

  // Posts that are new or were edited: no entry speaks of them.
  void build_others() {
    if (services_.interrupted() != 0) return;
    std::vector<std::filesystem::path> others;
    for (const auto& folder : index_.folders())
      if (!built_.contains(folder.string()) && !not_built_.contains(folder.string())) others.push_back(folder);
    std::map<std::string, Result> results;
    build(others, {}, [&](Result result) {
      if (result.status == Status::unchanged) return;
      std::string folder = result.folder;
      results.emplace(std::move(folder), std::move(result));
    });
    for (const auto& folder : others)
      if (const auto found = results.find(folder.string()); found != results.end())
        summary_.packages.push_back(std::move(found->second));
  }

  template <typename Take>
  void build(const std::vector<std::filesystem::path>& posts, const Changes& changes, Take take) {
    progress_.posts_total += posts.size();
    builder_.build(posts, changes, [&](std::size_t, Result result) {
      count(result, progress_);
      (result.status == Status::built || result.status == Status::unchanged ? built_ : not_built_)
          .insert(result.folder);
      take(std::move(result));
      if (services_.on_progress) services_.on_progress(progress_);
    });
  }

  // Entries that failed for posts that are built now, or gone for good, wait again. Whether there are any.
  bool retry_mended() {
    if (services_.interrupted() != 0) return false;
    std::vector<std::int64_t> ids;
    claims_.each({.statuses = {catalogue::QueueStatus::failed}}, [&](const catalogue::QueueEntry& entry) {
      const auto posts = index_.posts_of({&entry, 1});
      const auto is_built = [&](const auto& post) { return built_.contains(post.string()); };
      // Of a product without a post only what this command gave up: what somebody else did is not ours to take up.
      const bool is_ours = !posts.empty() || entry.claimed_by.starts_with(kWorkers);
      if (is_ours && std::ranges::all_of(posts, is_built)) ids.push_back(entry.id);
    });
    if (!ids.empty()) (void)claims_.retry(ids);
    return !ids.empty();
  }

  void end() {
    if (summary_.queue.refused > 0) summary_.code = ExitCode::partial;
    conclude(services_, progress_, summary_);
  }

  const PostIndex index_;
  PostBuilder builder_;
  store::Queue& claims_;
  const std::string worker_;
  const Services& services_;
  Summary& summary_;
  Progress progress_;
  // Folders of the posts that were looked at.
  std::set<std::string> built_;
  std::set<std::string> not_built_;
};

}  // namespace

void work_off_queue(const QueueOptions& queue, const Options& options, const Services& services, Summary& summary) {
  QueueWorker(queue, options, services, summary).work();
}

}  // namespace pipeline::package
