// The experiments of the performance plan; `pipeline_bench upsert --help` tells the options of one, docs/performance.md
// the rest.
#include "pipeline/base/log.h"

#include "cases.h"
#include "release.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <optional>

namespace {

using namespace pipeline::bench;

void add_experiment(CLI::App& root, const CaseSet& set, Settings& settings, std::optional<int>& repeat) {
  CLI::App& app = *root.add_subcommand(set.experiment, set.help);
  CLI::Option* smoke =
      app.add_flag("--smoke", settings.smoke, "The short form, for every build, compared with the baseline");
  app.add_option("--out", settings.out, "Where the tables go")->type_name("DIR")->capture_default_str();
  app.add_option("--repeat", repeat, "Times each case is run; 3, or 1 with --smoke")->check(CLI::PositiveNumber);
  app.add_option("--case", settings.cases, "Only these cases")
      ->type_name("NAME...")
      ->check(CLI::IsMember(case_names(set)));
  app.add_option("--baseline", settings.baseline,
                 fmt::format("What the short form is compared with; bench/baseline/PROCESSOR/{}.csv unless given",
                             set.experiment))
      ->type_name("FILE")
      ->needs(smoke);
  CLI::Option* record =
      app.add_flag("--record", settings.record, "Make the baseline anew, of several short runs")->needs(smoke);
  app.add_option("--runs", settings.runs, "How many")->check(CLI::PositiveNumber)->capture_default_str()->needs(record);
}

CLI::App& add_release(CLI::App& root, ReleaseSettings& settings) {
  CLI::App& app = *root.add_subcommand("release", "Two executables in turns on the same workloads, for a comparison");
  app.add_option("--base", settings.base, "What was before")->type_name("PIPELINE")->required();
  app.add_option("--new", settings.fresh, "What is now")->type_name("PIPELINE")->required();
  app.add_option("--runs", settings.runs, "Of each workload and side, after a warm-up")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--out", settings.out, "A new folder for the reports")->type_name("DIR")->capture_default_str();
  return app;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Measures pipeline against its limits, and says whether its bounds hold (exit code 1: they don't)");
  app.require_subcommand(1);
  Settings settings;
  settings.out = "build/bench-results";
  std::optional<int> repeat;
  for (const CaseSet& set : experiments()) add_experiment(app, set, settings, repeat);
  ReleaseSettings release;
  const CLI::App& release_app = add_release(app, release);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  settings.repeat = repeat.value_or(settings.smoke ? 1 : 3);
  pipeline::log::init({pipeline::log::Level::warn, {}, {}});
  try {
    if (release_app.parsed()) {
      run_release(release);
      return 0;
    }
    for (const CaseSet& set : experiments())
      if (app.got_subcommand(set.experiment)) return run_cases(set, settings) ? 0 : 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "pipeline_bench: {}\n", error.what());
  }
  return 1;
}
