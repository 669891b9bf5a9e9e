#pragma once

#include "pipeline/base/file.h"

#include "support/pictures.h"
#include "support/sync_stand.h"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace pipeline::test {

inline emulator::Options twenty_products() {
  emulator::Options options;
  options.products = 20;
  return options;
}

// Any command of the executable on one database, with a small store, a product file and a post to work on.
class BudgetStand {
 public:
  BudgetStand() : store_(twenty_products()) {
    // The database's lock file, and whatever else a run leaves, go into the stand's folder; these are not there yet.
    write("rows.jsonl", R"({"sku":"A1","sale_price":1000,"name":"머그"})"
                        "\n");
    write("bad.jsonl", "{\"sku\":\"A2\",\"sale_price\":2000}\n{bad\n");
  }

  // `arguments` begin with the command; the executable, database, metrics folder and what else it needs are added.
  [[nodiscard]] std::vector<std::string> command(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), pipeline_binary());
    for (const auto& more : std::vector<std::string>{"--db", db(), "--metrics-dir", metrics()})
      arguments.push_back(more);
    return arguments;
  }
  [[nodiscard]] Outcome run(const std::vector<std::string>& arguments) const {
    return Process(command(arguments), store_.environment, store_.folder().path()).wait();
  }
  [[nodiscard]] std::vector<std::string> sync_arguments(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"sync", "--base-url", store_.base_url()});
    return arguments;
  }
  [[nodiscard]] Outcome sync(std::vector<std::string> arguments) const {
    return run(sync_arguments(std::move(arguments)));
  }
  [[nodiscard]] Outcome upsert(std::vector<std::string> arguments, const std::string& file = "rows.jsonl") const {
    arguments.insert(arguments.begin(), {"upsert", path(file)});
    return run(arguments);
  }
  // Of a post of `pictures` pictures about a product of the store.
  [[nodiscard]] Outcome package(std::vector<std::string> arguments, int pictures = 3) {
    const std::filesystem::path post = store_.folder() / "posts" / "P1";
    std::filesystem::create_directories(post / "images");
    const nlohmann::json json = {{"content_id", "P1"},
                                 {"sku", std::to_string(store_.store().channel_nos().front())},
                                 {"title", "겨울 아침"},
                                 {"body", "<p>따뜻해요.</p>"}};
    std::ofstream(post / "post.json") << json.dump();
    for (int i = 1; i <= pictures; ++i)
      std::ofstream(post / "images" / (std::to_string(i) + ".jpg"), std::ios::binary)
          << photo({.seed = static_cast<std::uint64_t>(i)}, 320, 240);
    arguments.insert(arguments.begin(), {"package", post.string(), "--out", path("packages")});
    return run(arguments);
  }

  // Writes a file beside the database and gives its path.
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name), std::ios::binary) << text;
    return path(name);
  }
  // A budget of these rules in the set "plan", and its path.
  [[nodiscard]] std::string budget(const std::string& rules) const {
    return write("budget.json", R"({"sets": {"plan": [)" + rules + "]}}");
  }

  [[nodiscard]] std::string path(const std::string& name) const { return (store_.folder() / name).string(); }
  [[nodiscard]] std::filesystem::path db() const { return store_.folder() / "store.db"; }
  [[nodiscard]] std::filesystem::path metrics() const { return store_.folder() / "metrics"; }
  [[nodiscard]] Process::Environment& environment() noexcept { return store_.environment; }
  [[nodiscard]] const Process::Environment& environment() const noexcept { return store_.environment; }
  // Those of the store; some origin products are two of them.
  [[nodiscard]] std::size_t products() { return store_.store().size(); }
  // How many requests the store has had.
  [[nodiscard]] std::size_t requests() { return store_.store().stats().requests; }
  [[nodiscard]] std::string value(const std::string& sql) const { return store_.value(sql); }

 private:
  SyncStand store_;
};

// A rule that no run of the command can keep, one that all keep, one of another case, and one with a slip.
inline std::string rule_over(const std::string& command) {
  return R"({"name": "in no time", "command": ")" + command + R"(", "metric": ")" +
         command.substr(0, command.find(' ')) + R"(_total_seconds", "statistic": "p95", "at_most": 0})";
}
inline std::string rule_kept(const std::string& command) {
  return R"({"name": "in a day", "command": ")" + command + R"(", "metric": ")" + command.substr(0, command.find(' ')) +
         R"(_total_seconds", "statistic": "max", "at_most": "24 h"})";
}
inline std::string rule_of_another_case(const std::string& command) {
  return R"({"name": "many conflicts", "command": ")" + command +
         R"(", "metric": "db_conflict_total", "statistic": "sum", "at_most": 0,
             "when": [{"metric": "db_conflict_total", "statistic": "sum", "at_least": 1000000}]})";
}
inline std::string rule_missing(const std::string& command) {
  return R"({"name": "a slip", "command": ")" + command +
         R"(", "metric": "db_conflicts_total", "statistic": "sum", "at_most": 0})";
}

}  // namespace pipeline::test
