#pragma once

#include "package_place.h"
#include "store_process.h"
#include "support/temp_dir.h"
#include "sync_place.h"
#include "upsert_place.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::bench {

// What both sides work on: a store, product files, pictures and a video.
class ReleaseWorkloads {
 public:
  ReleaseWorkloads();

  // Makes the changed rows of the next round.
  void next();
  // Changes some products of the store, each time to something new.
  void edit_store();

  [[nodiscard]] const StoreProcess& store() const noexcept { return store_; }
  [[nodiscard]] std::filesystem::path rows() const { return folder_ / "rows.jsonl"; }
  [[nodiscard]] std::filesystem::path changes() const { return folder_ / "changes.jsonl"; }
  [[nodiscard]] const std::vector<std::filesystem::path>& pictures() const noexcept { return pictures_; }
  [[nodiscard]] std::filesystem::path clip() const { return folder_ / "clip.mp4"; }

 private:
  const StoreProcess store_;
  const test::TempDir folder_;
  std::vector<std::filesystem::path> pictures_;
  int version_ = 0;
  std::int64_t stock_ = 10'000;
};

// One executable with databases and posts of its own. Only options that every release has are used.
class ReleaseSide {
 public:
  // In the order of a round: each leaves what the next one begins with.
  static constexpr std::array<std::string_view, 7> kWorkloads{
      "sync-full",      "sync-incremental", "upsert-first", "upsert-unchanged",
      "upsert-changed", "package-pictures", "package-video"};

  ReleaseSide(ReleaseWorkloads& workloads, const std::filesystem::path& executable);

  // Throws unless the run ended well and did what the workload is for.
  [[nodiscard]] Run run(std::string_view workload);

 private:
  // At least, and exactly, so many details and rows.
  [[nodiscard]] Run sync(double details) const;
  [[nodiscard]] Run upsert(const std::filesystem::path& file, const char* counted, double rows) const;

  ReleaseWorkloads& workloads_;
  const std::string executable_;
  std::unique_ptr<SyncPlace> sync_;
  std::unique_ptr<UpsertPlace> upsert_;
  std::unique_ptr<PackagePlace> pictures_;
  std::unique_ptr<PackagePlace> video_;
};

}  // namespace pipeline::bench
