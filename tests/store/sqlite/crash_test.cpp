#include "pipeline/store_sqlite/database.h"

#include "store_fixture.h"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

namespace pipeline::store::sqlite {
namespace {

// Writes batches without end: new products, changed ones and removed ones. Tells of each commit by a byte.
[[noreturn]] void write_for_ever(const std::filesystem::path& path, int round, int tell) {
  const test::FakeClock clock;
  const Store store = file_database(path)->open(clock);
  for (int batch = 0;; ++batch) {
    std::vector<catalogue::Product> products;
    for (int i = 0; i < 20; ++i) {
      const std::string sku = std::to_string(round * 1'000'000 + batch * 10 + i);  // half of them known
      catalogue::Product& product = products.emplace_back(make_product(sku, "content " + std::to_string(batch)));
      product.raw_json = std::string(3000, 'x');
      product.sale_price = batch;
    }
    std::vector<Delivery> deliveries;
    for (const auto& product : products) deliveries.push_back({&product});
    (void)store.catalogue->write({.products = deliveries}, {.run_id = "run"});
    const std::vector<RemovalCandidate> gone{{products[0].sku, ""}, {products[7].sku, ""}, {products[14].sku, ""}};
    (void)store.catalogue->remove("MY_STORE", gone, "run");
    if (::write(tell, "+", 1) != 1) ::_exit(1);
  }
}

class CrashTest : public StoreTest {
 protected:
  // Kills a writer some time after its `commits`th commit; which moment that is differs from round to round.
  void kill_after(int commits, int round) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    const pid_t child = ::fork();
    if (child == 0) write_for_ever(path_, round, ends[1]);
    ::close(ends[1]);
    char byte = 0;
    for (int i = 0; i < commits; ++i) ASSERT_EQ(::read(ends[0], &byte, 1), 1);
    ::usleep(static_cast<useconds_t>(round * 700));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    ::close(ends[0]);
    ASSERT_TRUE(WIFSIGNALED(status));
  }
};

TEST_F(CrashTest, AKilledWriterLeavesWholeBatches) {
  { Connection database(path_, Connection::Mode::read_write, clock_, &metrics_); }
  std::int64_t before = 0;
  for (int round = 1; round <= 8; ++round) {
    kill_after(3 * round, round);
    Connection database(path_, Connection::Mode::read_write, clock_, &metrics_);
    EXPECT_EQ(text(database, "PRAGMA integrity_check"), "ok");
    const std::int64_t products = number(database, "SELECT count(*) FROM products");
    EXPECT_GE(products, before + 30 * round);  // committed is kept
    EXPECT_EQ(products % 10, 0);               // no batch in part
    before = products;
    EXPECT_EQ(number(database,
                     "SELECT count(*) FROM products WHERE sku NOT IN "
                     "(SELECT sku FROM refresh_queue WHERE status = 'PENDING')"),
              0);
    EXPECT_EQ(number(database, "SELECT count(*) FROM refresh_queue WHERE sku NOT IN (SELECT sku FROM products)"), 0);
    EXPECT_EQ(number(database,
                     "SELECT count(*) FROM products JOIN refresh_queue USING (sku) "
                     "WHERE (removed_at IS NOT NULL) <> (reason LIKE '%REMOVED%')"),
              0);
  }
}

}  // namespace
}  // namespace pipeline::store::sqlite
