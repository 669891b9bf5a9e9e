#include "release_side.h"

#include "package_samples.h"
#include "product_rows.h"

#include <fmt/format.h>

#include <stdexcept>

namespace pipeline::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kRows = 20'000;
constexpr std::int64_t kChangedRows = 2'000;
constexpr std::int64_t kProducts = 500;
constexpr std::int64_t kEdits = 20;

}  // namespace

ReleaseWorkloads::ReleaseWorkloads()
    : store_({"--products", std::to_string(kProducts), "--latency-ms", "10"}),
      pictures_(make_pictures(folder_ / "pool", 10, k3Megapixels)) {
  make_clip(clip(), kSmallClip);
  write_rows(rows(), in_order(kRows));
}

void ReleaseWorkloads::next() {
  ++version_;
  write_rows(changes(), at_random(kRows, kChangedRows), version_);
}

void ReleaseWorkloads::edit_store() {
  const auto products = store_.products();
  ++stock_;
  for (std::size_t i = 0; i < static_cast<std::size_t>(kEdits); ++i)
    (void)store_.control("edit", {{"kind", "set_stock"}, {"channel_no", products.at(7 * i)}, {"value", stock_}});
}

ReleaseSide::ReleaseSide(ReleaseWorkloads& workloads, const fs::path& executable)
    : workloads_(workloads),
      executable_(executable),
      upsert_(std::make_unique<UpsertPlace>(executable)),
      pictures_(std::make_unique<PackagePlace>(executable)),
      video_(std::make_unique<PackagePlace>(executable)) {
  pictures_->add_post("POST001", workloads.pictures());
  video_->add_post("POST001", {workloads.pictures()[0], workloads.pictures()[1]}, {workloads.clip()});
}

Run ReleaseSide::run(std::string_view workload) {
  if (workload == "sync-full") {
    sync_ = std::make_unique<SyncPlace>(workloads_.store(), executable_);
    return sync(kProducts);
  }
  if (workload == "sync-incremental") {
    workloads_.edit_store();
    return sync(kEdits);
  }
  if (workload == "upsert-first") {
    (void)upsert_->new_db();
    return upsert(workloads_.rows(), "inserted", kRows);
  }
  if (workload == "upsert-unchanged") return upsert(workloads_.rows(), "unchanged", kRows);
  if (workload == "upsert-changed") return upsert(workloads_.changes(), "updated", kChangedRows);
  if (workload == "package-pictures") return pictures_->package({"--jobs", "2", "--force"});
  if (workload == "package-video") return video_->package({"--jobs", "2", "--force"});
  throw std::logic_error(fmt::format("no workload {}", workload));
}

Run ReleaseSide::sync(double details) const {
  Run run = sync_->sync();
  if (run.count("detail_fetched") < details)
    throw std::runtime_error(fmt::format("{} sync fetched {} details instead of {} or more", executable_,
                                         run.count("detail_fetched"), details));
  return run;
}

Run ReleaseSide::upsert(const fs::path& file, const char* counted, double rows) const {
  Run run = upsert_->upsert(file);
  if (run.count(counted) != rows)
    throw std::runtime_error(
        fmt::format("{} upsert: {} rows {} instead of {}", executable_, run.count(counted), counted, rows));
  return run;
}

}  // namespace pipeline::bench
