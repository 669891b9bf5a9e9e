#pragma once

#include "pipeline/store_sqlite/database.h"

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
    (void)run_sql(db(), fmt::format("WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers "
                                    "WHERE n < {}) INSERT INTO refresh_queue (sku, source, reason, status, "
                                    "enqueued_at, changes) SELECT n, 'MY_STORE', 'PRICE', 'PENDING', {}, "
                                    R"('[{{"field":"sale_price","old":1000,"new":' || n || ',"reason":"PRICE"}}]' )"
                                    "FROM numbers",
                                    n, clock_.wall().time_since_epoch().count()));
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

  // The environment the executable gets.
  Process::Environment environment;

 private:
  void open() const { (void)store::sqlite::file_database(db())->open(clock_); }

  TempDir folder_;
  SystemClock clock_;
};

}  // namespace pipeline::test
