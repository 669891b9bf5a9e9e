#include "pipeline/base/error.h"
#include "pipeline/base/log.h"
#include "pipeline/catalogue/changes.h"
#include "pipeline/package/package.h"

#include "post_builder.h"
#include "post_index.h"
#include "run_end.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace pipeline::package {
namespace {

// A batch of entries is claimed, built and marked before the next, well within the lease.
constexpr std::int64_t kBatch = 500;
constexpr std::chrono::hours kLease(6);
constexpr int kAttempts = 3;                       // of runs that were killed while they had the entry
constexpr std::string_view kWorkers = "package ";  // how the names of all of this command's runs begin
constexpr const char* kEndedBefore = "the run ended before its posts were built";
constexpr std::chrono::milliseconds kFirstPause{20};
constexpr std::chrono::milliseconds kLongestPause{500};

using Outcomes = std::map<std::string, const store::RoundOutcome*>;  // of a stage, by the post's name

// What becomes of a claimed entry by what became of its posts, which may be none.
store::QueueEnd end_of(std::int64_t entry, const std::vector<const store::RoundOutcome*>& posts) {
  constexpr int kAgain = std::numeric_limits<int>::max();
  constexpr int kForGood = 1;  // trying again helps when the post was mended, which `queue retry` says
  std::string why;
  for (const auto* post : posts) {
    if (!post->done) return {entry, kEndedBefore, kAgain};
    if (!post->why.empty()) why += (why.empty() ? "" : "; ") + post->why;
  }
  return {entry, std::move(why), kForGood};
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

// Works stage after stage of the store's round off, beside others or alone.
class QueueWorker {
 public:
  QueueWorker(const QueueOptions& queue, const Options& options, const Services& services, Summary& summary)
      : posts_(queue.posts),
        index_(queue.posts, *services.store.catalogue),
        options_(options),
        rounds_(*services.store.rounds),
        claims_(*services.store.queue),
        services_(services),
        summary_(summary) {
    if (index_.folders().empty()) refuse_if_posts_were_there(queue.posts);
    const auto begun = rounds_.begin(queue.worker);
    worker_ = begun.name;
    const auto litter = begun.alone ? PostBuilder::Litter::cleared : PostBuilder::Litter::left;
    builder_.emplace(options_, services_, rounds_, litter, index_.names());
  }

  void work() {
    try {
      while (services_.interrupted() == 0 && step()) {
      }
    } catch (...) {
      const auto failure = std::current_exception();
      leave_after_failure();
      conclude();
      std::rethrow_exception(failure);
    }
    leave();
    conclude();
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

  // Whether there is another.
  bool step() {
    switch (rounds_.next()) {
      case store::Step::build:
        if (!build(rounds_.stage())) pause();
        return true;
      case store::Step::wait:
        pause();
        return true;
      case store::Step::lay_out:
        lay_out();
        return true;
      case store::Step::over:
        break;
    }
    return false;
  }

  // For another worker.
  void pause() {
    std::this_thread::sleep_for(pause_);
    pause_ = std::min(2 * pause_, kLongestPause);
  }

  // --- a stage is built ---

  bool build(const store::Stage& stage) {
    pause_ = kFirstPause;
    progress_.posts_total = progress_.posts + static_cast<std::size_t>(stage.posts);
    const StagePosts posts{.count = stage.posts, .find = [this](const auto& name) { return find(name); }};
    const bool asked_for = stage.kind != store::StageKind::others;
    const Changes changes = asked_for ? changes_of(claimed()) : Changes();
    std::map<std::int64_t, Result> results;
    const auto take = [&](std::int64_t place, Result result) {
      count(result, progress_);
      if (asked_for || result.status != Status::unchanged) results.emplace(place, std::move(result));
      if (services_.on_progress) services_.on_progress(progress_);
    };
    const auto collect = [&] {
      for (auto& [place, result] : results) summary_.packages.push_back(std::move(result));
    };
    bool any = false;
    try {
      any = builder_->build(posts, changes, take);
    } catch (...) {
      collect();
      throw;
    }
    collect();
    return any;
  }

  // Of all posts; also of one that has come since this worker looked.
  [[nodiscard]] std::optional<std::filesystem::path> find(const std::string& name) const {
    std::filesystem::path folder = name == kItself ? posts_ : posts_ / name;
    std::error_code failed;
    return std::filesystem::is_directory(folder, failed) ? std::optional(std::move(folder)) : std::nullopt;
  }

  [[nodiscard]] std::string name_of(const std::filesystem::path& folder) const {
    return folder == posts_ ? kItself : folder.filename().string();
  }

  // --- a stage is done ---

  // What it was for is marked, and the next one laid out: entry after entry until nothing waits; then posts that are
  // new or were edited, of which no entry speaks; then entries that failed for posts that are built now.
  void lay_out() {
    using enum store::StageKind;
    const store::Stage stage = rounds_.stage();
    settle(stage);
    if (stage.kind != others && lay_out_claims(stage.kind == none ? queue : stage.kind)) return;
    if ((stage.kind == none || stage.kind == queue) && lay_out_others()) return;
    if (stage.kind != mended && retry_mended() && lay_out_claims(mended)) return;
    rounds_.close();
  }

  [[nodiscard]] std::vector<catalogue::QueueEntry> claimed() const {
    std::vector<catalogue::QueueEntry> entries;
    claims_.each({.statuses = {catalogue::QueueStatus::claimed}, .worker = worker_},
                 [&](const catalogue::QueueEntry& entry) { entries.push_back(entry); });
    return entries;
  }

  [[nodiscard]] Outcomes outcomes_of(const std::vector<store::RoundOutcome>& all, std::int64_t stage) const {
    Outcomes outcomes;
    for (const auto& post : all)
      if (post.stage == stage) outcomes.emplace(post.folder, &post);
    return outcomes;
  }

  // Its posts in the stage. One that has come since is new, and built as such.
  [[nodiscard]] std::vector<const store::RoundOutcome*> posts_of(const catalogue::QueueEntry& entry,
                                                                 const Outcomes& outcomes) const {
    std::vector<const store::RoundOutcome*> posts;
    for (const auto& folder : index_.posts_of({&entry, 1}))
      if (const auto found = outcomes.find(name_of(folder)); found != outcomes.end()) posts.push_back(found->second);
    return posts;
  }

  // The entries that the round has claimed are marked; in one transaction: a sync of the disk for each of thousands of
  // entries would take longer than their posts. Those of a stage that was never laid out, since its worker died, go
  // back, and so often as a lease may run out.
  void settle(const store::Stage& stage) {
    const auto all = rounds_.outcomes();
    const Outcomes outcomes = outcomes_of(all, stage.number);
    std::set<std::int64_t> of_stage(stage.entries.begin(), stage.entries.end());
    std::vector<store::QueueEnd> ends;
    std::vector<bool> have_posts;
    for (const auto& entry : claimed()) {
      const bool is_of_stage = of_stage.erase(entry.id) > 0;
      const auto posts = posts_of(entry, outcomes);
      ends.push_back(is_of_stage ? end_of(entry.id, posts) : store::QueueEnd{entry.id, kEndedBefore, kAttempts});
      have_posts.push_back(!posts.empty());
    }
    for (const std::int64_t lost : lost_of(std::move(of_stage))) {
      ends.push_back({lost, {}});  // refused, with the name of who has it
      have_posts.push_back(true);
    }
    if (ends.empty()) return;
    const auto moves = claims_.end(ends, worker_);
    for (std::size_t i = 0; i < moves.size(); ++i) count(moves[i], have_posts[i], summary_.queue);
  }

  // Of those that are no longer claimed: without those that were marked before.
  [[nodiscard]] std::set<std::int64_t> lost_of(std::set<std::int64_t> entries) const {
    if (!entries.empty())
      claims_.each({.worker = worker_}, [&](const catalogue::QueueEntry& entry) { entries.erase(entry.id); });
    return entries;
  }

  // A batch of those that wait.
  bool lay_out_claims(store::StageKind kind) {
    if (services_.interrupted() != 0) return true;  // that comes first
    const auto entries =
        claims_.claim({.worker = worker_, .limit = kBatch, .lease = kLease, .max_attempts = kAttempts});
    if (entries.empty()) return false;
    summary_.queue.claimed += static_cast<std::int64_t>(entries.size());
    store::Stage stage{.kind = kind, .entries = {}};
    for (const auto& entry : entries) stage.entries.push_back(entry.id);
    std::vector<std::string> names;
    for (const auto& folder : index_.posts_of(entries)) names.push_back(name_of(folder));
    rounds_.lay_out(stage, names);
    return true;
  }

  bool lay_out_others() {
    std::set<std::string> looked_at;
    for (const auto& post : rounds_.outcomes()) looked_at.insert(post.folder);
    std::vector<std::string> names;
    for (const auto& folder : index_.folders())
      if (std::string name = name_of(folder); !looked_at.contains(name)) names.push_back(std::move(name));
    if (names.empty()) return false;
    rounds_.lay_out({.kind = store::StageKind::others, .entries = {}}, names);
    return true;
  }

  // Entries that failed for posts that are built now, or gone for good, wait again. Whether there are any.
  bool retry_mended() {
    std::set<std::string> built;
    for (const auto& post : rounds_.outcomes())
      if (post.done && post.why.empty()) built.insert(post.folder);
    std::vector<std::int64_t> ids;
    claims_.each({.statuses = {catalogue::QueueStatus::failed}}, [&](const catalogue::QueueEntry& entry) {
      const auto posts = index_.posts_of({&entry, 1});
      const auto is_built = [&](const auto& post) { return built.contains(name_of(post)); };
      // Of a product without a post only what this command gave up: what somebody else did is not ours to take up.
      const bool is_ours = !posts.empty() || entry.claimed_by.starts_with(kWorkers);
      if (is_ours && std::ranges::all_of(posts, is_built)) ids.push_back(entry.id);
    });
    if (!ids.empty()) (void)claims_.retry(ids);
    return !ids.empty();
  }

  // --- the end ---

  // Before the round's own end the others go on; the last one leaves what is open to the next run.
  void leave() {
    if (!rounds_.leave()) return;
    const store::Stage stage = rounds_.stage();
    progress_.posts_total = progress_.posts + static_cast<std::size_t>(stage.posts);
    settle(stage);
    rounds_.close();
  }

  void leave_after_failure() {
    try {
      leave();
    } catch (...) {
      log::warn("entries of the queue stay claimed until their lease ends, in {} hours", kLease.count());
    }
  }

  void conclude() {
    if (summary_.queue.refused > 0) summary_.code = ExitCode::partial;
    package::conclude(services_, progress_, summary_);
  }

  static constexpr const char* kItself = ".";  // the name of a post that is the folder of all posts

  const std::filesystem::path posts_;
  const PostIndex index_;
  const Options& options_;
  store::Rounds& rounds_;
  store::Queue& claims_;
  const Services& services_;
  Summary& summary_;
  std::string worker_;  // of the round: it claims entries for all
  std::optional<PostBuilder> builder_;
  Progress progress_;
  std::chrono::milliseconds pause_ = kFirstPause;
};

}  // namespace

void work_off_queue(const QueueOptions& queue, const Options& options, const Services& services, Summary& summary) {
  QueueWorker(queue, options, services, summary).work();
}

}  // namespace pipeline::package
