#include "pipeline/base/worker.h"
#include "pipeline/store_sqlite/database.h"
#include "pipeline/upsert/upsert.h"

#include "store/conformance/faulty_catalogue.h"
#include "support/fake_clock.h"
#include "support/sql.h"
#include "support/temp_dir.h"
#include "upsert_stand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <tuple>

namespace pipeline::test {
namespace {

// A database that fails at any of a run's calls, before it is carried out or with its answer lost: what was written
// stays, and the next run ends as if nothing had been amiss.
class FaultyStore : public testing::TestWithParam<std::tuple<int, bool>> {
 protected:
  std::filesystem::path file(const std::string& name, const std::string& rows) const {
    std::ofstream(folder_ / name) << rows;
    return folder_ / name;
  }
  upsert::Summary run(store::Catalogue& catalogue, const std::filesystem::path& file) {
    upsert::Options options;
    options.source = "MY_STORE";
    options.batch_size = 2;
    options.complete = true;
    Worker worker(0);
    upsert::Summary summary;
    upsert::run(options, upsert::open_inputs({file.string()}),
                {.clock = clock_,
                 .metrics = metrics_,
                 .worker = worker,
                 .catalogue = catalogue,
                 .run_id = "run",
                 .interrupted = [] { return 0; },
                 .on_progress = [](const upsert::Progress&) {},
                 .on_plan = [](const upsert::Plan&) {}},
                summary);
    return summary;
  }
  // What stands in a database that was filled, failed at the call (0: at none) and was fed again.
  SqlRows outcome(const std::filesystem::path& db, int call, bool after) {
    const store::Store store = store::sqlite::file_database(db)->open(clock_);
    (void)run(*store.catalogue, first_);
    run_sql(db, "UPDATE refresh_queue SET status = 'DONE'");
    store::FaultyCatalogue faulty(*store.catalogue, {.call = call, .after = after});
    if (call > 0) {
      EXPECT_THROW((void)run(faulty, second_), Error);
    }
    EXPECT_EQ(run(*store.catalogue, second_).code, ExitCode::ok);
    return run_sql(db,
                   "SELECT sku, sale_price, removed_at IS NULL, (SELECT group_concat(reason || changes) FROM "
                   "refresh_queue AS q WHERE q.sku = p.sku AND status = 'PENDING') FROM products AS p ORDER BY sku");
  }

  TempDir folder_;
  FakeClock clock_;
  metrics::Metrics metrics_{clock_};
  const std::filesystem::path first_ =
      file("first.jsonl", lines({row("1", 1), row("2", 1), row("3", 1), row("4", 1), row("5", 1)}));
  const std::filesystem::path second_ =
      file("second.jsonl", lines({row("1", 2), row("2", 1), row("3", 3), row("4", 4), row("6", 6), row("7", 7)}));
};
// Three batches, and the removals.
INSTANTIATE_TEST_SUITE_P(AtEachCall, FaultyStore, testing::Combine(testing::Range(1, 5), testing::Bool()));

TEST_P(FaultyStore, TheNextRunEndsAsIfNothingHadBeenAmiss) {
  const auto [call, after] = GetParam();
  const SqlRows sound = outcome(folder_ / "sound.db", 0, false);
  ASSERT_EQ(sound.size(), 7U);
  EXPECT_EQ(outcome(folder_ / "faulty.db", call, after), sound);
}

}  // namespace
}  // namespace pipeline::test
