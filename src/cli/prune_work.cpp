#include "prune_work.h"

#include "pipeline/base/error.h"
#include "pipeline/base/folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>
#include <system_error>
#include <thread>
#include <utility>

namespace pipeline::cli {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

// --- finding ---

// The last runs of each command have a report that can be looked at, however old they are.
std::vector<metrics::RunFile> old_files(const PruneOrder& order) {
  auto files = metrics::run_files_in(order.metrics_dir);
  std::map<std::string, std::set<std::string>> last;  // of each command, by run id, which sorts by time
  for (const auto& file : files) {
    auto& runs = last[file.command];
    runs.insert(file.run_id);
    if (runs.size() > static_cast<std::size_t>(order.term.keep_runs)) runs.erase(runs.begin());
  }
  std::erase_if(files, [&](const metrics::RunFile& file) {
    return file.started_at >= order.term.before || last[file.command].contains(file.run_id);
  });
  return files;
}

metrics::IsMeant is_thinned_out(const PrunePlan& plan) {
  return [&plan](std::string_view run_id) { return plan.history.goes.contains(std::string(run_id)); };
}

void find_measurements(const PruneOrder& order, PrunePlan& plan) {
  const fs::path history = order.metrics_dir / "history.csv";
  plan.files = old_files(order);
  for (const auto& file : plan.files) plan.file_bytes += file.bytes;
  plan.history = report::thin_weeks(history, order.term.before);
  if (!plan.history.goes.empty()) plan.history_bytes = metrics::bytes_in_history(history, is_thinned_out(plan));
}

// A folder above that is missing too is a disk that is not there today, or another place that the command was called
// in: nothing is known of the post then.
enum class Folder { there, gone, unknown };
Folder folder_of_post(const std::string& folder) {
  std::error_code error;
  if (fs::exists(folder, error) || error) return error ? Folder::unknown : Folder::there;
  const fs::path above = folder_of(fs::path(folder).lexically_normal());
  return fs::is_directory(above, error) ? Folder::gone : Folder::unknown;
}

std::vector<fs::path> packages_of(const std::string& content_id, const fs::path& out) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const char* kind : {"naver", "unique"})
    if (auto file = out / fmt::format("{}_{}.zip", kind, content_id); fs::is_regular_file(file, error))
      files.push_back(std::move(file));
  return files;
}

void find_posts(const PruneOrder& order, store::Store& store, PrunePlan& plan) {
  const auto known = store.upkeep->missing_posts();
  std::set<std::string> to_take_down;
  for (const auto& post : store.packages->to_take_down()) to_take_down.insert(post.content_id);
  store.packages->each_post([&](const store::PostRecord& post) {
    const Folder folder = folder_of_post(post.folder);
    const auto before = known.find(post.content_id);
    if (folder == Folder::there || (folder == Folder::unknown && before == known.end())) return;
    const WallTime since = before == known.end() ? order.now : before->second;
    plan.missing.emplace(post.content_id, since);
    if (folder == Folder::unknown || since >= order.term.before) return;
    if (post.need() != store::PostNeed::nothing || !post.published || to_take_down.contains(post.content_id)) {
      ++plan.kept_posts;
      return;
    }
    if (auto files = packages_of(post.content_id, order.out); !files.empty())
      plan.posts.push_back({post.content_id, std::move(files)});
  });
  for (const GonePost& post : plan.posts)
    for (const fs::path& file : post.packages) {
      std::error_code error;
      const auto bytes = fs::file_size(file, error);
      ++plan.package_files;
      plan.package_bytes += error ? 0 : bytes;
    }
}

// What fails is told at the end, and costs the others nothing.
void try_to(PrunePlan& plan, const std::function<void()>& work) {
  try {
    work();
  } catch (const TryLaterError&) {
    throw;
  } catch (const Error& e) {
    plan.failures.emplace_back(e.what());
  }
}

// --- removing ---

void remove_file(const fs::path& file) {
  std::error_code error;
  fs::remove(file, error);
  if (error) throw Error(fmt::format("cannot remove {}: {}", file.string(), error.message()));
}

// Short transactions, one after another, each followed by as much time for others: who waits for the database looks for
// it every few hundredths of a second.
class Turns {
 public:
  explicit Turns(const Interrupt& interrupt) : interrupt_(interrupt) {}

  // `step` is told how many rows it may take, and says whether it found any. A tenth of a second is much for one.
  void take(std::int64_t rows, const std::function<bool(std::int64_t rows)>& step) const {
    while (interrupt_.signal() == 0) {
      const auto began = std::chrono::steady_clock::now();
      if (!step(rows)) return;
      const auto took = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - began);
      if (took > kLong) rows = std::max<std::int64_t>(rows / 2, 1);
      if (took < kShort) rows = std::min(rows * 2, kMostRows);
      std::this_thread::sleep_for(std::clamp(took, kShort, kLong));
    }
  }

 private:
  static constexpr milliseconds kLong{100};
  static constexpr milliseconds kShort{30};
  static constexpr std::int64_t kMostRows = 4'000;

  const Interrupt& interrupt_;
};

void remove_rows(const PruneOrder& order, store::Upkeep& upkeep, const Interrupt& interrupt) {
  constexpr std::int64_t kRows = 100;
  const Turns turns(interrupt);
  turns.take(kRows, [&](std::int64_t rows) { return upkeep.remove_entries(order.term, rows) > 0; });
  turns.take(kRows, [&](std::int64_t rows) { return upkeep.remove_runs(order.term, rows) > 0; });
  turns.take(kRows, [&](std::int64_t pages) { return upkeep.give_back(pages); });
}

}  // namespace

PrunePlan plan_prune(const PruneOrder& order, store::Store& store) {
  PrunePlan plan;
  try_to(plan, [&] { find_measurements(order, plan); });
  find_posts(order, store, plan);
  plan.rows = store.upkeep->outdated(order.term);
  return plan;
}

void carry_out(PrunePlan& plan, const PruneOrder& order, store::Store& store, const Interrupt& interrupt) {
  for (const auto& file : plan.files) try_to(plan, [&] { remove_file(file.path); });
  if (!plan.history.goes.empty())
    try_to(plan, [&] { metrics::remove_from_history(order.metrics_dir / "history.csv", is_thinned_out(plan)); });
  for (const GonePost& post : plan.posts)
    for (const fs::path& file : post.packages) try_to(plan, [&] { remove_file(file); });
  store.upkeep->note_missing_posts(plan.missing);
  remove_rows(order, *store.upkeep, interrupt);
}

}  // namespace pipeline::cli
