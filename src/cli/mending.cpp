#include "mending.h"

#include "pipeline/archive/zip_writer.h"
#include "pipeline/base/error.h"
#include "pipeline/base/file.h"
#include "pipeline/base/folder.h"
#include "pipeline/base/kst_time.h"
#include "pipeline/naver/product_detail.h"
#include "pipeline/package/post.h"
#include "pipeline/store/packages.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace pipeline::cli {
namespace {

namespace fs = std::filesystem;
using State = Finding::State;

constexpr std::chrono::minutes kForDatabase{10};  // to look through it: nobody is kept waiting but who has asked
constexpr std::chrono::hours kLeft{1};            // a file that is being written is younger

Finding mended(std::string subject, std::string text, std::string advice = {}) {
  return {"repair", State::ok, std::move(subject), std::move(text), std::move(advice)};
}
Finding for_a_hand(std::string subject, std::string text, std::string advice) {
  return {"repair", State::warning, std::move(subject), std::move(text), std::move(advice)};
}

void take_away(const fs::path& file) {
  std::error_code error;
  fs::remove(file, error);
  if (error) throw Error(fmt::format("cannot remove {}: {}: remove it by hand", file.string(), error.message()));
}

// --- the database ---

Findings mend_log(store::Database& database, const Clock& clock) {
  if (!database.inspect(clock)->has_foreign_log(clock.now() + kForDatabase)) return {};
  const fs::path away = database.put_log_away(clock.wall());
  return {mended(database.name(),
                 fmt::format("the log beside it was another database's, and is {} now: with it the database was "
                             "damaged, without it is not",
                             away.string()),
                 "what a run had written into that log is not in the database: the next sync fetches it again; remove "
                 "the file when all is well")};
}

Findings mend_restore(store::Database& database, const Clock& clock) {
  Findings findings;
  for (const fs::path& file : database.inspect(clock)->litter()) {
    take_away(file);
    findings.push_back(mended(file.string(), "what a restore that was broken off had left is removed",
                              "if the database is not the restored one, run `pipeline restore` again"));
  }
  return findings;
}

// A run that was killed leaves its log; so does a copy that was made meanwhile, with its log.
Findings find_lost_log(store::Store& store, store::Database& database, const Clock& clock, WallTime now) {
  if (database.is_on_server()) return {};
  constexpr std::chrono::days kLookBack{30};
  const auto runs = store.runs->since(now - kLookBack);
  const bool is_open = std::ranges::any_of(runs, [](const store::RunRow& run) { return run.status == "RUNNING"; });
  if (!is_open || database.inspect(clock)->room().log > 0) return {};
  return {
      for_a_hand(database.name(),
                 "a run in it has no end, and there is no log beside it: it may be a copy that was made during a "
                 "run, without its -wal",
                 "if it is, copy it again by `pipeline backup`, or by cp with its -wal while nothing runs; if a run "
                 "was killed, nothing is lost: the next one goes on from there")};
}

Findings find_twins(store::Database& database, const Clock& clock) {
  Findings findings;
  for (const store::Twin& twin : database.inspect(clock)->twins(naver::kSource))
    findings.push_back(for_a_hand(
        twin.name,
        twin.last_run
            ? fmt::format("holds the products of the same store; its last run began at {}", format_kst(*twin.last_run))
            : std::string("holds the products of the same store; no run is noted in it"),
        "two databases of one store drift apart: keep the one that has your posts and the later runs, and move the "
        "other to your backups"));
  return findings;
}

// --- files ---

std::set<std::string> hidden_parts(const fs::path& folder) {
  std::set<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    std::string name = entry->path().filename().string();
    if (name.starts_with('.') && name.ends_with(".part")) names.insert(std::move(name));
  }
  return names;
}

Findings mend_parts(const fs::path& out) {
  Findings findings;
  const auto before = hidden_parts(out);
  if (before.empty()) return {};
  archive::remove_litter(out);
  const auto after = hidden_parts(out);
  for (const std::string& name : before)
    if (!after.contains(name))
      findings.push_back(mended((out / name).string(), "a package that was never finished is removed"));
  return findings;
}

// `history.csv.tmp-0123456789abcdef`: how AtomicFile calls what it has not finished.
bool is_unfinished(const fs::directory_entry& entry) {
  constexpr std::size_t kDigits = 16;
  constexpr std::string_view kEnd = ".tmp-";
  const std::string name = entry.path().filename().string();
  const auto at = name.rfind(kEnd);
  std::error_code error;
  return at != std::string::npos && name.size() == at + kEnd.size() + kDigits &&
         name.find_first_not_of("0123456789abcdef", at + kEnd.size()) == std::string::npos &&
         fs::file_time_type::clock::now() - entry.last_write_time(error) > kLeft;
}

Findings mend_unfinished(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    if (is_unfinished(*entry)) found.push_back(entry->path());
  Findings findings;
  for (const fs::path& file : found) {
    take_away(file);
    findings.push_back(mended(file.string(), "a file that was never finished is removed"));
  }
  return findings;
}

// --- posts ---

std::vector<store::PostRecord> all_posts(store::Packages& packages) {
  std::vector<store::PostRecord> posts;
  packages.each_post([&](const store::PostRecord& post) { posts.push_back(post); });
  return posts;
}

void mend_zip(const fs::path& zip, std::uint64_t bytes, const std::string& content_id, Findings& findings) {
  std::error_code missing;
  const auto size = fs::file_size(zip, missing);
  if (missing || size == bytes) return;
  take_away(zip);
  findings.push_back(mended(zip.string(), fmt::format("is removed: it had {} bytes, and {} were built", size, bytes),
                            fmt::format("the next `pipeline package` builds {} again", content_id)));
}

// A zip that a hand has copied by half, or changed, must not be uploaded.
Findings mend_zips(store::Packages& packages, const fs::path& out) {
  Findings findings;
  for (const store::PostRecord& post : all_posts(packages)) {
    const auto record = packages.find(post.content_id);
    if (!record) continue;
    mend_zip(out / fmt::format("naver_{}.zip", post.content_id), record->naver_bytes, post.content_id, findings);
    mend_zip(out / fmt::format("unique_{}.zip", post.content_id), record->unique_bytes, post.content_id, findings);
  }
  return findings;
}

// The folders of all posts by what they are called; those of a name that several have are one too many.
std::map<std::string, std::vector<fs::path>> folders_by_name(const fs::path& posts) {
  std::map<std::string, std::vector<fs::path>> folders;
  if (posts.empty()) return folders;
  for (const fs::path& folder : package::find_posts({posts}, package::NoPosts::allowed))
    folders[package::read_post_names(folder).content_id].push_back(folder);
  return folders;
}

Finding mend_folder(store::PostRecord post, const std::vector<fs::path>& found, store::Packages& packages) {
  if (found.size() != 1)
    return for_a_hand(
        post.content_id,
        found.empty()
            ? fmt::format("its folder {} is gone, and no post below --posts has its content_id", post.folder)
            : fmt::format("its folder {} is gone, and {} posts have its content_id", post.folder, found.size()),
        fmt::format("bring the folder back, or name where it is with --posts; if the post is gone for good: `pipeline "
                    "post forget {}`",
                    post.content_id));
  const std::string gone = std::exchange(post.folder, from_anywhere(found.front()).string());
  packages.put_post(post);
  return mended(post.content_id, fmt::format("its folder is {} now, no longer {}", post.folder, gone));
}

Findings mend_folders(store::Packages& packages, const fs::path& posts) {
  Findings findings;
  std::optional<std::map<std::string, std::vector<fs::path>>> folders;  // read when one is missed
  for (store::PostRecord& post : all_posts(packages)) {
    if (post.folder.empty() || is_there(post.folder)) continue;
    if (!folders) folders = folders_by_name(posts);
    const auto found = folders->find(post.content_id);
    findings.push_back(mend_folder(post, found == folders->end() ? std::vector<fs::path>() : found->second, packages));
  }
  return findings;
}

Findings mend_tables(store::Database& database, const PackageCommand& package, const Clock& clock) {
  store::Store store = database.open(clock, {.mode = store::Opening::Mode::write});  // an empty file gets its tables
  Findings findings = look_at("repair", database.name(), [&] { return find_twins(database, clock); });
  append(findings,
         look_at("repair", database.name(), [&] { return find_lost_log(store, database, clock, clock.wall()); }));
  append(findings, look_at("repair", package.options.out.string(),
                           [&] { return mend_zips(*store.packages, package.options.out); }));
  append(findings, look_at("repair", package.posts_dir.string(),
                           [&] { return mend_folders(*store.packages, package.posts_dir); }));
  return findings;
}

}  // namespace

Findings mend(store::Database& database, const SyncCommand& sync, const PackageCommand& package, const Clock& clock) {
  const std::string& name = database.name();
  database.check_place();
  const store::Database::Lock lock = database.lock("pipeline check --repair", clock.wall());
  Findings findings = look_at("repair", name, [&] { return mend_restore(database, clock); });
  if (database.is_there()) {
    append(findings, look_at("repair", name, [&] { return mend_log(database, clock); }));
    append(findings, look_at("repair", name, [&] { return mend_tables(database, package, clock); }));
  }
  append(findings, look_at("repair", package.options.out.string(), [&] { return mend_parts(package.options.out); }));
  std::set<fs::path> folders{sync.common.metrics_dir, package.options.out};
  if (!sync.common.prometheus.empty()) folders.insert(folder_of(sync.common.prometheus));
  for (const fs::path& folder : folders)
    append(findings, look_at("repair", folder.string(), [&] { return mend_unfinished(folder); }));
  if (findings.empty()) findings.push_back(mended("", "there is nothing to mend"));
  return findings;
}

}  // namespace pipeline::cli
