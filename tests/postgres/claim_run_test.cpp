#include "server_run_test.h"
#include "support/sync_stand.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

// Who gets what, when processes on a server ask at once.
namespace pipeline::test {
namespace {

using nlohmann::json;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ClaimServerRun : public ServerRunTest {
 protected:
  [[nodiscard]] std::vector<std::string> claimed(const std::string& worker, const std::string& limit,
                                                 const std::string& lease = "15m") {
    std::vector<std::string> skus;
    for (const auto& entry : stand().json({"queue", "claim", "--worker", worker, "--limit", limit, "--lease", lease}))
      skus.push_back(entry["sku"]);
    return skus;
  }
  [[nodiscard]] std::string count(const std::string& condition) {
    return stand().value("SELECT count(*) FROM refresh_queue WHERE " + condition);
  }
};

TEST_F(ClaimServerRun, EightProcessesGetEachEntryOnce) {
  constexpr int kWorkers = 8;
  constexpr int kEntries = 240;
  ASSERT_EQ(stand().upsert(ServerStand::products(kEntries, 1'000)).exit_code, 0);
  std::vector<std::unique_ptr<Process>> workers;
  for (int worker = 0; worker < kWorkers; ++worker)
    workers.push_back(std::make_unique<Process>(
        std::vector<std::string>{"/bin/sh", "-c",
                                 fmt::format("while :; do out=$('{}' queue claim --worker {} "
                                             "--limit 5 --json) || exit; "
                                             "[ \"$out\" != '[]' ] || exit 0; echo \"$out\"; done",
                                             pipeline_binary(), worker)},
        stand().environment, stand().folder().path()));
  std::vector<int> skus;
  for (auto& worker : workers) {
    const Outcome outcome = worker->wait();
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(outcome.err, "");
    std::istringstream arrays(outcome.out);
    for (json array; arrays >> std::ws && !arrays.eof() && arrays >> array;)
      for (const auto& entry : array) skus.push_back(std::stoi(entry["sku"].get<std::string>()));
  }
  std::ranges::sort(skus);
  ASSERT_THAT(skus, SizeIs(kEntries));
  EXPECT_EQ(std::ranges::adjacent_find(skus), skus.end());
  EXPECT_EQ(count("status = 'CLAIMED' AND attempts = 1"), std::to_string(kEntries));
}

TEST_F(ClaimServerRun, WhatADeadWorkerHeldComesBackWhenItsLeaseIsOver) {
  ASSERT_EQ(stand().upsert(ServerStand::products(3, 1'000)).exit_code, 0);
  EXPECT_THAT(claimed("gone", "2", "1ms"), SizeIs(2));
  EXPECT_THAT(claimed("next", "9"), SizeIs(3));
  EXPECT_THAT(claimed("late", "9"), IsEmpty());
  EXPECT_EQ(count("claimed_by = 'next'"), "3");
  EXPECT_EQ(count("attempts = 2"), "2");
}

TEST_F(ClaimServerRun, OneThatIsKilledOnItsWayTakesNothingOrAll) {
  ASSERT_EQ(stand().upsert(ServerStand::products(100, 1'000)).exit_code, 0);
  for (int round = 0; round < 12; ++round) {
    Process claim = stand().start({"queue", "claim", "--worker", "gone", "--limit", "5", "--lease", "1h"});
    ::usleep(static_cast<useconds_t>(round * 2'000));
    claim.signal(SIGKILL);
    (void)claim.wait();
    EXPECT_EQ(std::stoi(count("status = 'CLAIMED'")) % 5, 0);
  }
}

}  // namespace
}  // namespace pipeline::test
