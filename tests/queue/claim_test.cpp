#include "queue_stand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <map>
#include <memory>
#include <numeric>
#include <sstream>
#include <thread>

// Who gets what, when several ask.
namespace pipeline::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class QueueClaim : public ::testing::Test {
 protected:
  // Ten processes that each claim twenty times, all at once; the ids each of them got, in one list.
  std::vector<int> claim_from_ten_processes(int limit) const {
    std::vector<std::unique_ptr<Process>> workers;
    for (int worker = 0; worker < 10; ++worker) {
      workers.push_back(std::make_unique<Process>(
          std::vector<std::string>{
              "/bin/sh", "-c",
              fmt::format("for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do\n"
                          "  '{}' queue claim --db '{}' --worker worker-{} --limit {} --json || exit $?\ndone",
                          pipeline_binary(), stand.db().string(), worker, limit)},
          stand.environment, stand.folder().path()));
    }
    std::vector<int> ids;
    for (auto& worker : workers) {
      const Outcome outcome = worker->wait();
      EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
      EXPECT_EQ(outcome.err, "");
      std::istringstream arrays(outcome.out);
      for (nlohmann::json array; arrays >> std::ws && !arrays.eof() && arrays >> array;)
        for (const auto& entry : array) ids.push_back(entry.at("id").get<int>());
    }
    std::ranges::sort(ids);
    return ids;
  }
  static std::vector<int> up_to(int n) {
    std::vector<int> ids(static_cast<std::size_t>(n));
    std::iota(ids.begin(), ids.end(), 1);
    return ids;
  }

  QueueStand stand;
};

TEST_F(QueueClaim, WhoWaitsGetsWhatComesMeanwhile) {
  Process waiting = stand.start({"claim", "--json", "--worker", "blog", "--wait", "5m"});
  // It has the database open, and has had the time to find nothing: who does not wait has ended by now.
  for (int i = 0; i < 1'000 && !std::filesystem::exists(stand.db().string() + "-shm"); ++i)
    std::this_thread::sleep_for(5ms);
  std::this_thread::sleep_for(300ms);
  stand.fill(1);
  const Outcome outcome = waiting.wait();
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(QueueStand::ids_of(outcome.out), ElementsAre(1));
}

TEST_F(QueueClaim, AWaitInVainEndsWithNothing) {
  const Outcome outcome = stand.run({"claim", "--json", "--worker", "blog", "--wait", "50ms"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(QueueStand::ids_of(outcome.out), IsEmpty());
}

TEST_F(QueueClaim, TwoHundredClaimsFromTenProcessesAtOnceHandOutEachEntryOnce) {
  stand.fill(200);
  EXPECT_EQ(claim_from_ten_processes(1), up_to(200));
  EXPECT_EQ(stand.value("SELECT count(*) FROM refresh_queue WHERE status = 'CLAIMED' AND attempts = 1"), "200");
}

TEST_F(QueueClaim, SoDoClaimsOfSevenAtATime) {
  stand.fill(1000);
  EXPECT_EQ(claim_from_ten_processes(7), up_to(1000));
}

TEST_F(QueueClaim, AWorkerThatIsKilledLosesItsEntriesOnceTheLeaseHasRunOut) {
  stand.fill(3);
  // It holds its claims, and would for a minute.
  Process worker = stand.shell("$queue claim --worker gone --limit 2 --lease 1ms --json && exec sleep 60");
  while (stand.value("SELECT count(*) FROM refresh_queue WHERE status = 'CLAIMED'") != "2")
    ASSERT_TRUE(worker.running());
  worker.signal(SIGKILL);
  EXPECT_EQ(worker.wait().exit_code, 128 + SIGKILL);
  EXPECT_THAT(stand.claim("next", 2), ElementsAre(1, 2));
  EXPECT_THAT(stand.claim("third", 5), ElementsAre(3));
  EXPECT_THAT(stand.claim("fourth", 5), IsEmpty());
  EXPECT_EQ(stand.value("SELECT group_concat(claimed_by || ' ' || attempts) FROM refresh_queue"),
            "next 2,next 2,third 1");
}

TEST_F(QueueClaim, OneThatIsKilledOnItsWayTakesNothingOrAll) {
  stand.fill(500);
  for (int round = 0; round < 20; ++round) {
    Process claim = stand.start({"claim", "--worker", "gone", "--limit", "5", "--lease", "1h"});
    ::usleep(static_cast<useconds_t>(round * 500));
    claim.signal(SIGKILL);
    (void)claim.wait();
    EXPECT_EQ(std::stoi(stand.value("SELECT count(*) FROM refresh_queue WHERE status = 'CLAIMED'")) % 5, 0);
  }
  EXPECT_EQ(stand.value("PRAGMA integrity_check"), "ok");
}

TEST_F(QueueClaim, NothingToClaimIsNoFailure) {
  for (const auto& [format, text] : std::map<std::string, std::string>{
           {"json", "[]\n"},
           {"table", "no entries\n"},
           {"csv",
            "id,sku,reason,status,attempts,enqueued_at,claimed_at,claimed_by,lease_until,finished_at,error,"
            "changes,source\r\n"},
       }) {
    const Outcome outcome = stand.run({"claim", "--worker", "A", "--format", format});
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_EQ(outcome.out, text);
    EXPECT_EQ(outcome.err, "");
  }
}

TEST_F(QueueClaim, WhatIsClaimedIsToldWhole) {
  stand.fill(1);
  const auto json = nlohmann::json::parse(stand.run({"claim", "--worker", "일꾼", "--json"}).out);
  ASSERT_EQ(json.size(), 1U);
  const auto& entry = json[0];
  EXPECT_EQ(entry["sku"], "1");
  EXPECT_EQ(entry["reason"], "PRICE");
  EXPECT_EQ(entry["status"], "CLAIMED");
  EXPECT_EQ(entry["attempts"], 1);
  EXPECT_EQ(entry["claimed_by"], "일꾼");
  EXPECT_EQ(entry["changes"], nlohmann::json::parse(R"([{"field":"sale_price","old":1000,"new":1,"reason":"PRICE"}])"));
  EXPECT_GT(entry["lease_until"], entry["claimed_at"]);
  EXPECT_TRUE(entry["finished_at"].is_null());
}

TEST_F(QueueClaim, ItLeavesNoReportsAndNoRun) {
  stand.fill(1);
  stand.environment["PIPELINE_METRICS_DIR"] = (stand.folder() / "metrics").string();
  EXPECT_EQ(stand.run({"claim", "--worker", "A"}).exit_code, 0);
  EXPECT_EQ(stand.value("SELECT count(*) FROM runs"), "0");
  EXPECT_FALSE(std::filesystem::exists(stand.folder() / "metrics"));
}

}  // namespace
}  // namespace pipeline::test
