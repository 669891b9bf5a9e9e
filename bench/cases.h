#pragma once

#include "experiment.h"
#include "report.h"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::bench {

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

// The cases of one experiment, and its matrix, a case named `matrix`. They are views of what lives for good.
struct CaseSet {
  const char* experiment;
  std::span<const Case> cases;
  void (*matrix)(const Settings& settings, std::string_view machine, Report& report);
};

[[nodiscard]] std::vector<std::string> names_of(const CaseSet& set);

// Runs what the settings ask for, says what came of it, and leaves the values in <out>/<experiment>-cases.csv. The
// short form is compared with the committed baseline, or recorded as such. False: a bound does not hold, a figure got
// worse than its baseline allows, or a case broke off (the others are run all the same).
[[nodiscard]] bool run_cases(const CaseSet& set, const Settings& settings);

// Runs the alternatives one after the other, in every second round the other way round, so that none always gets the
// machine as the same other one left it.
void in_turns(int round, std::vector<std::function<void()>> alternatives);

// Calls round(0), round(1), …, but begins none after fifteen seconds: what got slow beyond measure is to be told soon.
void in_rounds(int rounds, const std::function<void(int)>& round);

}  // namespace pipeline::bench
