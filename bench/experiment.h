#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace pipeline::bench {

// What the command line asks of an experiment.
struct Settings {
  bool smoke = false;  // the short form, for every build: counts and the committed baseline decide
  int repeat = 1;
  std::filesystem::path baseline;  // of the short form; empty: the committed one
  bool record = false;             // makes the baseline of so many short runs, instead of comparing with it
  int runs = 5;
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
