#include "catalogue.h"
#include "packages.h"
#include "queue.h"
#include "store_fixture.h"

#include <sqlite3.h>

#include <map>

namespace pipeline::store::sqlite {
namespace {

// Every statement the layer keeps prepared, asked from the connection itself, so none is forgotten.
class QueryPlanTest : public StoreTest {
 protected:
  std::vector<std::string> plan_of(const std::string& sql) {
    Statement explain(database_, "explain", "EXPLAIN QUERY PLAN " + sql);
    std::vector<std::string> steps;
    while (explain.step()) steps.emplace_back(explain.text(3));
    return steps;
  }
  std::vector<std::string> statements() {
    std::vector<std::string> all;
    for (auto* s = sqlite3_next_stmt(database_.handle(), nullptr); s != nullptr;
         s = sqlite3_next_stmt(database_.handle(), s)) {
      all.emplace_back(sqlite3_sql(s));
    }
    return all;
  }

  std::shared_ptr<Connection> connection_ =
      std::make_shared<Connection>(path_, Connection::Mode::read_write, clock_, &metrics_);
  Connection& database_ = *connection_;
  ProductWriter writer_{database_};
  Listing listing_{database_, "MY_STORE"};
  DetailAge age_{database_, "MY_STORE"};
  Runs runs_{connection_};
  Queue queue_{connection_};
  ProductLookup lookup_{database_};
  Packages packages_{connection_};
};

TEST_F(QueryPlanTest, NoStatementSortsOrWalksATable) {
  // Walked on purpose: the temporary list to count it, all packed images, to compare each new one with, the posts, and
  // the queue from its end, as far as the reader wants it.
  const std::vector<std::string> meant = {
      "SCAN listed", "SCAN images",
      "SCAN p",      "SCAN p USING INDEX posts_published",
      "SCAN q",      "SCAN refresh_queue USING COVERING INDEX refresh_queue_by_status"};
  const auto all = statements();
  EXPECT_GE(all.size(), 49U);
  for (const std::string& sql : all) {
    for (const std::string& step : plan_of(sql)) {
      if (std::ranges::find(meant, step) != meant.end()) continue;
      EXPECT_FALSE(step.starts_with("SCAN")) << sql << "\n" << step;
      EXPECT_FALSE(step.starts_with("USE TEMP B-TREE")) << sql << "\n" << step;
    }
  }
}

TEST_F(QueryPlanTest, EachUsesItsIndex) {
  const std::map<std::string, std::string> expected = {
      {"SELECT content_hash, list_hash",
       "SEARCH products USING INDEX sqlite_autoindex_products_1 (sku=? AND source=?)"},
      {"SELECT list_hash, parse_status",
       "SEARCH products USING INDEX sqlite_autoindex_products_1 (sku=? AND source=?)"},
      {"SELECT list_hash, removed_at", "SEARCH products USING INDEX sqlite_autoindex_products_1 (sku=? AND source=?)"},
      {"UPDATE products SET (content_hash",
       "SEARCH products USING INDEX sqlite_autoindex_products_1 (sku=? AND source=?)"},
      {"SELECT p.sku, p.name", "SEARCH p USING INDEX products_present (source=? AND sku>?)"},
      {"SELECT count(*) FROM products AS p", "SEARCH p USING COVERING INDEX products_present (source=?)"},
      {"SELECT count(*), count(l.sku)", "SEARCH p USING INDEX products_present (source=?)"},
      {"SELECT count(*) FROM products WHERE", "SEARCH products USING COVERING INDEX products_present (source=?)"},
      {"SELECT p.sku FROM products AS p", "SEARCH p USING COVERING INDEX products_present (source=?)"},
      {"SELECT d.sku, d.verified_at",
       "SEARCH p USING COVERING INDEX products_present (source=? AND sku=? AND parse_status=? AND removed_at=?)"},
      {"UPDATE runs SET status = 'KILLED'", "SEARCH runs USING INDEX runs_running (status=?)"},
  };
  const auto all = statements();
  for (const auto& [start, step] : expected) {
    const auto found =
        std::ranges::find_if(all, [&start = start](const std::string& sql) { return sql.starts_with(start); });
    ASSERT_NE(found, all.end()) << start;
    EXPECT_THAT(plan_of(*found), ::testing::Contains(step)) << *found;
  }
}

TEST_F(QueryPlanTest, EachQueueStatementUsesItsIndex) {
  const std::string by_id = "SEARCH refresh_queue USING INTEGER PRIMARY KEY (rowid=?)";
  const std::string by_status = "SEARCH q USING INDEX refresh_queue_by_status (status=?)";
  const std::string same_sku = "SEARCH p USING INDEX sqlite_autoindex_products_1 (sku=?)";  // of other sources
  const std::vector<std::pair<std::string, std::vector<std::string>>> expected = {
      {"WHERE sku = ?1 AND source = ?2 AND status = 'PENDING'",
       {"SEARCH q USING INDEX refresh_queue_pending (sku=? AND source=?)", same_sku}},
      {"lease_until <= ?1", {"SEARCH q USING INDEX refresh_queue_leases (lease_until<?)", same_sku}},
      {"AND NOT EXISTS (SELECT 1 FROM refresh_queue",
       {by_status, "SEARCH c USING INDEX refresh_queue_claimed (sku=? AND source=?)", same_sku}},
      {"FROM refresh_queue AS q WHERE status = 'FAILED'", {by_status, same_sku}},
      {"FROM refresh_queue AS q WHERE id = ?1", {"SEARCH q USING INTEGER PRIMARY KEY (rowid=?)", same_sku}},
      {"UPDATE refresh_queue SET status = 'CLAIMED'", {by_id}},
      {"UPDATE refresh_queue SET status = ?2", {by_id}},
      {"UPDATE refresh_queue SET status = 'PENDING'", {by_id}},
      {"UNION ALL",
       {"MERGE (UNION ALL)", "LEFT", "MERGE (UNION ALL)", "LEFT", by_status, same_sku, "RIGHT", by_status, same_sku,
        "RIGHT", "MERGE (UNION ALL)", "LEFT", by_status, same_sku, "RIGHT", by_status, same_sku}},
  };
  const auto all = statements();
  for (const auto& [part, steps] : expected) {
    const auto found = std::ranges::find_if(
        all, [&part = part](const std::string& sql) { return sql.find(part) != std::string::npos; });
    ASSERT_NE(found, all.end()) << part;
    auto plan = plan_of(*found);
    for (std::string& step : plan)  // newer versions of SQLite see that the index alone will do
      if (const auto at = step.find("COVERING "); at != std::string::npos) step.erase(at, 9);
    std::erase_if(plan, [](const std::string& step) { return step.starts_with("CORRELATED SCALAR SUBQUERY"); });
    EXPECT_EQ(plan, steps) << *found;
  }
}

}  // namespace
}  // namespace pipeline::store::sqlite
