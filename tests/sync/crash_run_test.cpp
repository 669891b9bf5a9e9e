#include "support/kills.h"
#include "support/sql.h"
#include "support/sync_stand.h"

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

using namespace std::chrono_literals;
using emulator::Edit;
using std::chrono::steady_clock;

constexpr int kRounds = 12;  // of each seed, unless more are asked for

// Without the bodies as received: fields that no document names move with every answer.
constexpr const char* kRows =
    "SELECT sku, name, status, sale_price, stock_quantity, hex(list_hash), hex(content_hash), removed_at "
    "FROM products ORDER BY sku";
constexpr const char* kQueue = "SELECT sku, reason, changes FROM refresh_queue WHERE status = 'PENDING' ORDER BY sku";

emulator::Options crash_store() {
  emulator::Options options;
  options.products = 120;
  options.latency = 2ms;
  options.channel_detail_rate = {};
  // The answers are stored as they came, and those of two runs are compared.
  options.moving_keys = false;
  options.volatile_fields = false;
  return options;
}

// A night of changes that is killed: on a database of the night before, and on none.
class Killed : public ::testing::TestWithParam<unsigned> {
 protected:
  Killed() {
    (void)stand_.summary();
    stand_.execute("DELETE FROM refresh_queue");
    copy_database(stand_.db(), before_);
    for (const std::int64_t no : stand_.store().channel_nos())
      stand_.store().edit({.kind = Edit::Kind::set_name, .channel_no = no, .text = fmt::format("2nd {}", no)});
    known_ = run_undisturbed(before_);
    unknown_ = run_undisturbed({});
  }

  struct Night {
    steady_clock::duration took{};
    SqlRows rows;
    SqlRows queue;
  };
  Night run_undisturbed(const fs::path& before) {
    copy_database(before, stand_.db());
    Night night;
    const auto began = steady_clock::now();
    (void)stand_.summary(options_);
    night.took = steady_clock::now() - began;
    night.rows = stand_.query(kRows);
    night.queue = stand_.query(kQueue);
    return night;
  }

  // As they are after the kill; the look is at a copy, so that the next run finds the log as it was left.
  void expect_products_and_queue_agree(const SqlRows& old_rows) {
    const fs::path copy = stand_.folder() / "copy.db";
    copy_database(stand_.db(), copy);
    if (!fs::exists(copy) || fs::file_size(copy) == 0) return;  // killed before it was begun
    const SqlConnection look(copy);
    EXPECT_EQ(look.run("PRAGMA integrity_check"), (SqlRows{{"ok"}}));
    if (look.run("SELECT 1 FROM sqlite_schema WHERE name = 'refresh_queue'").empty()) return;
    const std::string written = "SELECT sku FROM products WHERE name GLOB '2nd *'";
    const std::string queued = "SELECT sku FROM refresh_queue WHERE status = 'PENDING'";
    EXPECT_EQ(look.run(written + " EXCEPT " + queued), SqlRows{}) << "products without their queue entry";
    EXPECT_EQ(look.run(queued + " EXCEPT " + written), SqlRows{}) << "queue entries without their product";
    SqlRows lost;
    for (const auto& row : old_rows)
      if (look.run(fmt::format("SELECT 1 FROM products WHERE sku = '{}'", row[0])).empty()) lost.push_back(row);
    EXPECT_EQ(lost, SqlRows{}) << "products of the night before are lost";
    const auto done = look.run(queued).size();
    if (done > 0 && done < known_.rows.size()) ++in_the_middle_;
  }

  SyncStand stand_{crash_store()};
  const std::vector<std::string> options_{"--batch-size", "10", "--no-samples", "--log-level", "error"};
  const fs::path before_ = stand_.folder() / "before.db";
  Night known_;
  Night unknown_;
  int in_the_middle_ = 0;
};

TEST_P(Killed, AtAnyMomentProductsAndQueueAgreeAndTheNextRunCompletesThem) {
  std::mt19937 random(GetParam());
  std::uniform_real_distribution<double> within(0, 1);
  const SqlRows old_rows = run_sql(before_, "SELECT sku FROM products");
  const int rounds = kill_count(kRounds);
  for (int round = 0; round < rounds && !HasFailure(); ++round) {
    // Spread over the run, its start and the reports at its end included.
    const bool anew = round % 4 == 3;
    const Night& expected = anew ? unknown_ : known_;
    const auto moment = expected.took * (round + within(random)) / rounds;
    SCOPED_TRACE(fmt::format("seed {}, round {}, killed after {} us", GetParam(), round,
                             std::chrono::duration_cast<std::chrono::microseconds>(moment).count()));
    copy_database(anew ? fs::path() : before_, stand_.db());
    Process run = stand_.start(options_);
    std::this_thread::sleep_for(moment);
    run.signal(SIGKILL);
    (void)run.wait();
    expect_products_and_queue_agree(anew ? SqlRows{} : old_rows);

    const Outcome again = stand_.sync(options_);
    ASSERT_EQ(again.exit_code, 0) << again.err;
    EXPECT_EQ(stand_.query(kRows), expected.rows);
    EXPECT_EQ(stand_.query(kQueue), expected.queue);
  }
  EXPECT_GT(in_the_middle_, 0) << "no moment fell between the first commit and the last";
}

INSTANTIATE_TEST_SUITE_P(Seeds, Killed, ::testing::ValuesIn(kill_seeds({7})));

}  // namespace
}  // namespace pipeline::test
