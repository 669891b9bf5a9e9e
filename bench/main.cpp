// The experiments of the performance plan; `pipeline_bench upsert --help` tells the options of one, docs/performance.md
// the rest.
#include "pipeline/base/log.h"

#include "experiment.h"
#include "package_experiment.h"
#include "sync_experiment.h"
#include "upsert_experiment.h"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <vector>

namespace {

using namespace pipeline::bench;

void add_experiment(CLI::App& root, const Experiment& experiment, Settings& settings, std::optional<int>& repeat) {
  CLI::App& app = *root.add_subcommand(experiment.name, experiment.help);
  app.add_flag("--smoke", settings.smoke, "The short form: under a minute, for every build");
  app.add_option("--out", settings.out, "Where the tables go")->type_name("DIR")->capture_default_str();
  app.add_option("--repeat", repeat, "Times each case is run; 3, or 1 with --smoke")->check(CLI::PositiveNumber);
  app.add_option("--case", settings.cases, "Only these cases")
      ->type_name("NAME...")
      ->check(CLI::IsMember(experiment.cases));
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<Experiment> experiments{sync_experiment(), upsert_experiment(), package_experiment()};

  CLI::App app("Measures pipeline against its limits, and says whether its bounds hold (exit code 1: they don't)");
  app.require_subcommand(1);
  Settings settings;
  settings.out = "build/bench-results";
  std::optional<int> repeat;
  for (const Experiment& experiment : experiments) add_experiment(app, experiment, settings, repeat);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  settings.repeat = repeat.value_or(settings.smoke ? 1 : 3);
  pipeline::log::init({pipeline::log::Level::warn, {}, {}});
  try {
    for (const Experiment& experiment : experiments) {
      if (app.got_subcommand(experiment.name)) return experiment.run(settings) ? 0 : 1;
    }
  } catch (const std::exception& error) {
    fmt::print(stderr, "pipeline_bench: {}\n", error.what());
  }
  return 1;
}
