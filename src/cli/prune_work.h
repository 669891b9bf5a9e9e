#pragma once

#include "pipeline/base/clock.h"
#include "pipeline/base/interrupt.h"
#include "pipeline/metrics/upkeep.h"
#include "pipeline/report/thinning.h"
#include "pipeline/store/database.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

// What goes when it is old, found first and removed then.
namespace pipeline::cli {

struct PruneOrder {
  store::Term term;
  std::filesystem::path metrics_dir;
  std::filesystem::path out;  // where packages are
  WallTime now{};
};

// A published post whose folder is gone for the term: its packages have done what they were for. What is known of it
// stays, since it is still on the blog: status tells when its product goes, and its pictures are its own.
struct GonePost {
  std::string content_id;
  std::vector<std::filesystem::path> packages;
};

struct PrunePlan {
  std::vector<metrics::RunFile> files;
  std::uint64_t file_bytes = 0;
  report::Thinning history;
  std::uint64_t history_bytes = 0;
  store::Outdated rows;
  std::vector<GonePost> posts;
  std::uint64_t package_files = 0;
  std::uint64_t package_bytes = 0;
  std::int64_t kept_posts = 0;              // their folder is gone for the term, and they wait for a hand
  std::map<std::string, WallTime> missing;  // all posts whose folder is gone, and since when that is known
  std::vector<std::string> failures;        // what could not be looked at or removed; the rest goes on
};

// Changes nothing.
[[nodiscard]] PrunePlan plan_prune(const PruneOrder& order, store::Store& store);

// In small transactions, with time between them for others that write; ends early, in order, on a signal.
void carry_out(PrunePlan& plan, const PruneOrder& order, store::Store& store, const Interrupt& interrupt);

}  // namespace pipeline::cli
