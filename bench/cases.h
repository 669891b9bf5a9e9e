#pragma once

#include "report.h"

#include <array>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
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

// One run of one case; its figures go into the report under the case's name.
struct Trial {
  Report& report;
  std::string name;
  bool smoke = false;
  int rounds = 1;  // for a case that repeats itself

  void add(std::string_view what, double value, std::string_view unit, Bound bound = {}) const {
    report.add(name, what, value, unit, bound);
  }
};

// Which form of its experiment a case belongs to.
enum class Form { full, smoke, both };

struct Case {
  const char* name;
  Form form;
  void (*run)(const Trial&);
  bool repeats_itself = false;  // what is dear to prepare is prepared once; Trial::rounds says how often it is used
};

// The cases of one experiment, and its matrix, a case named `matrix`; null: it has none. They are views of what lives
// for good.
struct CaseSet {
  const char* experiment;
  const char* help;
  std::span<const Case> cases;
  void (*matrix)(const Settings& settings, std::string_view machine, Report& report);
};

// The subcommands of pipeline_bench. A new one is a file of cases and one entry in experiments.cpp.
[[nodiscard]] std::span<const CaseSet> experiments() noexcept;

[[nodiscard]] std::vector<std::string> case_names(const CaseSet& set);

// Runs what the settings ask for, says what came of it, and leaves the values in <out>/<experiment>-cases.csv. The
// short form is compared with the committed baseline, or recorded as such. False: a bound does not hold, a figure got
// worse than its baseline allows, or a case broke off (the others are run all the same).
[[nodiscard]] bool run_cases(const CaseSet& set, const Settings& settings);

// Runs the alternatives one after the other, in every second round the other way round, so that none always gets the
// machine as the same other one left it.
void in_turns(int round, std::vector<std::function<void()>> alternatives);

// Something that is measured against others.
struct Alternative {
  std::string what;
  std::function<double()> measure;
};

// Measures the alternatives in turns, and adds what each gives. The values come in the order of the alternatives.
template <std::size_t N>
std::array<double, N> measure_in_turns(const Trial& trial, int round, std::string_view unit,
                                       const Alternative (&alternatives)[N]) {
  std::array<double, N> values{};
  std::vector<std::function<void()>> turns;
  for (std::size_t i = 0; i < N; ++i) turns.emplace_back([&, i] { values[i] = alternatives[i].measure(); });
  in_turns(round, std::move(turns));
  for (std::size_t i = 0; i < N; ++i) trial.add(alternatives[i].what, values[i], unit);
  return values;
}

// Calls round(0), round(1), …, seven for each of the trial's rounds, but begins none after fifteen seconds: what got
// slow beyond measure is to be told soon.
void in_rounds(const Trial& trial, const std::function<void(int)>& round);

// What a guard of the short form compares: the executable and the least that does the same work, in seconds.
struct Guarding {
  const char* figure;     // the one to the other, which has to stay near the baseline
  const char* bare_name;  // of the times by themselves
  const char* unit;
  double per_second;  // so many of the unit
  std::function<double()> ours;
  std::function<double()> bare;
};
void guard(const Trial& trial, const Guarding& guarding, const std::function<void(int)>& before_each = {});

// Leaves a matrix in <out>/<experiment>-matrix.csv and .md, and prints the table.
void write_matrix(const Settings& settings, std::string_view experiment, std::string_view machine, std::string_view csv,
                  std::string_view table);

}  // namespace pipeline::bench
