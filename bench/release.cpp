#include "release.h"

#include "pipeline/base/error.h"
#include "pipeline/metrics/run_files.h"

#include "cases.h"
#include "machine.h"
#include "release_side.h"

#include <fmt/format.h>

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pipeline::bench {
namespace {

namespace fs = std::filesystem;

// The processes of one side and workload.
using Runs = std::vector<Run>;
using Results = std::map<std::string, std::array<Runs, 2>>;  // base, new

constexpr std::array<std::string_view, 2> kSides{"base", "new"};

std::string to_csv(const Results& results) {
  std::string csv = "workload,side,run,seconds,processor_seconds\n";
  for (const auto& [workload, sides] : results)
    for (std::size_t side = 0; side < sides.size(); ++side)
      for (std::size_t i = 0; i < sides[side].size(); ++i) {
        const Run& run = sides[side][i];
        csv +=
            fmt::format("{},{},{},{:.4f},{:.4f}\n", workload, kSides[side], i + 1, run.seconds, run.processor_seconds);
      }
  return csv;
}

std::string to_markdown(const Results& results) {
  std::string text =
      "| workload | seconds before | after | change | processor s before | after | change |\n"
      "|:--|--:|--:|--:|--:|--:|--:|\n";
  for (const auto& [workload, sides] : results) {
    const auto pair = [&sides = sides](double Run::*value) {
      return std::pair(median_of(sides[0], value), median_of(sides[1], value));
    };
    const auto [wall, new_wall] = pair(&Run::seconds);
    const auto [time, new_time] = pair(&Run::processor_seconds);
    text += fmt::format("| {} | {:.3f} | {:.3f} | {:+.1f} % | {:.3f} | {:.3f} | {:+.1f} % |\n", workload, wall,
                        new_wall, 100 * (new_wall / wall - 1), time, new_time, 100 * (new_time / time - 1));
  }
  return text;
}

// The report of a run, and the samples beside it.
void keep_report(const Run& run, const fs::path& folder) {
  fs::create_directories(folder);
  for (const fs::path& file : {run.metrics_csv, metrics::samples_csv_of(run.metrics_csv)})
    if (fs::exists(file)) fs::copy_file(file, folder / file.filename());
}

void require_empty(const fs::path& folder) {
  if (fs::exists(folder) && !fs::is_empty(folder))
    throw UsageError(fmt::format("{} is not empty: runs of different builds must not mix. Name another with --out",
                                 folder.string()));
}

}  // namespace

void run_release(const ReleaseSettings& settings) {
  for (const fs::path& executable : {settings.base, settings.fresh})
    if (!fs::exists(executable)) throw UsageError(fmt::format("{}: no such executable", executable.string()));
  require_empty(settings.out);
  const std::string machine = describe_machine();
  fmt::print("{}", machine);

  ReleaseWorkloads workloads;
  std::array sides{ReleaseSide(workloads, settings.base), ReleaseSide(workloads, settings.fresh)};
  Results results;
  for (int round = 0; round <= settings.runs; ++round) {
    const bool warm_up = round == 0;
    workloads.next();
    for (const std::string_view workload : ReleaseSide::kWorkloads) {
      std::array<Run, 2> took;
      in_turns(round, {[&] { took[0] = sides[0].run(workload); }, [&] { took[1] = sides[1].run(workload); }});
      if (warm_up) continue;
      for (std::size_t side = 0; side < sides.size(); ++side) {
        keep_report(took[side], settings.out / kSides[side] / workload);
        results[std::string(workload)][side].push_back(took[side]);
      }
      fmt::print("run {} of {}: {:<18} {:.3f} s before, {:.3f} s now\n", round, settings.runs, workload,
                 took[0].seconds, took[1].seconds);
    }
  }
  write_table(settings.out / "processes.csv", machine, to_csv(results));
  write_table(settings.out / "processes.md", "", to_markdown(results));
  write_table(settings.out / "machine.txt", machine, "");
  fmt::print("\n{}\nThe reports are in {}\n", to_markdown(results), settings.out.string());
}

}  // namespace pipeline::bench
