#include "pipeline/base/error.h"
#include "pipeline/base/file.h"
#include "pipeline/metrics/budget.h"

#include "budget_units.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <utility>

namespace pipeline::metrics {
namespace {

using Json = nlohmann::ordered_json;  // rules stand in the table as they stand in the file

// Where in the file something stands: how its errors begin.
class Place {
 public:
  explicit Place(std::string words) : words_(std::move(words)) {}
  [[nodiscard]] Place within(std::string_view what, std::string_view name) const {
    return Place(fmt::format("{}, {} \"{}\"", words_, what, name));
  }
  [[noreturn]] void refuse(std::string_view what) const { throw UsageError(fmt::format("{}: {}", words_, what)); }

 private:
  std::string words_;
};

// The parser keeps the last of two equal keys, and the rules of a set that came twice would be lost.
class TwiceGuard {
 public:
  explicit TwiceGuard(const Place& place) : place_(place) {}
  bool operator()(int, Json::parse_event_t event, const Json& parsed) {
    if (event == Json::parse_event_t::object_start) open_.emplace_back();
    if (event == Json::parse_event_t::object_end) open_.pop_back();
    if (event == Json::parse_event_t::key && !open_.back().insert(parsed.get<std::string>()).second)
      place_.refuse(fmt::format("the key {} stands twice in one object: give each a name of its own", parsed.dump()));
    return true;
  }

 private:
  const Place& place_;
  std::vector<std::set<std::string>> open_;  // the keys of each object that is open
};

Json parse(const std::filesystem::path& file, const Place& place) {
  std::string text;
  try {
    text = read_file(file);
  } catch (const Error& e) {
    place.refuse(e.what());
  }
  try {
    return Json::parse(text, TwiceGuard(place));
  } catch (const Json::exception& e) {
    place.refuse(fmt::format("not JSON: {}", e.what()));
  }
}

void expect_object(const Json& json, const Place& place, std::initializer_list<std::string_view> keys) {
  const auto known = fmt::format("{}", fmt::join(keys, ", "));
  if (!json.is_object()) place.refuse(fmt::format("not an object; it has to be one with {}", known));
  for (const auto& [key, value] : json.items())
    if (std::ranges::find(keys, key) == keys.end())
      place.refuse(fmt::format("unknown key \"{}\"; there are {}", key, known));
}

std::string read_text(const Json& json, const char* key, const Place& place) {
  const auto found = json.find(key);
  if (found == json.end()) place.refuse(fmt::format("\"{}\" is missing", key));
  if (!found->is_string() || found->get_ref<const std::string&>().empty())
    place.refuse(fmt::format("\"{}\" has to be a text, not {}", key, found->dump()));
  return found->get<std::string>();
}

Selector read_selector(const Json& json, const Place& place) {
  Selector selector{read_text(json, "metric", place), {}};
  const auto labels = json.find("labels");
  if (labels == json.end()) return selector;
  if (!labels->is_object()) place.refuse("\"labels\" has to be an object of texts, like {\"endpoint\": \"detail\"}");
  for (const auto& [name, value] : labels->items())
    selector.labels.emplace_back(name, read_text(*labels, name.c_str(), place));
  return selector;
}

Statistic read_statistic(const Json& json, const Place& place) {
  const auto name = read_text(json, "statistic", place);
  std::vector<std::string_view> known;
  for (int i = 0; i <= static_cast<int>(Statistic::rate); ++i) {
    const auto statistic = static_cast<Statistic>(i);
    if (to_string(statistic) == name) return statistic;
    known.push_back(to_string(statistic));
  }
  place.refuse(fmt::format("unknown statistic \"{}\"; there are {}", name, fmt::join(known, ", ")));
}

bool is_timer(const Selector& selector) {
  return selector.metric.ends_with("_seconds");  // as all timers of the program, and nothing else
}

Measure read_measure(const Json& json, const Place& place) {
  Measure measure{.of = read_selector(json, place), .statistic = read_statistic(json, place), .to = {}};
  const auto name = to_string(measure.statistic);
  const bool divides = measure.statistic == Statistic::ratio || measure.statistic == Statistic::rate;
  const auto to = json.find("to");
  if (to != json.end()) {
    if (!divides) place.refuse(fmt::format("\"to\" belongs to a ratio or a rate, not to {}: leave it out", name));
    expect_object(*to, place.within("key", "to"), {"metric", "labels"});
    measure.to = read_selector(*to, place.within("key", "to"));
  }
  if (measure.statistic == Statistic::ratio && !measure.to)
    place.refuse(R"(a ratio needs "to": what it is a ratio to, like {"metric": "api_requests_total"})");
  if (measure.statistic == Statistic::rate && measure.to && !is_timer(*measure.to))
    place.refuse(fmt::format("a rate is by the seconds of a timer, and {} is none: choose one that ends in _seconds",
                             measure.to->metric));
  if (!divides && measure.statistic != Statistic::sum && !is_timer(measure.of))
    place.refuse(fmt::format("{} is no timer and has no {}: use sum, ratio or rate", measure.of.metric, name));
  return measure;
}

double read_number(const Json& json, const char* key, const Measure& measure, const Place& place) {
  std::optional<double> number;
  if (json.is_number()) number = json.get<double>();
  if (json.is_string()) number = parse_quantity(json.get_ref<const std::string&>(), measure);
  if (number && std::isfinite(*number) && *number >= 0) return *number;
  const auto units = known_units(measure);
  place.refuse(fmt::format("\"{}\" is {}; it has to be a number, not below zero{}", key, json.dump(),
                           units.empty() ? "" : ", or a text with one of the units " + units));
}

Limit read_limit(const Json& json, const Measure& measure, const Place& place) {
  const auto most = json.find("at_most");
  const auto least = json.find("at_least");
  if ((most == json.end()) == (least == json.end()))
    place.refuse(
        fmt::format("{} limit: give one of \"at_most\" and \"at_least\"", most == json.end() ? "no" : "a second"));
  if (most != json.end()) return {Limit::Side::at_most, read_number(*most, "at_most", measure, place)};
  return {Limit::Side::at_least, read_number(*least, "at_least", measure, place)};
}

std::vector<Condition> read_case(const Json& rule, const Place& place) {
  std::vector<Condition> conditions;
  const auto when = rule.find("when");
  if (when == rule.end()) return conditions;
  if (!when->is_array()) place.refuse("\"when\" has to be a list of conditions");
  for (const Json& json : *when) {
    const Place at = place.within("condition", std::to_string(conditions.size() + 1));
    expect_object(json, at, {"metric", "labels", "statistic", "to", "at_most", "at_least"});
    Measure measure = read_measure(json, at);
    const Limit limit = read_limit(json, measure, at);
    conditions.push_back({std::move(measure), limit});
  }
  return conditions;
}

Rule read_rule(const Json& json, const std::string& set, std::size_t number, const Place& in_set) {
  const Place nameless = in_set.within("rule", fmt::format("{}", number));
  expect_object(json, nameless,
                {"name", "command", "metric", "labels", "statistic", "to", "at_most", "at_least", "when"});
  const auto name = read_text(json, "name", nameless);
  const Place place = in_set.within("rule", name);
  const auto command = read_text(json, "command", place);
  Measure measure = read_measure(json, place);
  const Limit limit = read_limit(json, measure, place);
  return {set, name, command, std::move(measure), limit, read_case(json, place)};
}

void read_set(const Json& json, const std::string& set, const Place& place, std::vector<Rule>& rules) {
  if (!json.is_array()) place.refuse("a set has to be a list of rules");
  std::set<std::pair<std::string, std::string>> names;  // of each command its own
  std::size_t number = 0;
  for (const Json& rule : json) {
    rules.push_back(read_rule(rule, set, ++number, place));
    const Rule& read = rules.back();
    if (!names.emplace(read.command, read.name).second)
      place.refuse(
          fmt::format("two rules of {} are called \"{}\": give each a name of its own", read.command, read.name));
  }
}

}  // namespace

Budget read_budget(const std::filesystem::path& file, const std::vector<std::string>& sets,
                   const std::vector<std::string>& commands) {
  const Place place(fmt::format("budget {}", file.string()));
  const Json json = parse(file, place);
  expect_object(json, place, {"sets"});
  const Json& all = json.contains("sets") ? json["sets"] : Json();
  if (!all.is_object() || all.empty()) place.refuse(R"("sets" has to be an object with a list of rules for each set)");

  std::vector<std::string> names;
  Budget budget;
  for (const auto& [set, rules] : all.items()) {
    names.push_back(set);
    std::vector<Rule> read;
    read_set(rules, set, place.within("set", set), read);  // also of those not asked for: a slip shows at once
    for (const Rule& rule : read)
      if (!commands.empty() && std::ranges::find(commands, rule.command) == commands.end())
        place.within("set", set)
            .within("rule", rule.name)
            .refuse(fmt::format("no runs are called \"{}\"; there are {}", rule.command, fmt::join(commands, ", ")));
    if (sets.empty() || std::ranges::find(sets, set) != sets.end())
      std::ranges::move(read, std::back_inserter(budget.rules));
  }
  for (const auto& wanted : sets)
    if (std::ranges::find(names, wanted) == names.end())
      place.refuse(fmt::format("there is no set \"{}\"; it has {}", wanted, fmt::join(names, ", ")));
  if (budget.rules.empty()) place.refuse("there is no rule in it: a budget without rules keeps nothing");
  return budget;
}

}  // namespace pipeline::metrics
