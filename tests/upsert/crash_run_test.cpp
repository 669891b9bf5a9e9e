#include "support/kills.h"
#include "upsert_stand.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <random>
#include <thread>

namespace fs = std::filesystem;

namespace pipeline::test {
namespace {

using std::chrono::steady_clock;

constexpr int kProductsInFile = 6000;
constexpr int kKnownBefore = kProductsInFile / 3;
constexpr int kRounds = 10;  // of each seed, unless more are asked for

// The edition stands in the name: whose row is stored can be seen there.
std::string edition(int number, int products) {
  const std::string text(800, 't');
  std::string rows;
  for (int i = 0; i < products; ++i)
    rows += fmt::format(R"({{"sku":"K{:05}","name":"{} of {}","sale_price":{},"stock_quantity":{},"text":"{}"}})", i,
                        number, i, 1000 * number + i, i % 7, text) +
            "\n";
  return rows;
}

std::vector<std::string> arguments(const std::string& file) {
  return {"--batch-size", "200", "--no-samples", "--log-level", "error", file};
}

// One run of ten: its own moments, and where the program was then.
class Killed : public ::testing::TestWithParam<unsigned> {
 protected:
  Killed() {
    (void)stand_.feed(edition(1, kKnownBefore));
    stand_.settle_queue();
    copy_database(stand_.db(), before_);
    const auto began = steady_clock::now();
    (void)stand_.summary(arguments(file_));
    whole_run_ = steady_clock::now() - began;
    products_ = stand_.query(kProducts);
    pending_ = stand_.pending();
  }

  // As they are after the kill; the look is at a copy, so that the next run finds the log as it was left.
  void expect_products_and_queue_agree() {
    const auto copy = stand_.folder() / "copy.db";
    copy_database(stand_.db(), copy);
    const SqlConnection look(copy);
    EXPECT_EQ(look.run("PRAGMA integrity_check"), (SqlRows{{"ok"}}));
    const std::string written = "SELECT sku FROM products WHERE name GLOB '2 *'";
    const std::string queued = "SELECT sku FROM refresh_queue WHERE status = 'PENDING'";
    EXPECT_EQ(look.run(written + " EXCEPT " + queued), SqlRows{}) << "products without their queue entry";
    EXPECT_EQ(look.run(queued + " EXCEPT " + written), SqlRows{}) << "queue entries without their product";
    const int done = std::stoi(look.run("SELECT count(*) FROM products WHERE name GLOB '2 *'")[0][0]);
    EXPECT_EQ(done % 200, 0) << "a batch in part";
    if (done > 0 && done < kProductsInFile) ++in_the_middle_;
  }

  UpsertStand stand_;
  const fs::path before_ = stand_.folder() / "before.db";
  const std::string file_ = stand_.file("second.jsonl", edition(2, kProductsInFile));
  steady_clock::duration whole_run_{};
  SqlRows products_;
  SqlRows pending_;
  int in_the_middle_ = 0;
};

TEST_P(Killed, AtAnyMomentProductsAndQueueAgreeAndTheNextRunCompletesThem) {
  const unsigned seed = GetParam();
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> within(0, 1);
  const int rounds = kill_count(kRounds);
  for (int round = 0; round < rounds && !HasFailure(); ++round) {
    // Spread over the run, its start and the checkpoint at its end included.
    const auto moment = whole_run_ * (round + within(random)) / rounds;
    SCOPED_TRACE(fmt::format("seed {}, round {}, killed after {} us", seed, round,
                             std::chrono::duration_cast<std::chrono::microseconds>(moment).count()));
    copy_database(before_, stand_.db());
    Process run = stand_.start(arguments(file_));
    std::this_thread::sleep_for(moment);
    run.signal(SIGKILL);
    (void)run.wait();
    expect_products_and_queue_agree();

    const Outcome again = stand_.run(arguments(file_));
    ASSERT_EQ(again.exit_code, 0) << again.err;
    EXPECT_TRUE(stand_.query(kProducts) == products_);
    EXPECT_TRUE(stand_.pending() == pending_);
  }
  EXPECT_GT(in_the_middle_, 0) << "no moment fell between the first commit and the last";
}

INSTANTIATE_TEST_SUITE_P(Seeds, Killed, ::testing::ValuesIn(kill_seeds({11, 12, 13, 14, 15})));

}  // namespace
}  // namespace pipeline::test
