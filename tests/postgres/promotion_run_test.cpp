#include "server_pair.h"
#include "server_run_test.h"
#include "support/kills.h"
#include "support/sync_stand.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <thread>

// A primary that dies in mid-load, and the standby that takes its place.
namespace pipeline::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using std::chrono::steady_clock;
using ::testing::AnyOf;
using ::testing::Eq;

constexpr int kRows = 20'000;
constexpr int kRounds = 2;  // unless more are asked for
constexpr int kPrices[] = {1'000, 2'000};

// Claims for as long as it is let, as a worker does that asks again whenever it is refused. What was printed, it has.
class Claimer {
 public:
  explicit Claimer(const ServerStand& stand)
      : stop_(stand.folder() / "stop"),
        process_({"/bin/sh", "-c",
                  fmt::format(
                      "while [ ! -e '{}' ]; do '{}' queue claim --worker A --limit 5 --lease 1h --json || sleep 0.1; "
                      "done",
                      stop_.string(), pipeline_binary())},
                 stand.environment, stand.folder().path()) {}

  [[nodiscard]] std::multiset<std::int64_t> end() {
    std::ofstream(stop_).close();
    std::istringstream arrays(process_.wait().out);
    std::multiset<std::int64_t> ids;
    for (json array; arrays >> std::ws && !arrays.eof() && arrays >> array;)
      if (array.is_array())  // else it says why there is none
        for (const auto& entry : array) ids.insert(entry["id"].get<std::int64_t>());
    return ids;
  }

 private:
  const std::filesystem::path stop_;
  Process process_;
};

class KilledPrimary : public ::testing::TestWithParam<unsigned> {
 protected:
  void SetUp() override {
    if (!shared_server()) GTEST_SKIP() << "no programs of PostgreSQL's: scripts/test installs them";
    pair_ = std::make_unique<ServerPair>();
  }

  [[nodiscard]] static Process start_upsert(const ServerStand& stand, int price, const char* lock_wait) {
    const auto file = stand.file(fmt::format("{}.jsonl", price), ServerStand::products(kRows, price));
    return stand.start({"upsert", file.string(), "--json", "--batch-size", "100", "--lock-wait", lock_wait});
  }
  static void load(const ServerStand& stand, int price) {
    const Outcome outcome = start_upsert(stand, price, "60s").wait();
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  }
  // It went on, or ended for later: then the next one completes it.
  void complete(Process& upsert, const ServerStand& stand, int price) {
    const Outcome outcome = upsert.wait();
    EXPECT_THAT(outcome.exit_code, AnyOf(Eq(0), Eq(75))) << outcome.err;
    if (outcome.exit_code != 75) return;
    ++later_;
    (void)stand.query("UPDATE run_lock SET lease_until = now() - interval '1 s'");  // its time passes
    load(stand, price);
  }
  void run_undisturbed() {
    const ServerStand calm(pair_->address());
    for (std::size_t edition = 0; edition < 2; ++edition) {
      const auto began = steady_clock::now();
      load(calm, kPrices[edition]);
      whole_run_[edition] = steady_clock::now() - began;
      undisturbed_[edition] = outcome(calm);
    }
  }
  // What the runs have to come to, whatever happened on their way.
  [[nodiscard]] static ServerRows outcome(const ServerStand& stand) {
    return stand.query(
        "SELECT (SELECT md5(string_agg(concat_ws(' ', sku, sale_price, encode(content_hash, 'hex')), ',' ORDER BY "
        "sku)) "
        "FROM products), (SELECT md5(string_agg(concat_ws(' ', sku, reason, changes), ',' ORDER BY sku, id)) "
        "FROM refresh_queue)");
  }
  // As others see it, who see nothing that is not acknowledged.
  [[nodiscard]] int written(const ServerStand& stand, int price) const {
    try {
      const std::string sql = fmt::format("SELECT count(*) FROM products WHERE sale_price = {}", price);
      return std::stoi(query_server(pair_->address_of_primary(), stand.schema(), sql).front().front());
    } catch (const std::exception&) {  // there is no table yet
      return 0;
    }
  }
  void expect_held(const ServerStand& stand, const std::multiset<std::int64_t>& claims) {
    const std::set<std::int64_t> once(claims.begin(), claims.end());
    EXPECT_EQ(once.size(), claims.size()) << "handed out twice";
    std::set<std::int64_t> held;
    for (const auto& row : stand.query("SELECT id FROM refresh_queue WHERE status = 'CLAIMED' AND claimed_by = 'A'"))
      held.insert(std::stoll(row.front()));
    EXPECT_TRUE(std::ranges::includes(held, once)) << "a claim that was acknowledged is lost";
    claimed_ += claims.size();
  }

  std::unique_ptr<ServerPair> pair_;
  std::mt19937 random_{GetParam()};
  std::uniform_real_distribution<double> within_{0, 0.9};
  std::array<ServerRows, 2> undisturbed_;
  std::array<steady_clock::duration, 2> whole_run_{};
  int in_the_middle_ = 0;
  int later_ = 0;
  std::size_t claimed_ = 0;
};

// A load of new products, beside which entries are claimed; and one of new prices. In turns.
TEST_P(KilledPrimary, LosesNothingThatWasAcknowledgedAndWritesNothingTwice) {
  run_undisturbed();
  const int rounds = kill_count(kRounds);
  for (int round = 0; round < rounds && !HasFailure(); ++round) {
    const std::size_t edition = round % 2 == 0 ? 0 : 1;
    const auto how = static_cast<ServerPair::End>(random_() % 4);
    const auto moment = whole_run_[edition] * within_(random_);
    SCOPED_TRACE(fmt::format("seed {}, round {}, the primary ended as {} after {} us", GetParam(), round,
                             static_cast<int>(how),
                             std::chrono::duration_cast<std::chrono::microseconds>(moment).count()));
    const ServerStand stand(pair_->address());
    if (edition == 1) load(stand, kPrices[0]);
    Process upsert = start_upsert(stand, kPrices[edition], random_() % 4 != 0 ? "60s" : "1ms");
    std::optional<Claimer> claimer;
    if (edition == 0) claimer.emplace(stand);
    std::this_thread::sleep_for(moment);
    const int seen = written(stand, kPrices[edition]);
    if (upsert.running() && seen > 0 && seen < kRows) ++in_the_middle_;
    pair_->end_primary(how);
    pair_->promote();

    EXPECT_GE(written(stand, kPrices[edition]), seen) << "what others saw is lost";
    complete(upsert, stand, kPrices[edition]);
    EXPECT_EQ(stand.value("SELECT count(*) FROM products"), std::to_string(kRows));
    EXPECT_EQ(outcome(stand), undisturbed_[edition]);
    if (claimer) expect_held(stand, claimer->end());
    (void)stand.query(fmt::format("DROP SCHEMA {} CASCADE", stand.schema()));
    pair_->add_standby();
  }
  EXPECT_GT(in_the_middle_, 0) << "no moment fell between the first commit and the last";
  EXPECT_GT(claimed_, 0U);
  fmt::print("{} primaries ended: {} in the middle of a load, {} runs ended as 75, {} claims acknowledged\n", rounds,
             in_the_middle_, later_, claimed_);
}

INSTANTIATE_TEST_SUITE_P(Seeds, KilledPrimary, ::testing::ValuesIn(kill_seeds({21})));

}  // namespace
}  // namespace pipeline::test
