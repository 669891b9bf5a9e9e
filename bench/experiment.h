#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace pipeline::bench {

// What the command line asks of an experiment.
struct Settings {
  bool smoke = false;  // the short form, for every build: ratios and counts decide, bounds leave room for noise
  int repeat = 1;
  std::filesystem::path out;
  std::vector<std::string> cases;  // none named: all
};

// One subcommand of pipeline_bench. A new one is a file pair of its own and a line in main.cpp.
struct Experiment {
  std::string name;
  std::string help;
  std::vector<std::string> cases;
  bool (*run)(const Settings&);  // false: a case does not hold
};

}  // namespace pipeline::bench
