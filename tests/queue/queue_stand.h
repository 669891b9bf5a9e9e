#pragma once

#include "pipeline/metrics/metrics.h"
#include "pipeline/store/database.h"
#include "pipeline/store/refresh_queue.h"

#include "support/process.h"
#include "support/sql.h"
#include "support/sync_stand.h"
#include "support/temp_dir.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace pipeline::test {

// The real executable on a database of its own, whose queue the test fills.
class QueueStand {
 public:
  QueueStand() { open(); }

  // Entries 1 to n, of the products 1 to n.
  void fill(int n) const {
    store::Database database(db(), store::Database::Mode::read_write, clock_, metrics_);
    store::RefreshQueue queue(database);
    store::Transaction transaction(database);
    for (int i = 1; i <= n; ++i)
      queue.enqueue({"MY_STORE", std::to_string(i)},
                    {{catalogue::Reason::price, "sale_price", "1000", std::to_string(i)}});
    transaction.commit();
  }

  // `arguments` follow `queue --db FILE`.
  [[nodiscard]] Process start(const std::vector<std::string>& arguments) const {
    std::vector<std::string> all{pipeline_binary(), "queue", "--db", db().string()};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return Process(all, environment, folder_.path());
  }
  [[nodiscard]] Outcome run(const std::vector<std::string>& arguments) const { return start(arguments).wait(); }

  // The same as part of a shell script, where $queue stands for the executable with its database.
  [[nodiscard]] Process shell(const std::string& script) const {
    const auto queue = fmt::format("queue='{} queue --db {}'\n", pipeline_binary(), db().string());
    return Process({"/bin/sh", "-c", queue + script}, environment, folder_.path());
  }

  // The ids of the entries that came as a JSON array.
  [[nodiscard]] static std::vector<int> ids_of(const std::string& json) {
    std::vector<int> ids;
    for (const auto& entry : nlohmann::json::parse(json)) ids.push_back(entry.at("id").get<int>());
    return ids;
  }
  [[nodiscard]] std::vector<int> claim(const std::string& worker, int limit = 1) const {
    return ids_of(run({"claim", "--json", "--worker", worker, "--limit", std::to_string(limit)}).out);
  }

  // The first value a query gives, as text.
  [[nodiscard]] std::string value(const std::string& sql) const { return sql_value(db(), sql); }

  [[nodiscard]] std::filesystem::path db() const { return folder_ / "store.db"; }
  [[nodiscard]] const TempDir& folder() const noexcept { return folder_; }
  [[nodiscard]] const Clock& clock() const noexcept { return clock_; }
  [[nodiscard]] metrics::Metrics& metrics() const noexcept { return metrics_; }

  // The environment the executable gets.
  Process::Environment environment;

 private:
  void open() const { const store::Database made(db(), store::Database::Mode::read_write, clock_, metrics_); }

  TempDir folder_;
  SystemClock clock_;
  mutable metrics::Metrics metrics_{clock_};
};

}  // namespace pipeline::test
