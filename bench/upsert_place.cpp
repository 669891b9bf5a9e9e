#include "upsert_place.h"

#include "support/process.h"
#include "support/sync_stand.h"

#include <chrono>
#include <stdexcept>

namespace pipeline::bench {

UpsertRun UpsertPlace::upsert(const std::filesystem::path& file, const std::vector<std::string>& arguments) const {
  std::vector<std::string> all{
      test::pipeline_binary(),        "upsert", file.string(),   "--db",        db().string(), "--metrics-dir",
      (folder_ / "metrics").string(), "--json", "--no-progress", "--log-level", "error"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  const auto began = std::chrono::steady_clock::now();
  const test::Outcome outcome = test::Process(all, {}, folder_.path()).wait();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  if (outcome.exit_code != 0) throw std::runtime_error("pipeline upsert failed: " + outcome.err + outcome.out);
  UpsertRun run;
  run.summary = nlohmann::json::parse(outcome.out);
  run.metrics_csv = run.summary.at("metrics_csv").get<std::string>();
  run.peak_megabytes = static_cast<double>(outcome.peak_kilobytes) / 1024;
  run.seconds = took.count();
  return run;
}

std::filesystem::path UpsertPlace::new_db() const {
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) std::filesystem::remove(db().string() + suffix);
  return db();
}

}  // namespace pipeline::bench
